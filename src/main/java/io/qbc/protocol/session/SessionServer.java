package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.protocol.message.HandshakeSizes;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Ready;
import io.qbc.protocol.message.Message.Welcome;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The sessions that other nodes open with this one, and the handshakes that they begin: bounded in number, age and
 * rate. Times are milliseconds.
 */
public final class SessionServer {
    /** Handshakes that were begun and not ended. */
    static final int PENDING_MAX = 256;

    static final long PENDING_MILLIS = 60_000;
    /** A node needs one; it has another one for a while when it began anew. */
    static final int SESSIONS_OF_ONE_KEY = 4;

    private final Party self;
    private final Bounds bounds;
    private final IntFunction<Bytes> random;
    private final HandshakeRation ration;
    private final BoundedTable<Pending> pending;
    private final BoundedTable<IncomingSession> sessions;

    /**
     * The sessions of one node.
     *
     * @param random so many bytes that nobody can foresee
     */
    public SessionServer(Party self, Bounds bounds, IntFunction<Bytes> random) {
        this.self = self;
        this.bounds = bounds;
        this.random = random;
        ration = new HandshakeRation(bounds.handshakes());
        pending = new BoundedTable<>(PENDING_MAX, Pending::source);
        sessions = new BoundedTable<>(bounds.sessions(), IncomingSession::source);
    }

    /**
     * What callers may have.
     *
     * @param sessions sessions at once
     * @param ageMillis how long one lasts
     * @param handshakes handshakes a second of one source, 0 for any number
     */
    public record Bounds(int sessions, long ageMillis, int handshakes) {}

    /** What a message of a handshake comes to. */
    public sealed interface Outcome {}

    /** A handshake was begun; the message is what its caller is told. */
    public record Begun(Welcome welcome) implements Outcome {}

    /** Both nodes proved their keys; the message is what the caller is told. */
    public record Opened(IncomingSession session, Ready ready) implements Outcome {}

    /** There will be no session; {@code hello} is what the caller said of itself, unless nobody knows that any more. */
    public record Refused(SessionFault fault, Optional<Hello> hello) implements Outcome {}

    private record Pending(Hello hello, Hash transcript, SessionKeys keys, String source, long begunAt) {
        @Override
        public String toString() {
            return "a handshake from " + source;
        }
    }

    /** Answers the first message of a handshake; what that costs is rationed for each source. */
    public Outcome hello(Hello hello, String source, long now) {
        Optional<SessionFault> foreign = self.network().fault(hello.network(), hello.key());
        if (foreign.isPresent()) {
            return refused(foreign.get(), hello);
        }
        if (!ration.take(source, now)) {
            return refused(SessionFault.RATIONED, hello);
        }
        Bytes secret = random.apply(SessionCrypto.KEY_BYTES);
        Callee callee = new Callee(
                random.apply(HandshakeSizes.SESSION_BYTES),
                random.apply(HandshakeSizes.NONCE_BYTES),
                SessionCrypto.ephemeral(secret),
                self.identity().key(),
                self.address());
        Optional<Bytes> agreed = SessionCrypto.agree(secret, hello.ephemeral());
        if (agreed.isEmpty()) {
            return refused(SessionFault.KEY_UNPROVED, hello);
        }
        Hash transcript = Transcript.hash(hello, callee);
        SessionKeys keys = SessionKeys.derive(agreed.get(), self.network().secret(), transcript);
        pending.removeIf(each -> each.begunAt() < now - PENDING_MILLIS);
        pending.put(callee.session(), new Pending(hello, transcript, keys, source, now));
        Bytes signature = self.identity().sign(Transcript.calleeSigns(transcript));
        return new Begun(new Welcome(callee, signature, keys.calleeProves(transcript)));
    }

    /** Opens a session if its caller proves its key and the session's; a handshake ends with this, however it does. */
    public Outcome prove(Prove prove, long now) {
        Optional<Pending> begun =
                pending.remove(prove.session()).filter(each -> each.begunAt() >= now - PENDING_MILLIS);
        if (begun.isEmpty()) {
            return new Refused(SessionFault.SESSION_UNKNOWN, Optional.empty());
        }
        Pending each = begun.get();
        Hello hello = each.hello();
        if (!Ed25519.VERIFIER.verify(hello.key(), Transcript.callerSigns(each.transcript()), prove.signature())) {
            return new Refused(SessionFault.KEY_UNPROVED, Optional.of(hello));
        }
        if (!SessionCrypto.same(each.keys().callerProves(each.transcript()), prove.proof())) {
            return new Refused(self.network().otherKeys(), Optional.of(hello));
        }
        IncomingSession session = new IncomingSession(prove.session(), hello, each.source(), each.keys(), now);
        sessions.removeIf(old -> old.over(now - bounds.ageMillis()));
        sessions.put(prove.session(), session);
        sessions.keep(SESSIONS_OF_ONE_KEY, other -> other.key().equals(session.key()));
        return new Opened(session, new Ready(each.keys().ready(each.transcript())));
    }

    /** The session with this id, if it lasts. */
    public Optional<IncomingSession> find(Bytes id, long now) {
        Optional<IncomingSession> found = sessions.find(id);
        if (found.filter(session -> session.over(now - bounds.ageMillis())).isPresent()) {
            sessions.remove(id);
            return Optional.empty();
        }
        return found;
    }

    /** Takes a request of a session that was found, if it is proved and new. */
    public IncomingSession.Admission admit(IncomingSession session, Envelope envelope, String verb, Hash hash) {
        IncomingSession.Admission admission = session.admit(envelope, verb, hash);
        if (admission instanceof IncomingSession.Admitted) {
            sessions.touch(session.id(), session);
        }
        return admission;
    }

    /** How many sessions there are. */
    public int sessions() {
        return sessions.size();
    }

    /** How many handshakes were begun and not ended. */
    public int pending() {
        return pending.size();
    }

    private static Outcome refused(SessionFault fault, Hello hello) {
        return new Refused(fault, Optional.of(hello));
    }
}
