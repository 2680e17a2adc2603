package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A buffer for the body of an answer, which takes no more than its limit however small the pieces are. */
final class BoundedBody {
    private final int bytesMax;
    private byte[] held;
    private int size;

    /** @param stated how long the body will be by its sender's own words, at most {@code bytesMax}; 0 for unknown */
    BoundedBody(int bytesMax, int stated) {
        this.bytesMax = bytesMax;
        held = new byte[stated];
    }

    /** Takes the next piece; false, and nothing taken, if more came than the limit. */
    boolean add(Buffer piece) {
        if (piece.length() > bytesMax - size) {
            return false;
        }
        int needed = size + piece.length();
        if (needed > held.length) {
            held = Arrays.copyOf(held, (int) Math.min(bytesMax, 2L * needed));
        }
        piece.getBytes(held, size);
        size = needed;
        return true;
    }

    int size() {
        return size;
    }

    /** All that came. */
    Bytes bytes() {
        return Bytes.wrap(size == held.length ? held : Arrays.copyOf(held, size));
    }
}
