package io.qbc.schema.regex;

import io.qbc.schema.regex.PatternTree.Chars;
import io.qbc.schema.regex.PatternTree.Choice;
import io.qbc.schema.regex.PatternTree.Place;
import io.qbc.schema.regex.PatternTree.Repeat;
import io.qbc.schema.regex.PatternTree.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A regular expression that is matched without backtracking: all ways are followed at once, so that a text costs at
 * most its length times the pattern's size (Thompson's construction). The same on every node, whatever its Java does.
 */
public final class LinearPattern {
    private static final int STEPS_MAX = 2000;
    private static final int CHARS = 0;
    private static final int FORK = 1;
    private static final int PLACE = 2;
    private static final int FOUND = 3;

    private final List<Step> made = new ArrayList<>();
    private final Step[] steps;

    /** One step: a set of characters, a fork to two others, or the mark of a place; it goes on at {@code next}. */
    private static final class Step {
        final int kind;
        final int[] ranges;
        final char mark;
        int next;
        int other;

        Step(int kind, int[] ranges, char mark) {
            this.kind = kind;
            this.ranges = ranges;
            this.mark = mark;
        }

        boolean has(int c) {
            for (int i = 0; i < ranges.length; i += 2) {
                if (ranges[i] <= c && c <= ranges[i + 1]) {
                    return true;
                }
            }
            return false;
        }
    }

    private LinearPattern(PatternTree tree) {
        add(tree);
        step(FOUND, List.of(), ' ');
        steps = made.toArray(Step[]::new);
    }

    /** Why a pattern cannot be taken; nothing if it can. */
    public static Optional<String> fault(String pattern) {
        try {
            return of(pattern).steps.length > 0 ? Optional.empty() : Optional.of("is empty");
        } catch (PatternReader.Unfit e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Prepares a pattern that has no {@link #fault}. */
    static LinearPattern of(String pattern) {
        return new LinearPattern(PatternReader.read(pattern));
    }

    private int add(PatternTree tree) {
        int begin = made.size();
        if (tree instanceof Chars chars) {
            step(CHARS, chars.ranges(), ' ');
        } else if (tree instanceof Place place) {
            step(PLACE, List.of(), place.kind());
        } else if (tree instanceof Row row) {
            row.parts().forEach(this::add);
        } else if (tree instanceof Choice choice) {
            choice(choice.parts());
        } else if (tree instanceof Repeat repeat) {
            repeat(repeat);
        }
        return begin;
    }

    private Step step(int kind, List<Integer> ranges, char mark) {
        if (made.size() >= STEPS_MAX) {
            throw new PatternReader.Unfit("has more than " + STEPS_MAX + " steps with all its repetitions");
        }
        Step step = new Step(kind, ranges.stream().mapToInt(i -> i).toArray(), mark);
        made.add(step);
        step.next = made.size();
        step.other = made.size();
        return step;
    }

    private Step fork() {
        return step(FORK, List.of(), ' ');
    }

    private void choice(List<PatternTree> parts) {
        List<Step> ends = new ArrayList<>();
        for (PatternTree part : parts.subList(0, parts.size() - 1)) {
            Step fork = fork();
            add(part);
            ends.add(fork());
            fork.other = made.size();
        }
        add(parts.get(parts.size() - 1));
        ends.forEach(end -> jump(end, made.size()));
    }

    private static void jump(Step step, int to) {
        step.next = to;
        step.other = to;
    }

    private void repeat(Repeat repeat) {
        for (int i = 0; i < repeat.least(); i++) {
            add(repeat.part());
        }
        if (repeat.most() == PatternTree.ENDLESS) {
            int begin = made.size();
            Step fork = fork();
            add(repeat.part());
            jump(fork(), begin);
            fork.other = made.size();
            return;
        }
        List<Step> ends = new ArrayList<>();
        for (int i = repeat.least(); i < repeat.most(); i++) {
            ends.add(fork());
            add(repeat.part());
        }
        ends.forEach(end -> end.other = made.size());
    }

    /**
     * Whether the pattern matches anywhere in the text.
     *
     * @param spend is told how many steps were taken, and may throw to end the matter
     */
    public boolean find(String text, LongConsumer spend) {
        Run run = new Run(text);
        int at = 0;
        while (true) {
            run.reach(0, at);
            spend.accept(1L + run.reached);
            if (run.found || at == text.length()) {
                return run.found;
            }
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            run.pass(c, at);
        }
    }

    /** All ways through the pattern that a text leaves open so far. */
    private final class Run {
        private final String text;
        private final int[] seen = new int[steps.length];
        private final int[] open = new int[2 * steps.length + 2];
        private int[] now = new int[steps.length];
        private int[] before = new int[steps.length];
        private int reached;
        private boolean found;

        Run(String text) {
            this.text = text;
            Arrays.fill(seen, -1);
        }

        void pass(int c, int at) {
            int[] swap = before;
            before = now;
            now = swap;
            int count = reached;
            reached = 0;
            for (int i = 0; i < count; i++) {
                Step step = steps[before[i]];
                if (step.kind == CHARS && step.has(c)) {
                    reach(step.next, at);
                }
            }
        }

        /** Follows forks and places from a step on, each step once at each place of the text. */
        void reach(int from, int at) {
            int count = 0;
            open[count++] = from;
            while (count > 0) {
                int each = open[--count];
                if (seen[each] == at) {
                    continue;
                }
                seen[each] = at;
                now[reached++] = each;
                Step step = steps[each];
                found |= step.kind == FOUND;
                if (step.kind == FORK) {
                    open[count++] = step.other;
                    open[count++] = step.next;
                } else if (step.kind == PLACE && holds(step.mark, at)) {
                    open[count++] = step.next;
                }
            }
        }

        private boolean holds(char mark, int at) {
            return switch (mark) {
                case '^' -> at == 0;
                case '$' -> at == text.length();
                default -> (mark == 'b') == (word(at - 1) != word(at));
            };
        }

        private boolean word(int at) {
            return at >= 0 && at < text.length() && CharSets.isWord(text.charAt(at));
        }
    }
}
