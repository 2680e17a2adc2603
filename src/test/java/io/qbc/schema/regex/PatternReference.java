package io.qbc.schema.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A regular expression made at random, with what it means: from a set of places in a text, the set of those at which a
 * match may end. It is worked out by sets alone, so that it shares nothing with the machine that it judges.
 */
record PatternReference(String spelled, Ends ends) {
    private static final List<PatternReference> ATOMS = List.of(
            letter("a", c -> c == 'a'),
            letter("b", c -> c == 'b'),
            letter(".", c -> true),
            letter("[ab]", c -> c == 'a' || c == 'b'),
            letter("[^a]", c -> c != 'a'),
            letter("[a-c-]", c -> c == 'a' || c == 'b' || c == 'c' || c == '-'),
            letter("\\w", PatternReference::word),
            letter("\\W", c -> !word(c)),
            letter("\\s", c -> c == ' '),
            letter("\\d", c -> '0' <= c && c <= '9'),
            letter("\\.", c -> c == '.'));
    private static final List<PatternReference> PLACES = List.of(
            place("^", (text, at) -> at == 0),
            place("$", (text, at) -> at == text.length()),
            place("\\b", PatternReference::edge),
            place("\\B", (text, at) -> !edge(text, at)));
    private static final List<Times> TIMES = List.of(
            new Times("", 1, 1),
            new Times("", 1, 1),
            new Times("", 1, 1),
            new Times("*", 0, Integer.MAX_VALUE),
            new Times("+", 1, Integer.MAX_VALUE),
            new Times("?", 0, 1),
            new Times("{2}", 2, 2),
            new Times("{1,2}", 1, 2),
            new Times("{2,}", 2, Integer.MAX_VALUE),
            new Times("*?", 0, Integer.MAX_VALUE));

    /** Where a match may end that begins at one of these places. */
    interface Ends {
        SortedSet<Integer> after(String text, SortedSet<Integer> from);
    }

    private interface Holds {
        boolean at(String text, int at);
    }

    private record Times(String spelled, int least, int most) {}

    /** Some pattern, with groups in it down to this depth. */
    static PatternReference random(Random random, int depth) {
        List<PatternReference> choices = new ArrayList<>(List.of(random(random, depth, random.nextInt(3))));
        while (random.nextInt(4) == 0) {
            choices.add(random(random, depth, random.nextInt(4)));
        }
        String spelled = choices.stream().map(PatternReference::spelled).collect(Collectors.joining("|"));
        return new PatternReference(
                spelled,
                (text, from) -> choices.stream()
                        .flatMap(choice -> choice.ends().after(text, from).stream())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static PatternReference random(Random random, int depth, int length) {
        PatternReference row = new PatternReference("", (text, from) -> from);
        for (int i = 0; i < length; i++) {
            row = row.then(part(random, depth));
        }
        return row;
    }

    private static PatternReference part(Random random, int depth) {
        int kind = random.nextInt(8);
        if (depth > 0 && kind < 2) {
            PatternReference inner = random(random, depth - 1);
            return new PatternReference("(" + inner.spelled() + ")", inner.ends()).repeated(any(random, TIMES));
        }
        return kind == 2 ? any(random, PLACES) : any(random, ATOMS).repeated(any(random, TIMES));
    }

    private static <T> T any(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private PatternReference then(PatternReference next) {
        return new PatternReference(
                spelled + next.spelled, (text, from) -> next.ends.after(text, ends.after(text, from)));
    }

    private PatternReference repeated(Times times) {
        return new PatternReference(spelled + times.spelled(), (text, from) -> {
            SortedSet<Integer> now = from;
            for (int i = 0; i < times.least(); i++) {
                now = ends.after(text, now);
            }
            SortedSet<Integer> all = new TreeSet<>(now);
            boolean more = true;
            for (int i = times.least(); i < times.most() && more; i++) {
                now = ends.after(text, now);
                more = all.addAll(now);
            }
            return all;
        });
    }

    /** Whether there is a match anywhere in the text. */
    boolean find(String text) {
        SortedSet<Integer> everywhere =
                IntStream.rangeClosed(0, text.length()).boxed().collect(Collectors.toCollection(TreeSet::new));
        return !ends.after(text, everywhere).isEmpty();
    }

    private static PatternReference letter(String spelled, IntPredicate set) {
        return new PatternReference(
                spelled,
                (text, from) -> from.stream()
                        .filter(at -> at < text.length() && set.test(text.charAt(at)))
                        .map(at -> at + 1)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static PatternReference place(String spelled, Holds holds) {
        return new PatternReference(
                spelled,
                (text, from) ->
                        from.stream().filter(at -> holds.at(text, at)).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static boolean edge(String text, int at) {
        boolean before = at > 0 && word(text.charAt(at - 1));
        boolean after = at < text.length() && word(text.charAt(at));
        return before != after;
    }

    private static boolean word(int c) {
        return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".indexOf(c) >= 0;
    }
}
