package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Message.Callee;

/** A session that this node opened with another one: numbers and seals requests, and knows their answers. */
public final class OutgoingSession {
    private final Callee callee;
    private final SessionKeys keys;
    private long sequence;

    OutgoingSession(Callee callee, SessionKeys keys) {
        this.callee = callee;
        this.keys = keys;
    }

    /** The callee's identity key, which it proved. */
    public Bytes key() {
        return callee.key();
    }

    /** The base address that the callee names as its own, signed with its key; may be empty. */
    public String address() {
        return callee.address();
    }

    /**
     * The next request as it travels.
     *
     * @param hash of the frame
     */
    public Envelope seal(Kind kind, Bytes frame, Hash hash) {
        sequence++;
        Bytes text = code(MessageCode.Direction.REQUEST, sequence, kind, hash);
        return new Envelope(callee.session(), sequence, kind.chain(), text, frame);
    }

    /**
     * Whether an answer is the callee's to that request and no other.
     *
     * @param hash of the answer's frame
     */
    public boolean proves(Envelope request, String verb, AnswerEnvelope answer, Hash hash) {
        Kind kind = new Kind(verb, request.chain());
        return SessionCrypto.same(code(MessageCode.Direction.ANSWER, request.sequence(), kind, hash), answer.code());
    }

    private Bytes code(MessageCode.Direction direction, long number, Kind kind, Hash frame) {
        Bytes key = direction == MessageCode.Direction.REQUEST ? keys.toCallee() : keys.toCaller();
        return SessionCrypto.mac(key, MessageCode.text(direction, callee.session(), number, kind, frame));
    }
}
