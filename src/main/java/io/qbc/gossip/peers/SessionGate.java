package io.qbc.gossip.peers;

import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Catalogue.RefusedCaller;
import io.qbc.model.Bytes;
import io.qbc.protocol.message.FrameCodec;
import io.qbc.protocol.message.FrameCodecs;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Refused;
import io.qbc.protocol.message.NetworkLabel;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.session.Envelope;
import io.qbc.protocol.session.IncomingSession;
import io.qbc.protocol.session.IncomingSession.Admission;
import io.qbc.protocol.session.IncomingSession.Admitted;
import io.qbc.protocol.session.ProvedFrame;
import io.qbc.protocol.session.SessionFault;
import io.qbc.protocol.session.SessionServer;
import io.qbc.protocol.session.SessionServer.Begun;
import io.qbc.protocol.session.SessionServer.Opened;
import io.qbc.protocol.session.SessionServer.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A gate before all requests of other nodes: lets them make sessions, and nothing through that is not proved in one.
 * What is not let through is not decoded.
 */
public final class SessionGate {
    private static final String OLD =
            "this node speaks version %d of the peers' protocol, and its caller another one; update the older one\n";

    private final GossipContext gossipContext;
    private final SessionServer sessions;
    private final SessionCounts counts;
    private final IdentityWatch identities;
    private final Consumer<IncomingSession> met;
    private final PeerConduct conduct;
    private final HandshakeRefusals refusals = new HandshakeRefusals();
    private long read;
    private long unread;

    /** @param met is told of each session that was opened */
    public SessionGate(
            GossipContext gossipContext,
            PeerSessions outgoing,
            SessionCounts counts,
            Consumer<IncomingSession> met,
            PeerConduct conduct) {
        this.gossipContext = gossipContext;
        this.conduct = conduct;
        this.counts = counts;
        this.met = met;
        identities = outgoing.identities();
        sessions = new SessionServer(
                gossipContext.node(),
                new SessionServer.Bounds(
                        gossipContext.config().network().sessions(),
                        gossipContext.config().network().sessionAge().toMillis(),
                        gossipContext.config().network().handshakes()),
                new SessionRandom()::bytes);
    }

    /** What becomes of a request. */
    public sealed interface Passage {}

    /** It was proved, and may be read. */
    public record Passed(ProvedFrame proved) implements Passage {}

    /** It has its answer. */
    public record Answered(PeerAnswer answer) implements Passage {}

    /** Lets a request through, or answers it. */
    public Future<Passage> enter(PeerMethod<?, ?> method, PeerCall call) {
        Bytes body = call.body();
        if (!body.isEmpty() && body.array()[body.offset()] != FrameCodec.VERSION) {
            note(SessionFault.VERSION_DIFFERS, call, Optional.empty());
            return answered(new PeerAnswer(
                    SessionFault.VERSION_DIFFERS.status(), Bytes.utf8(OLD.formatted(FrameCodec.VERSION))));
        }
        return method.isHandshake() ? answered(greet(method, call)) : prove(method, call);
    }

    /** How many sessions others have with this node. */
    public int count() {
        return sessions.sessions();
    }

    /** Requests that were proved, and read. */
    public long read() {
        return read;
    }

    /** Requests that were not. */
    public long unread() {
        return unread;
    }

    /** The callers of late whose handshakes were refused. */
    public List<RefusedCaller> refused() {
        return refusals.of(gossipContext.now());
    }

    private PeerAnswer greet(PeerMethod<?, ?> method, PeerCall call) {
        if (call.body().size() > gossipContext.bytesMax(method.request())) {
            return malformed();
        }
        Optional<Outcome> outcome = method == PeerMethod.HELLO
                ? PeerMethod.HELLO
                        .request()
                        .codec()
                        .decode(call.body())
                        .map(hello -> sessions.hello(hello, Sources.of(call.remote()), gossipContext.now()))
                : PeerMethod.PROVE
                        .request()
                        .codec()
                        .decode(call.body())
                        .map(prove -> sessions.prove(prove, gossipContext.now()));
        return outcome.map(each -> answer(each, call)).orElseGet(SessionGate::malformed);
    }

    private PeerAnswer answer(Outcome outcome, PeerCall call) {
        if (outcome instanceof Begun begun) {
            return new PeerAnswer(200, PeerMethod.HELLO.answer().codec().encode(begun.welcome()));
        }
        if (outcome instanceof Opened opened) {
            counts.accepted();
            opened(opened.session());
            return new PeerAnswer(200, PeerMethod.PROVE.answer().codec().encode(opened.ready()));
        }
        SessionServer.Refused refused = (SessionServer.Refused) outcome;
        if (refused.fault() == SessionFault.RATIONED) {
            counts.rationed();
        } else {
            counts.refused();
            if (refused.fault() == SessionFault.KEY_UNPROVED) {
                conduct.report(call.remote(), Misbehaviour.INVALID_SIGNATURE);
            }
            refused.hello().ifPresent(hello -> note(refused.fault(), call, refused.hello()));
        }
        return refusal(refused.fault());
    }

    private void opened(IncomingSession session) {
        if (session.key().equals(gossipContext.identity().key())) {
            identities.called(session.nonce(), session.address(), gossipContext.now());
        }
        met.accept(session);
    }

    private Future<Passage> prove(PeerMethod<?, ?> method, PeerCall call) {
        Optional<Envelope> sent = Envelope.of(call.body());
        if (sent.isEmpty()) {
            unread++;
            return answered(malformed());
        }
        Envelope envelope = sent.get();
        Optional<IncomingSession> session = sessions.find(envelope.session(), gossipContext.now());
        if (session.isEmpty()) {
            unread++;
            return answered(refusal(SessionFault.SESSION_UNKNOWN));
        }
        return gossipContext.hash(envelope.frame()).map(hash -> {
            Admission admission = sessions.admit(session.get(), envelope, method.word(), hash);
            if (admission instanceof Admitted admitted) {
                return passed(method, admitted.proved());
            }
            unread++;
            return new Answered(refusal(((IncomingSession.Refused) admission).fault()));
        });
    }

    /** What a request was proved to be about is what its frame is about. */
    private Passage passed(PeerMethod<?, ?> method, ProvedFrame proved) {
        if (!method.chain(proved.frame()).equals(Optional.of(proved.kind().chain()))) {
            unread++;
            return new Answered(malformed());
        }
        read++;
        return new Passed(proved);
    }

    private void note(SessionFault fault, PeerCall call, Optional<Hello> hello) {
        NetworkLabel own = gossipContext.node().network().label();
        NetworkLabel theirs = hello.map(Hello::network).orElse(own);
        String address = hello.map(Hello::address).orElse("");
        refusals.note(call.remote(), address, fault, fault.found(own, theirs), gossipContext.now());
    }

    private PeerAnswer refusal(SessionFault fault) {
        Refused refused =
                new Refused(fault.code(), gossipContext.node().network().label());
        return new PeerAnswer(fault.status(), FrameCodecs.REFUSED.encode(refused));
    }

    private static PeerAnswer malformed() {
        return new PeerAnswer(400, Bytes.EMPTY);
    }

    private static Future<Passage> answered(PeerAnswer answer) {
        return Future.succeededFuture(new Answered(answer));
    }
}
