package io.qbc.gossip;

import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Failure;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.Handshake;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.gossip.wire.Frame;
import io.qbc.gossip.wire.Verb;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Answers the calls of peers. A malformed frame is answered 400 and changes nothing. */
final class PeerRequestServer {
    private final GossipContext gossipContext;
    private final Heads heads;
    private final PeerManager peerManager;
    private final Handshake handshake;
    private final Talk talk;
    private final LeapForward leaps;

    PeerRequestServer(
            GossipContext gossipContext,
            Heads heads,
            PeerManager peerManager,
            Handshake handshake,
            Talk talk,
            LeapForward leaps) {
        this.gossipContext = gossipContext;
        this.heads = heads;
        this.peerManager = peerManager;
        this.handshake = handshake;
        this.talk = talk;
        this.leaps = leaps;
    }

    Future<PeerAnswer> answer(PeerCall call) {
        Bytes body = call.body();
        Future<PeerAnswer> answer = switch (call.verb()) {
            case Verb.HELLO -> read(Frame.hello(body), this::hello);
            case Verb.HEAD -> read(Frame.askStatus(body), asked -> said(PeerMethod.HEAD, asked));
            case Verb.IDS -> read(Frame.ids(body), ids -> said(PeerMethod.IDS, ids));
            case Verb.TRANSACTIONS -> readAway(() -> Frame.push(body), push -> said(PeerMethod.TRANSACTIONS, push));
            case Verb.QUANT -> readAway(() -> Frame.quant(body), quant -> said(PeerMethod.QUANT, quant));
            case Verb.SYNC -> read(Frame.follow(body), follow -> said(PeerMethod.SYNC, follow));
            case Verb.REST -> read(Frame.rest(body), rest -> said(PeerMethod.REST, rest));
            case Verb.FETCH -> read(Frame.ids(body), ids -> said(PeerMethod.FETCH, ids));
            case Verb.SPEC -> read(Frame.about(body), this::spec);
            case Verb.LEAP -> read(Frame.askLeap(body), this::leap);
            default -> status(404);
        };
        return answer.recover(PeerRequestServer::failed);
    }

    private Future<PeerAnswer> hello(Hello hello) {
        Optional<Message> welcome =
                handshake.answer(hello, talk.status(hello.known())).map(w -> w);
        if (welcome.isPresent() && !hello.address().isEmpty()) {
            peerManager.heard(hello.address(), hello.key());
        }
        return welcome.map(this::told).orElseGet(() -> status(400));
    }

    private Future<PeerAnswer> said(PeerMethod<?> peerMethod, Message message) {
        return talk.answer(peerMethod, message)
                .compose(answer -> answer.map(this::told).orElseGet(() -> status(404)));
    }

    private Future<PeerAnswer> spec(About about) {
        return heads.spec(about.chain())
                .map(spec -> told(new Document(spec.document())))
                .orElseGet(() -> status(404));
    }

    private Future<PeerAnswer> leap(AskLeap ask) {
        return heads.has(ask.chain()) ? leaps.answer(ask).compose(this::told) : status(404);
    }

    private static <T> Future<PeerAnswer> read(Optional<T> message, Function<T, Future<PeerAnswer>> act) {
        return message.map(act).orElseGet(() -> status(400));
    }

    /** Large messages are read off the event loop. */
    private <T> Future<PeerAnswer> readAway(Callable<Optional<T>> reading, Function<T, Future<PeerAnswer>> act) {
        return gossipContext.compute(reading).compose(message -> read(message, act));
    }

    private Future<PeerAnswer> told(Message message) {
        // Some megabytes are not to be written on the event loop.
        return message instanceof Range || message instanceof Supply
                ? gossipContext.compute(() -> written(message))
                : Future.succeededFuture(written(message));
    }

    private static PeerAnswer written(Message message) {
        return new PeerAnswer(200, Frame.write(message));
    }

    private static Future<PeerAnswer> status(int status) {
        return Future.succeededFuture(new PeerAnswer(status, Bytes.EMPTY));
    }

    private static Future<PeerAnswer> failed(Throwable cause) {
        Reason reason = Failure.of(cause).reason();
        if (reason == Reason.INTERNAL) {
            return Future.failedFuture(cause);
        }
        return status(reason == Reason.CHAIN_UNKNOWN ? 404 : 503);
    }
}
