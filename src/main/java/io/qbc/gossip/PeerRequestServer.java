package io.qbc.gossip;

import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Failure;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.Handshake;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.LeapAnswer;
import io.qbc.protocol.message.Message.Welcome;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The server side of the peer protocol. A malformed frame is answered 400 and changes nothing. */
final class PeerRequestServer {
    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final PeerManager peerManager;
    private final Handshake handshake;
    private final ProtocolDriver driver;
    private final LeapForward leaps;
    private final Map<PeerMethod<?, ?>, Handler<?, ?>> handlers = new LinkedHashMap<>();

    PeerRequestServer(
            GossipContext gossipContext,
            LocalChains chains,
            PeerManager peerManager,
            Handshake handshake,
            ProtocolDriver driver,
            LeapForward leaps) {
        this.gossipContext = gossipContext;
        this.chains = chains;
        this.peerManager = peerManager;
        this.handshake = handshake;
        this.driver = driver;
        this.leaps = leaps;
    }

    /** Answers one method; with nothing if the chain that the request names is not followed here. */
    private interface Handler<Q extends Message, A extends Message> {
        Future<Optional<A>> answer(Q request);
    }

    /** Done at the first request: the methods bring all their codecs with them, and a start has no use for those. */
    private void handleAll() {
        handle(PeerMethod.HELLO, this::hello);
        handle(PeerMethod.SPEC, this::spec);
        handle(PeerMethod.LEAP, this::leap);
    }

    private <Q extends Message, A extends Message> void handle(PeerMethod<Q, A> method, Handler<Q, A> handler) {
        handlers.put(method, handler);
    }

    Future<PeerAnswer> answer(PeerCall call) {
        if (handlers.isEmpty()) {
            handleAll();
        }
        return PeerMethod.of(call.verb())
                .map(method -> answer(method, call))
                .orElseGet(() -> status(404))
                .recover(PeerRequestServer::failed);
    }

    private <Q extends Message, A extends Message> Future<PeerAnswer> answer(PeerMethod<Q, A> method, PeerCall call) {
        return gossipContext
                .decode(method.request(), call.body())
                .compose(decoded -> decoded.map(request -> answer(method, request, call.remote()))
                        .orElseGet(() -> status(400)));
    }

    private <Q extends Message, A extends Message> Future<PeerAnswer> answer(
            PeerMethod<Q, A> method, Q request, String caller) {
        return handler(method, caller)
                .answer(request)
                .compose(answered -> answered.map(answer ->
                                gossipContext.encode(method.answer(), answer).map(frame -> new PeerAnswer(200, frame)))
                        .orElseGet(() -> status(404)));
    }

    /** What is not answered here is answered by the state machines. */
    @SuppressWarnings("unchecked") // handle() puts in only handlers of their method's types
    private <Q extends Message, A extends Message> Handler<Q, A> handler(PeerMethod<Q, A> method, String caller) {
        return Optional.ofNullable((Handler<Q, A>) handlers.get(method))
                .orElseGet(() -> request -> driver.answer(method, request, caller));
    }

    private Future<Optional<Welcome>> hello(Hello hello) {
        Welcome welcome = handshake
                .answer(hello, driver.status(hello.known()))
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "the caller did not sign its challenge"));
        if (!hello.address().isEmpty()) {
            peerManager.addressLearned(hello.address(), hello.key());
        }
        return Future.succeededFuture(Optional.of(welcome));
    }

    private Future<Optional<Document>> spec(About about) {
        return Future.succeededFuture(chains.spec(about.chain()).map(spec -> new Document(spec.document())));
    }

    private Future<Optional<LeapAnswer>> leap(AskLeap ask) {
        return chains.has(ask.chain()) ? leaps.answer(ask).map(Optional::of) : Future.succeededFuture(Optional.empty());
    }

    private static Future<PeerAnswer> status(int status) {
        return Future.succeededFuture(new PeerAnswer(status, Bytes.EMPTY));
    }

    private static Future<PeerAnswer> failed(Throwable cause) {
        Reason reason = Failure.of(cause).reason();
        return switch (reason) {
            case INTERNAL -> Future.failedFuture(cause);
            case REQUEST_INVALID -> status(400);
            case CHAIN_UNKNOWN -> status(404);
            default -> status(503);
        };
    }
}
