package io.qbc.gossip;

import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Failure;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.gossip.peers.SessionGate;
import io.qbc.gossip.peers.SessionGate.Answered;
import io.qbc.gossip.peers.SessionGate.Passed;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.protocol.message.FrameCodec;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.LeapAnswer;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.session.ProvedFrame;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The server side of the peer protocol: reads what its {@link SessionGate} lets through, and answers it. A malformed
 * frame is answered 400 and changes nothing.
 */
final class PeerRequestServer {
    private static final int MALFORMED = 400;
    private static final int BANNED = 403;

    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final PeerManager peerManager;
    private final PeerConduct conduct;
    private final SessionGate gate;
    private final ProtocolDriver driver;
    private final LeapForward leaps;
    private final GossipTraces traces;
    private final Map<PeerMethod<?, ?>, Handler<?, ?>> handlers = new LinkedHashMap<>();

    PeerRequestServer(
            GossipContext gossipContext,
            LocalChains chains,
            PeerManager peerManager,
            SessionGate gate,
            ProtocolDriver driver,
            LeapForward leaps) {
        this.gossipContext = gossipContext;
        this.chains = chains;
        this.peerManager = peerManager;
        conduct = peerManager.conduct();
        this.gate = gate;
        this.driver = driver;
        this.leaps = leaps;
        traces = new GossipTraces(gossipContext);
    }

    /** Answers one method; with nothing if the chain that the request names is not followed here. */
    private interface Handler<Q extends Message, A extends Message> {
        Future<Optional<A>> answer(Q request, TraceContext trace);
    }

    /** Done at the first request: the methods bring all their codecs with them, and a start has no use for those. */
    private void handleAll() {
        handle(PeerMethod.SPEC, (about, trace) -> spec(about));
        handle(PeerMethod.LEAP, (ask, trace) -> leap(ask));
    }

    private <Q extends Message, A extends Message> void handle(PeerMethod<Q, A> method, Handler<Q, A> handler) {
        handlers.put(method, handler);
    }

    Future<PeerAnswer> answer(PeerCall call) {
        if (handlers.isEmpty()) {
            handleAll();
        }
        return PeerMethod.of(call.verb())
                .map(method -> enter(method, call))
                .orElseGet(() -> status(404))
                .recover(PeerRequestServer::failed);
    }

    private Future<PeerAnswer> enter(PeerMethod<?, ?> method, PeerCall call) {
        return gate.enter(method, call)
                .compose(passage -> passage instanceof Passed passed
                        ? answer(method, passed.proved(), call)
                        : Future.succeededFuture(unproved(((Answered) passage).answer(), call)));
    }

    private PeerAnswer unproved(PeerAnswer answer, PeerCall call) {
        if (answer.status() == MALFORMED && FrameCodec.isOfThisVersion(call.body())) {
            conduct.report(call.remote(), Misbehaviour.MALFORMED_MESSAGE);
        }
        return answer;
    }

    private <Q extends Message, A extends Message> Future<PeerAnswer> answer(
            PeerMethod<Q, A> method, ProvedFrame proved, PeerCall call) {
        String caller = proved.session().key().hex();
        conduct.calls(caller, call.remote());
        if (!conduct.admits(caller)) {
            return status(BANNED);
        }
        if (method == PeerMethod.HEAD) {
            // The heartbeat of who can be called: it is up.
            peerManager.met(proved.session());
        }
        return gossipContext
                .decode(method.request(), proved.frame())
                .compose(decoded -> decoded.map(request -> answer(method, request, proved, call.trace()))
                        .orElseGet(() -> malformed(caller)));
    }

    private Future<PeerAnswer> malformed(String caller) {
        conduct.report(caller, Misbehaviour.MALFORMED_MESSAGE);
        return status(MALFORMED);
    }

    private <Q extends Message, A extends Message> Future<PeerAnswer> answer(
            PeerMethod<Q, A> method, Q request, ProvedFrame proved, TraceContext trace) {
        String caller = proved.session().key().hex();
        TraceSpan span = traces.receiving(trace, request, caller);
        return traces.ended(span, handler(method, caller).answer(request, span.context()))
                .compose(answered -> answered.map(answer -> gossipContext
                                .encode(method.answer(), answer)
                                .compose(frame -> gossipContext.seal(proved, frame))
                                .map(envelope -> new PeerAnswer(200, envelope)))
                        .orElseGet(() -> status(404)));
    }

    /** What is not answered here is answered by the state machines. */
    @SuppressWarnings("unchecked") // handle() puts in only handlers of their method's types
    private <Q extends Message, A extends Message> Handler<Q, A> handler(PeerMethod<Q, A> method, String caller) {
        return Optional.ofNullable((Handler<Q, A>) handlers.get(method))
                .orElseGet(() -> (request, trace) -> driver.answer(method, request, caller, trace));
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
            case REQUEST_INVALID -> status(MALFORMED);
            case CHAIN_UNKNOWN -> status(404);
            default -> status(503);
        };
    }
}
