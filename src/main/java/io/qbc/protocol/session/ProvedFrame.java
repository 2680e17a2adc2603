package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;

/**
 * The frame of a request whose sender proved that it is of its session, and of which nothing was read yet; only a
 * session makes one. The answer is sealed by it.
 */
public final class ProvedFrame {
    private final IncomingSession session;
    private final long sequence;
    private final Kind kind;
    private final Bytes frame;

    ProvedFrame(IncomingSession session, long sequence, Kind kind, Bytes frame) {
        this.session = session;
        this.sequence = sequence;
        this.kind = kind;
        this.frame = frame;
    }

    public IncomingSession session() {
        return session;
    }

    public Kind kind() {
        return kind;
    }

    public Bytes frame() {
        return frame;
    }

    /** The answer as it travels; on any thread. */
    public Bytes seal(Bytes answer) {
        Hash hash = Sha256.of(answer.array(), answer.offset(), answer.size());
        Bytes code = session.code(MessageCode.Direction.ANSWER, sequence, kind, hash);
        return new AnswerEnvelope(code, answer).bytes();
    }
}
