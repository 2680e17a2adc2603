package io.qbc.schema.regex;

import java.util.Arrays;
import java.util.List;

/** What a regular expression says, as {@link PatternReader} has read it. */
sealed interface PatternTree {
    /** The most that a repetition without an upper bound counts to. */
    int ENDLESS = Integer.MAX_VALUE;

    /** One character out of a set. */
    final class Chars implements PatternTree {
        private final int[] ranges;

        /** @param ranges first and last code points in turn, in order and apart from each other */
        Chars(List<Integer> ranges) {
            this.ranges = ranges.stream().mapToInt(i -> i).toArray();
        }

        /** Halves the ranges, so that a large set costs hardly more than a small one. */
        boolean has(int c) {
            int from = 0;
            int end = ranges.length / 2;
            while (from < end) {
                int middle = (from + end) >>> 1;
                if (ranges[2 * middle + 1] < c) {
                    from = middle + 1;
                } else {
                    end = middle;
                }
            }
            return from < ranges.length / 2 && ranges[2 * from] <= c;
        }

        List<Integer> ranges() {
            return Arrays.stream(ranges).boxed().toList();
        }
    }

    /** A place and not a character: {@code ^}, {@code $}, {@code b} or {@code B}. */
    record Place(char kind) implements PatternTree {}

    /** One after the other. */
    record Row(List<PatternTree> parts) implements PatternTree {
        public Row {
            parts = List.copyOf(parts);
        }
    }

    /** One of several. */
    record Choice(List<PatternTree> parts) implements PatternTree {
        public Choice {
            parts = List.copyOf(parts);
        }
    }

    /** The same again, {@code least} to {@code most} times. */
    record Repeat(PatternTree part, int least, int most) implements PatternTree {}
}
