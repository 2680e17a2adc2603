package io.qbc.persistence.chain;

import io.qbc.model.LogRange;
import java.util.ArrayList;
import java.util.List;

/** Joins neighbouring sequence numbers to runs. */
public final class LogRanges {
    private LogRanges() {}

    /** The runs of these numbers, in the order given. */
    public static List<LogRange> of(long[] sequences) {
        List<LogRange> logRanges = new ArrayList<>();
        for (int i = 0; i < sequences.length; ) {
            int next = i + 1;
            while (next < sequences.length && sequences[next] == sequences[next - 1] + 1) {
                next++;
            }
            logRanges.add(new LogRange(sequences[i], next - i));
            i = next;
        }
        return logRanges;
    }

    /** The numbers in these runs. */
    public static long[] sequences(List<LogRange> logRanges) {
        long[] sequences = new long[count(logRanges)];
        int i = 0;
        for (LogRange logRange : logRanges) {
            for (long at = logRange.from(); at < logRange.end(); at++) {
                sequences[i++] = at;
            }
        }
        return sequences;
    }

    public static int count(List<LogRange> logRanges) {
        return logRanges.stream().mapToInt(LogRange::count).sum();
    }
}
