package io.qbc.http.routes;

import io.qbc.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/** A reader that cuts what comes in into lines, whatever the pieces are in which it comes. */
final class BatchReader {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private final int lineMax;
    private final Consumer<Line> lines;
    /** The beginning of a line whose end has not come yet, and how much of the array it is. */
    private byte[] rest = {};

    private int restSize;
    /** What was offered last, and up to where it was read. */
    private byte[] bytes = {};

    private int from;
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

    /** Takes more bytes, once all lines of those before are read. */
    void offer(Buffer chunk) {
        bytes = chunk.getBytes();
        from = 0;
    }

    /** Reads so many lines of what was offered; false if no other line ends in it. */
    boolean read(int linesMax) {
        for (int read = 0; read < linesMax; read++) {
            int end = lineEnd(bytes, from);
            if (end == bytes.length) {
                keep();
                return false;
            }
            line(restSize == 0 ? Bytes.wrap(bytes, from, end - from) : joined(bytes, from, end));
            from = end + 1;
        }
        return true;
    }

    /** The last line need not end with a line break. */
    void end() {
        if (restSize > 0 || skipping) {
            line(joined(bytes, bytes.length, bytes.length));
        }
    }

    /** Bytes that were not read, or are kept as their line has not ended yet. */
    int kept() {
        return rest.length + bytes.length - from;
    }

    /** Where the next line break is, or the end; eight bytes at a time. */
    private static int lineEnd(byte[] bytes, int from) {
        int i = from;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
            long word = (long) WORD.get(bytes, i) ^ ONES * '\n';
            // The lowest of these bits is exact, as a borrow only runs towards higher bytes.
            long zero = word - ONES & ~word & HIGHS;
            if (zero != 0) {
                return i + (Long.numberOfTrailingZeros(zero) >>> 3);
            }
        }
        while (i < bytes.length && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    private void line(Bytes text) {
        boolean whole = !skipping && text.size() <= lineMax;
        skipping = false;
        number++;
        lines.accept(new Line(number, whole ? text : Bytes.EMPTY, whole));
    }

    private void keep() {
        int more = bytes.length - from;
        int begin = from;
        from = bytes.length;
        skipping |= (long) restSize + more > lineMax;
        if (skipping) {
            rest = new byte[0];
            restSize = 0;
            return;
        }
        if (restSize + more > rest.length) {
            // Twice as much each time, as a line may come in many small pieces.
            rest = Arrays.copyOf(rest, (int) Math.max(restSize + more, Math.min(lineMax, 2L * rest.length)));
        }
        System.arraycopy(bytes, begin, rest, restSize, more);
        restSize += more;
    }

    /** What was kept with more bytes; nothing is kept any more. */
    private Bytes joined(byte[] more, int begin, int end) {
        byte[] all = Arrays.copyOf(rest, restSize + end - begin);
        System.arraycopy(more, begin, all, restSize, end - begin);
        rest = new byte[0];
        restSize = 0;
        return Bytes.wrap(all);
    }
}
