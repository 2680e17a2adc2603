package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A buffer for the body of an answer, which takes no more than its limit however small the pieces are. What arrived
 * counts in the budget of all answers, and not what its sender says will come.
 */
final class BoundedBody {
    private final int bytesMax;
    private final AnswerBudget budget;
    private byte[] held = new byte[0];
    private int size;

    BoundedBody(int bytesMax, AnswerBudget budget) {
        this.bytesMax = bytesMax;
        this.budget = budget;
    }

    /** What became of a piece; nothing is taken of one that does not fit. */
    enum Taking {
        TAKEN,
        TOO_LONG,
        NO_BUDGET
    }

    Taking add(Buffer piece) {
        if (piece.length() > bytesMax - size) {
            return Taking.TOO_LONG;
        }
        int needed = size + piece.length();
        if (needed > held.length && !grow(needed)) {
            return Taking.NO_BUDGET;
        }
        piece.getBytes(held, size);
        size = needed;
        return Taking.TAKEN;
    }

    /** Makes room; most answers come in one piece, and need no more room than that. */
    private boolean grow(int needed) {
        int room = (int) Math.min(bytesMax, Math.max(needed, 2L * held.length));
        if (!budget.take(room - held.length)) {
            return false;
        }
        held = Arrays.copyOf(held, room);
        return true;
    }

    int size() {
        return size;
    }

    /** All that came. */
    Bytes bytes() {
        return Bytes.wrap(held, 0, size);
    }

    /** Gives back what it has of the budget; it takes no more. */
    void release() {
        budget.release(held.length);
        held = new byte[0];
        size = 0;
    }
}
