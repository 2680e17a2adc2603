package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Message.Hello;

/** A session that another node opened with this one: who it is, and which of its requests came already. */
public final class IncomingSession {
    /** More than any peer sends in the time that a session lasts. */
    private static final long REQUESTS_MAX = 1L << 32;

    private static final long BYTES_MAX = 1L << 40;

    private final Bytes id;
    private final Hello hello;
    private final String source;
    private final SessionKeys keys;
    private final long openedAt;
    private final ReplayWindow window = new ReplayWindow();
    private long requests;
    private long bytes;

    IncomingSession(Bytes id, Hello hello, String source, SessionKeys keys, long openedAt) {
        this.id = id;
        this.hello = hello;
        this.source = source;
        this.keys = keys;
        this.openedAt = openedAt;
    }

    /** What becomes of a request. */
    public sealed interface Admission {}

    /** It is proved, and may be read. */
    public record Admitted(ProvedFrame proved) implements Admission {}

    /** It is not read. */
    public record Refused(SessionFault fault) implements Admission {}

    Bytes id() {
        return id;
    }

    /** The caller's identity key, which it proved. */
    public Bytes key() {
        return hello.key();
    }

    /** The base address that the caller names as its own, signed with its key; empty if it cannot be called. */
    public String address() {
        return hello.address();
    }

    /** The nonce that the caller opened the session with. */
    public Bytes nonce() {
        return hello.nonce();
    }

    /** From where it was opened. */
    String source() {
        return source;
    }

    /** Whether it was opened before a time, or has carried as much as one session may. */
    boolean over(long before) {
        return openedAt < before || requests >= REQUESTS_MAX || bytes >= BYTES_MAX;
    }

    /**
     * Takes a request if it is proved and new.
     *
     * @param verb of the method that was called
     * @param hash of the envelope's frame
     */
    public Admission admit(Envelope envelope, String verb, Hash hash) {
        Kind kind = new Kind(verb, envelope.chain());
        Bytes expected = code(MessageCode.Direction.REQUEST, envelope.sequence(), kind, hash);
        if (!SessionCrypto.same(expected, envelope.code())) {
            return new Refused(SessionFault.MESSAGE_UNPROVED);
        }
        // Only who has the keys moves the window.
        if (!window.take(envelope.sequence())) {
            return new Refused(SessionFault.SEQUENCE_OLD);
        }
        requests++;
        bytes += envelope.frame().size();
        return new Admitted(new ProvedFrame(this, envelope.sequence(), kind, envelope.frame()));
    }

    Bytes code(MessageCode.Direction direction, long sequence, Kind kind, Hash frame) {
        Bytes key = direction == MessageCode.Direction.REQUEST ? keys.toCallee() : keys.toCaller();
        return SessionCrypto.mac(key, MessageCode.text(direction, id, sequence, kind, frame));
    }
}
