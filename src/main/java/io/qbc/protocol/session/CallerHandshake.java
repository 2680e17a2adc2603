package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.NetworkMode;
import io.qbc.protocol.message.HandshakeSizes;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Ready;
import io.qbc.protocol.message.Message.Welcome;
import java.util.Optional;

/** One handshake at the node that calls. */
public final class CallerHandshake {
    /** In place of a proof that would tell something of a secret to who has another one. */
    private static final Bytes NO_PROOF = Bytes.wrap(new byte[HandshakeSizes.CODE_BYTES]);

    private final Party self;
    private final Bytes secret;
    private final Hello hello;

    /**
     * A handshake that begins.
     *
     * @param called the address that is called
     * @param nonce 32 bytes that nobody can foresee
     * @param secret 32 more, which nobody else knows
     */
    public CallerHandshake(Party self, String called, Bytes nonce, Bytes secret) {
        this.self = self;
        this.secret = secret;
        hello = new Hello(
                self.network().label(),
                nonce,
                SessionCrypto.ephemeral(secret),
                self.identity().key(),
                self.address(),
                called);
    }

    /** What the callee's first answer comes to. */
    public sealed interface Welcomed {}

    /**
     * The callee proved its key and the session's.
     *
     * @param prove what it is sent now
     * @param confirmation what it must answer
     */
    public record Proved(Prove prove, Confirmation confirmation) implements Welcomed {}

    /**
     * It did not, or is not of this network.
     *
     * @param prove what it may be sent all the same, so that it learns of the difference too
     */
    public record Unproved(SessionFault fault, Optional<Prove> prove) implements Welcomed {}

    /** The end of a handshake: the session, once the callee says that it is open. */
    public static final class Confirmation {
        private final Bytes expected;
        private final OutgoingSession session;

        private Confirmation(Bytes expected, OutgoingSession session) {
            this.expected = expected;
            this.session = session;
        }

        public Optional<OutgoingSession> session(Ready ready) {
            return SessionCrypto.same(expected, ready.proof()) ? Optional.of(session) : Optional.empty();
        }
    }

    public Hello hello() {
        return hello;
    }

    public Welcomed welcomed(Welcome welcome) {
        Callee callee = welcome.callee();
        Hash transcript = Transcript.hash(hello, callee);
        Optional<Bytes> agreed = SessionCrypto.agree(secret, callee.ephemeral());
        if (agreed.isEmpty()
                || !Ed25519.VERIFIER.verify(callee.key(), Transcript.calleeSigns(transcript), welcome.signature())) {
            return new Unproved(SessionFault.KEY_UNPROVED, Optional.empty());
        }
        if (!self.network().admits(callee.key())) {
            return new Unproved(SessionFault.KEY_NOT_LISTED, Optional.empty());
        }
        SessionKeys keys = SessionKeys.derive(agreed.get(), self.network().secret(), transcript);
        Bytes signature = self.identity().sign(Transcript.callerSigns(transcript));
        if (!SessionCrypto.same(keys.calleeProves(transcript), welcome.proof())) {
            boolean tell = self.network().label().mode() == NetworkMode.SECRET;
            Optional<Prove> prove =
                    tell ? Optional.of(new Prove(callee.session(), signature, NO_PROOF)) : Optional.empty();
            return new Unproved(self.network().otherKeys(), prove);
        }
        return new Proved(
                new Prove(callee.session(), signature, keys.callerProves(transcript)),
                new Confirmation(keys.ready(transcript), new OutgoingSession(callee, keys)));
    }
}
