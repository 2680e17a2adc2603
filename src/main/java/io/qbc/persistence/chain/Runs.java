package io.qbc.persistence.chain;

import io.qbc.model.Run;
import java.util.ArrayList;
import java.util.List;

/** Joins neighbouring sequence numbers to runs. */
public final class Runs {
    private Runs() {}

    /** The runs of these numbers, in the order given. */
    public static List<Run> of(long[] sequences) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < sequences.length; ) {
            int next = i + 1;
            while (next < sequences.length && sequences[next] == sequences[next - 1] + 1) {
                next++;
            }
            runs.add(new Run(sequences[i], next - i));
            i = next;
        }
        return runs;
    }

    /** The numbers in these runs. */
    public static long[] sequences(List<Run> runs) {
        long[] sequences = new long[count(runs)];
        int i = 0;
        for (Run run : runs) {
            for (long at = run.from(); at < run.end(); at++) {
                sequences[i++] = at;
            }
        }
        return sequences;
    }

    public static int count(List<Run> runs) {
        return runs.stream().mapToInt(Run::count).sum();
    }
}
