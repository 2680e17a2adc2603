package io.qbc.eventbus.bridge;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** A reader of frames: four bytes of length, the highest first, and so many bytes of text. */
final class TcpFrames {
    static final int LENGTH_BYTES = 4;

    private final int most;
    private Buffer unread = Buffer.buffer();

    /** @param most bytes that a frame may have */
    TcpFrames(int most) {
        this.most = most;
    }

    /** Takes bytes as they come. */
    void add(Buffer bytes) {
        unread.appendBuffer(bytes);
    }

    /** How many bytes wait for the rest of their frame. */
    int held() {
        return unread.length();
    }

    /** Whether the frame that comes now is none, or too long: nothing behind it can be read. */
    boolean isBroken() {
        return unread.length() >= LENGTH_BYTES && (unread.getInt(0) <= 0 || unread.getInt(0) > most);
    }

    /** The text of the next frame, if it is whole. */
    Optional<String> next() {
        if (unread.length() < LENGTH_BYTES || isBroken()) {
            return Optional.empty();
        }
        int end = LENGTH_BYTES + unread.getInt(0);
        if (unread.length() < end) {
            return Optional.empty();
        }
        String text = unread.getString(LENGTH_BYTES, end);
        unread = unread.getBuffer(end, unread.length());
        return Optional.of(text);
    }

    /** A text as a frame. */
    static Buffer frame(String text) {
        Buffer bytes = Buffer.buffer(text);
        return Buffer.buffer(LENGTH_BYTES + bytes.length())
                .appendInt(bytes.length())
                .appendBuffer(bytes);
    }
}
