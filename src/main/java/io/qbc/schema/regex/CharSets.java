package io.qbc.schema.regex;

import io.qbc.schema.regex.PatternTree.Chars;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** The sets of characters in a regular expression, in square brackets or by name. */
final class CharSets {
    /** All but the ends of lines. */
    static final Chars DOT = not(List.of(new Range('\n', '\n'), new Range('\r', '\r'), new Range(0x2028, 0x2029)));

    private static final List<Range> DIGITS = List.of(new Range('0', '9'));
    private static final List<Range> WORD =
            List.of(new Range('0', '9'), new Range('A', 'Z'), new Range('_', '_'), new Range('a', 'z'));
    private static final List<Range> SPACE = List.of(
            new Range('\t', '\r'),
            new Range(' ', ' '),
            new Range(0xa0, 0xa0),
            new Range(0x1680, 0x1680),
            new Range(0x2000, 0x200a),
            new Range(0x2028, 0x2029),
            new Range(0x202f, 0x202f),
            new Range(0x205f, 0x205f),
            new Range(0x3000, 0x3000),
            new Range(0xfeff, 0xfeff));

    private final IntFunction<Escape> escapes;
    private final int[] text;
    private int at;

    /**
     * A reader of one set.
     *
     * @param escapes reads what begins after a backslash
     * @param at where the set begins, after its bracket
     */
    CharSets(IntFunction<Escape> escapes, int[] text, int at) {
        this.escapes = escapes;
        this.text = text;
        this.at = at;
    }

    private record Range(int first, int last) {}

    /** What an escape stands for, and where it ends. */
    record Escape(Chars chars, int end) {}

    static Chars one(int c) {
        return new Chars(List.of(c, c));
    }

    /** The set that a backslash and this letter stand for. */
    static Chars named(char name) {
        List<Range> ranges = switch (Character.toLowerCase(name)) {
            case 'd' -> DIGITS;
            case 'w' -> WORD;
            default -> SPACE;
        };
        return Character.isUpperCase(name) ? not(ranges) : chars(ranges);
    }

    static boolean isWord(int c) {
        return WORD.stream().anyMatch(range -> range.first() <= c && c <= range.last());
    }

    /** Reads up to the closing bracket, and tells where it ends. */
    Chars read(IntConsumer end) {
        boolean negated = peek() == '^';
        at += negated ? 1 : 0;
        List<Range> ranges = new ArrayList<>();
        while (peek() != ']') {
            Chars first = member();
            if (peek() == '-' && at + 1 < text.length && text[at + 1] != ']') {
                at++;
                ranges.add(new Range(single(first), single(member())));
            } else {
                for (int i = 0; i < first.ranges().size(); i += 2) {
                    ranges.add(new Range(first.ranges().get(i), first.ranges().get(i + 1)));
                }
            }
        }
        end.accept(at + 1);
        if (ranges.stream().anyMatch(range -> range.last() < range.first())) {
            throw PatternReader.broken();
        }
        return negated ? not(ranges) : chars(ranges);
    }

    private Chars member() {
        int c = peek();
        at++;
        if (c != '\\') {
            return one(c);
        }
        if (peek() == 'b') {
            at++;
            return one('\b');
        }
        Escape escape = escapes.apply(at);
        at = escape.end();
        return escape.chars();
    }

    private static int single(Chars chars) {
        if (chars.ranges().size() != 2
                || !chars.ranges().get(0).equals(chars.ranges().get(1))) {
            throw PatternReader.broken();
        }
        return chars.ranges().get(0);
    }

    private int peek() {
        if (at >= text.length) {
            throw PatternReader.broken();
        }
        return text[at];
    }

    /** The ranges in order and apart from each other. */
    private static Chars chars(List<Range> ranges) {
        List<Range> apart = new ArrayList<>();
        for (Range range :
                ranges.stream().sorted(Comparator.comparingInt(Range::first)).toList()) {
            Range last = apart.isEmpty() ? range : apart.get(apart.size() - 1);
            if (apart.isEmpty() || range.first() > last.last() + 1) {
                apart.add(range);
            } else {
                apart.set(apart.size() - 1, new Range(last.first(), Math.max(last.last(), range.last())));
            }
        }
        return new Chars(apart.stream()
                .flatMap(range -> List.of(range.first(), range.last()).stream())
                .toList());
    }

    private static Chars not(List<Range> ranges) {
        List<Range> gaps = new ArrayList<>();
        int next = 0;
        for (Range range :
                ranges.stream().sorted(Comparator.comparingInt(Range::first)).toList()) {
            if (range.first() > next) {
                gaps.add(new Range(next, range.first() - 1));
            }
            next = Math.max(next, range.last() + 1);
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps.add(new Range(next, Character.MAX_CODE_POINT));
        }
        return chars(gaps);
    }
}
