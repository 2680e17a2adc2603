package io.qbc.schema.regex;

import io.qbc.schema.regex.PatternTree.Chars;
import io.qbc.schema.regex.PatternTree.Choice;
import io.qbc.schema.regex.PatternTree.Place;
import io.qbc.schema.regex.PatternTree.Repeat;
import io.qbc.schema.regex.PatternTree.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
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
    private static final Chars NO_CHARS = new Chars(List.of());

    private final List<Step> made = new ArrayList<>();
    private final Step[] steps;
    /** Whether every way through the pattern begins with {@code ^}. */
    private final boolean anchored;

    /** One step: a set of characters, a fork to two others, or the mark of a place; it goes on at {@code next}. */
    private static final class Step {
        final int kind;
        final Chars chars;
        final char mark;
        int next;
        int other;

        Step(int kind, Chars chars, char mark) {
            this.kind = kind;
            this.chars = chars;
            this.mark = mark;
        }
    }

    private LinearPattern(PatternTree tree) {
        add(tree);
        step(FOUND, NO_CHARS, ' ');
        steps = made.toArray(Step[]::new);
        made.clear();
        anchored = isAnchored();
    }

    private boolean isAnchored() {
        BitSet met = new BitSet(steps.length);
        Deque<Integer> open = new ArrayDeque<>(List.of(0));
        while (!open.isEmpty()) {
            int at = open.pop();
            Step step = steps[at];
            if (step.kind == FORK && !met.get(at)) {
                open.push(step.next);
                open.push(step.other);
            } else if (step.kind != FORK && !(step.kind == PLACE && step.mark == '^')) {
                return false;
            }
            met.set(at);
        }
        return true;
    }

    /** How many steps it has with its repetitions written out. */
    public int size() {
        return steps.length;
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
    public static LinearPattern of(String pattern) {
        return new LinearPattern(PatternReader.read(pattern));
    }

    private int add(PatternTree tree) {
        int begin = made.size();
        if (tree instanceof Chars chars) {
            step(CHARS, chars, ' ');
        } else if (tree instanceof Place place) {
            step(PLACE, NO_CHARS, place.kind());
        } else if (tree instanceof Row row) {
            row.parts().forEach(this::add);
        } else if (tree instanceof Choice choice) {
            choice(choice.parts());
        } else if (tree instanceof Repeat repeat) {
            repeat(repeat);
        }
        return begin;
    }

    private Step step(int kind, Chars chars, char mark) {
        if (made.size() >= STEPS_MAX) {
            throw new PatternReader.Unfit("has more than " + STEPS_MAX + " steps with all its repetitions");
        }
        Step step = new Step(kind, chars, mark);
        made.add(step);
        step.next = made.size();
        step.other = made.size();
        return step;
    }

    private Step fork() {
        return step(FORK, NO_CHARS, ' ');
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
     * @param scratch memory that one thread uses for one text after the other
     * @param spend is told how many steps were taken, and may throw to end the matter
     */
    public boolean find(String text, Scratch scratch, LongConsumer spend) {
        Run run = new Run(text, scratch.over(steps.length));
        int at = 0;
        while (true) {
            if (at == 0 || !anchored) {
                run.reach(0, at);
            }
            spend.accept(1L + run.reached);
            if (run.found || run.reached == 0 || at == text.length()) {
                return run.found;
            }
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            run.pass(c, at);
        }
    }

    /** Memory for matching, as large as the largest pattern needed it, so that a short text costs little. */
    public static final class Scratch {
        private int[] seen = new int[0];
        private int[] open = new int[0];
        private int[] now = new int[0];
        private int[] before = new int[0];
        private int turn;

        private Scratch over(int size) {
            if (seen.length < size) {
                seen = new int[size];
                open = new int[2 * size + 2];
                now = new int[size];
                before = new int[size];
                turn = 0;
            }
            return this;
        }

        /** A number that no step has been marked with. */
        private int next() {
            if (turn == Integer.MAX_VALUE) {
                Arrays.fill(seen, 0);
                turn = 0;
            }
            return ++turn;
        }
    }

    /** All ways through the pattern that a text leaves open so far. */
    private final class Run {
        private final String text;
        private final Scratch scratch;
        private int turn;
        private int reached;
        private boolean found;

        Run(String text, Scratch scratch) {
            this.text = text;
            this.scratch = scratch;
            this.turn = scratch.next();
        }

        void pass(int c, int at) {
            int[] swap = scratch.before;
            scratch.before = scratch.now;
            scratch.now = swap;
            turn = scratch.next();
            int count = reached;
            reached = 0;
            for (int i = 0; i < count; i++) {
                Step step = steps[scratch.before[i]];
                if (step.kind == CHARS && step.chars.has(c)) {
                    reach(step.next, at);
                }
            }
        }

        /** Follows forks and places from a step on, each step once at each place of the text. */
        void reach(int from, int at) {
            int count = 0;
            int[] open = scratch.open;
            open[count++] = from;
            while (count > 0) {
                int each = open[--count];
                if (scratch.seen[each] == turn) {
                    continue;
                }
                scratch.seen[each] = turn;
                scratch.now[reached++] = each;
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
