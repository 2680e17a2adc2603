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
        byte[] bytes = chunk.getBytes();
        int from = 0;
        int end = lineEnd(bytes, 0);
        if (end < bytes.length) {
            line(restSize == 0 ? Bytes.wrap(bytes, 0, end) : joined(bytes, end));
            for (from = end + 1; (end = lineEnd(bytes, from)) < bytes.length; from = end + 1) {
                line(Bytes.wrap(bytes, from, end - from));
            }
        }
        keep(bytes, from);
    }

    /** The last line need not end with a line break. */
    void end() {
        if (restSize > 0 || skipping) {
            line(joined(rest, 0));
        }
    }

    /** Bytes that are kept as their line has not ended yet. */
    int kept() {
        return rest.length;
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

    private void keep(byte[] bytes, int from) {
        int more = bytes.length - from;
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
        System.arraycopy(bytes, from, rest, restSize, more);
        restSize += more;
    }

    /** What was kept with the first bytes of these; nothing is kept any more. */
    private Bytes joined(byte[] bytes, int end) {
        byte[] all = Arrays.copyOf(rest, restSize + end);
        System.arraycopy(bytes, 0, all, restSize, end);
        rest = new byte[0];
        restSize = 0;
        return Bytes.wrap(all);
    }
}
