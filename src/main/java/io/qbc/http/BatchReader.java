package io.qbc.http;

import io.qbc.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Cuts what comes in into lines, whatever the pieces are in which it comes. */
final class BatchReader {
    private final int lineMax;
    private final Consumer<Line> lines;
    private Buffer rest = Buffer.buffer();
    private boolean skipping;
    private int number;

    /** One line and its number, from 1 on; {@code whole} is false for one that is too long to be kept. */
    record Line(int number, Bytes text, boolean whole) {
        boolean isBlank() {
            for (int i = 0; i < text.size(); i++) {
                if (text.array()[text.offset() + i] > ' ' || text.array()[text.offset() + i] < 0) {
                    return false;
                }
            }
            return whole;
        }
    }

    BatchReader(int lineMax, Consumer<Line> lines) {
        this.lineMax = lineMax;
        this.lines = lines;
    }

    void chunk(Buffer chunk) {
        byte[] bytes =
                rest.length() == 0 ? chunk.getBytes() : rest.appendBuffer(chunk).getBytes();
        int from = 0;
        for (int i = rest.length() == 0 ? 0 : bytes.length - chunk.length(); i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line(Bytes.wrap(bytes, from, i - from));
                from = i + 1;
            }
        }
        keep(bytes, from);
    }

    /** The last line need not end with a line break. */
    void end() {
        if (rest.length() > 0 || skipping) {
            line(Bytes.wrap(rest.getBytes()));
        }
    }

    private void line(Bytes text) {
        boolean whole = !skipping && text.size() <= lineMax;
        skipping = false;
        number++;
        lines.accept(new Line(number, whole ? text : Bytes.EMPTY, whole));
    }

    private void keep(byte[] bytes, int from) {
        int left = bytes.length - from;
        skipping |= left > lineMax;
        rest = skipping ? Buffer.buffer() : Buffer.buffer(left).appendBytes(bytes, from, left);
    }
}
