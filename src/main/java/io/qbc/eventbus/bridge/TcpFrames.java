package io.qbc.eventbus.bridge;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** A reader of frames: four bytes of length, the highest first, and so many bytes of text. */
final class TcpFrames {
    static final int LENGTH_BYTES = 4;

    private final int most;
    private Buffer unread = Buffer.buffer();
    /** Where the next frame begins; what is before it is let go of when more comes. */
    private int at;

    /** @param most bytes that a frame may have */
    TcpFrames(int most) {
        this.most = most;
    }

    /** Takes bytes as they come. */
    void add(Buffer bytes) {
        if (at > 0) {
            unread = unread.getBuffer(at, unread.length());
            at = 0;
        }
        unread.appendBuffer(bytes);
    }

    /** How many bytes wait for the rest of their frame. */
    int held() {
        return unread.length() - at;
    }

    /** Whether the frame that comes now is none, or too long: nothing behind it can be read. */
    boolean isBroken() {
        return held() >= LENGTH_BYTES && (unread.getInt(at) <= 0 || unread.getInt(at) > most);
    }

    /** The text of the next frame, if it is whole. */
    Optional<String> next() {
        if (held() < LENGTH_BYTES || isBroken()) {
            return Optional.empty();
        }
        int begin = at + LENGTH_BYTES;
        int end = begin + unread.getInt(at);
        if (unread.length() < end) {
            return Optional.empty();
        }
        at = end;
        return Optional.of(unread.getString(begin, end));
    }

    /** A text as a frame. */
    static Buffer frame(Buffer text) {
        return Buffer.buffer(LENGTH_BYTES + text.length())
                .appendInt(text.length())
                .appendBuffer(text);
    }
}
