package io.qbc.schema.regex;

import java.util.List;

/** What a regular expression says, as {@link PatternReader} has read it. */
sealed interface PatternTree {
    /** The most that a repetition without an upper bound counts to. */
    int ENDLESS = Integer.MAX_VALUE;

    /** One character out of a set, given as first and last code points of ranges in turn. */
    record Chars(List<Integer> ranges) implements PatternTree {
        public Chars {
            ranges = List.copyOf(ranges);
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
