package io.qbc.gossip;

import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Failure;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.Greeter;
import io.qbc.gossip.peers.Neighbours;
import io.qbc.gossip.peers.Setting;
import io.qbc.gossip.wire.Frame;
import io.qbc.gossip.wire.Verb;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Supply;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Answers the calls of peers. A malformed frame is answered 400 and changes nothing. */
final class PeerDoor {
    private final Setting setting;
    private final Heads heads;
    private final Neighbours neighbours;
    private final Greeter greeter;
    private final Talk talk;
    private final LeapForward leaps;

    PeerDoor(Setting setting, Heads heads, Neighbours neighbours, Greeter greeter, Talk talk, LeapForward leaps) {
        this.setting = setting;
        this.heads = heads;
        this.neighbours = neighbours;
        this.greeter = greeter;
        this.talk = talk;
        this.leaps = leaps;
    }

    Future<PeerAnswer> answer(PeerCall call) {
        Bytes body = call.body();
        Future<PeerAnswer> answer = switch (call.verb()) {
            case Verb.HELLO -> read(Frame.hello(body), this::hello);
            case Verb.HEAD -> read(Frame.askStatus(body), asked -> said(Errand.HEAD, asked));
            case Verb.IDS -> read(Frame.ids(body), ids -> said(Errand.IDS, ids));
            case Verb.TRANSACTIONS -> readAway(() -> Frame.push(body), push -> said(Errand.TRANSACTIONS, push));
            case Verb.QUANT -> readAway(() -> Frame.quant(body), quant -> said(Errand.QUANT, quant));
            case Verb.SYNC -> read(Frame.follow(body), follow -> said(Errand.SYNC, follow));
            case Verb.REST -> read(Frame.rest(body), rest -> said(Errand.REST, rest));
            case Verb.FETCH -> read(Frame.ids(body), ids -> said(Errand.FETCH, ids));
            case Verb.SPEC -> read(Frame.about(body), this::spec);
            case Verb.LEAP -> read(Frame.askLeap(body), this::leap);
            default -> status(404);
        };
        return answer.recover(PeerDoor::failed);
    }

    private Future<PeerAnswer> hello(Hello hello) {
        Optional<Message> welcome =
                greeter.answer(hello, talk.status(hello.known())).map(w -> w);
        if (welcome.isPresent() && !hello.address().isEmpty()) {
            neighbours.heard(hello.address(), hello.key());
        }
        return welcome.map(this::told).orElseGet(() -> status(400));
    }

    private Future<PeerAnswer> said(Errand<?> errand, Message message) {
        return talk.answer(errand, message)
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
        return setting.compute(reading).compose(message -> read(message, act));
    }

    private Future<PeerAnswer> told(Message message) {
        // Some megabytes are not to be written on the event loop.
        return message instanceof Range || message instanceof Supply
                ? setting.compute(() -> written(message))
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
