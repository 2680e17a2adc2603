package io.qbc.schema.regex;

import io.qbc.schema.regex.PatternTree.Choice;
import io.qbc.schema.regex.PatternTree.Place;
import io.qbc.schema.regex.PatternTree.Repeat;
import io.qbc.schema.regex.PatternTree.Row;
import java.util.ArrayList;
import java.util.List;

/** Reads the part of ECMA-262's regular expressions that can be matched in time linear in the text. */
final class PatternReader {
    private static final int PATTERN_CHARS_MAX = 1000;
    private static final int DEPTH_MAX = 50;
    private static final int COUNT_MAX = 1000;
    private static final int BRACED_DIGITS_MAX = 7;

    private final int[] text;
    private int at;
    private int depth;

    private PatternReader(String pattern) {
        text = pattern.codePoints().toArray();
    }

    /** The pattern cannot be taken; the message goes on after its place. */
    static final class Unfit extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Unfit(String problem) {
            super(problem);
        }
    }

    static PatternTree read(String pattern) {
        if (pattern.length() > PATTERN_CHARS_MAX) {
            throw new Unfit("must not be longer than " + PATTERN_CHARS_MAX);
        }
        PatternReader reader = new PatternReader(pattern);
        PatternTree tree = reader.choice();
        if (reader.at < reader.text.length) {
            throw broken();
        }
        return tree;
    }

    private PatternTree choice() {
        List<PatternTree> parts = new ArrayList<>(List.of(row()));
        while (take('|')) {
            parts.add(row());
        }
        return parts.size() == 1 ? parts.get(0) : new Choice(parts);
    }

    private PatternTree row() {
        List<PatternTree> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')') {
            parts.add(repeated(atom()));
        }
        return new Row(parts);
    }

    private PatternTree repeated(PatternTree part) {
        if (at == text.length || "*+?{".indexOf(text[at]) < 0) {
            return part;
        }
        if (part instanceof Place) {
            throw broken();
        }
        Repeat repeat = switch (text[at++]) {
            case '*' -> new Repeat(part, 0, PatternTree.ENDLESS);
            case '+' -> new Repeat(part, 1, PatternTree.ENDLESS);
            case '?' -> new Repeat(part, 0, 1);
            default -> counted(part);
        };
        // How much is taken at first makes no difference to whether there is a match.
        take('?');
        if (at < text.length && "*+?{".indexOf(text[at]) >= 0) {
            throw new Unfit("must not repeat a repetition; put it into a group");
        }
        return repeat;
    }

    private Repeat counted(PatternTree part) {
        int least = number();
        int most = least;
        if (take(',')) {
            most = at < text.length && text[at] == '}' ? PatternTree.ENDLESS : number();
        }
        if (!take('}') || most < least) {
            throw broken();
        }
        return new Repeat(part, least, most);
    }

    private int number() {
        int begin = at;
        int number = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + text[at++] - '0';
            if (number > COUNT_MAX) {
                throw new Unfit("must not repeat anything more than " + COUNT_MAX + " times");
            }
        }
        if (at == begin) {
            throw broken();
        }
        return number;
    }

    private PatternTree atom() {
        int c = text[at++];
        return switch (c) {
            case '(' -> group();
            case '[' -> new CharSets(this::escape, text, at).read(end -> at = end);
            case '.' -> CharSets.DOT;
            case '^', '$' -> new Place((char) c);
            case '\\' -> escaped();
            case '*', '+', '?', '{' -> throw broken();
            default -> CharSets.one(c);
        };
    }

    private PatternTree group() {
        if (take('?') && !take(':')) {
            throw new Unfit("must not have look-around, flags or names in a group");
        }
        if (++depth > DEPTH_MAX) {
            throw new Unfit("must not have more than " + DEPTH_MAX + " groups inside each other");
        }
        PatternTree inside = choice();
        if (!take(')')) {
            throw broken();
        }
        depth--;
        return inside instanceof Place ? new Row(List.of(inside)) : inside;
    }

    private PatternTree escaped() {
        if (take('b')) {
            return new Place('b');
        }
        if (take('B')) {
            return new Place('B');
        }
        CharSets.Escape escape = escape(at);
        at = escape.end();
        return escape.chars();
    }

    /** What is after a backslash, inside a set and outside. */
    private CharSets.Escape escape(int from) {
        if (from == text.length) {
            throw broken();
        }
        int c = text[from];
        int known = "tnrfv0".indexOf(c);
        boolean octal = c == '0' && from + 1 < text.length && Character.digit(text[from + 1], 10) >= 0;
        if (known >= 0 && !octal) {
            return new CharSets.Escape(CharSets.one("\t\n\r\f\u000b\0".charAt(known)), from + 1);
        }
        return switch (c) {
            case 'd', 'D', 'w', 'W', 's', 'S' -> new CharSets.Escape(CharSets.named((char) c), from + 1);
            case 'x' -> code(from + 1, 2);
            case 'u' -> unicode(from + 1);
            case 'c' -> control(from + 1);
            default -> {
                if (c < 128 && !Character.isLetterOrDigit(c)) {
                    yield new CharSets.Escape(CharSets.one(c), from + 1);
                }
                throw new Unfit("must not have \\" + Character.toString(c)
                        + "; back-references and Unicode properties are not taken");
            }
        };
    }

    private CharSets.Escape code(int from, int digits) {
        return character(value(from, digits), from + digits);
    }

    /** Four digits, two halves of four digits each, or any number of digits in braces. */
    private CharSets.Escape unicode(int from) {
        if (from < text.length && text[from] == '{') {
            int end = from + 1;
            while (end < text.length && text[end] != '}') {
                end++;
            }
            if (end == text.length || end == from + 1 || end > from + BRACED_DIGITS_MAX) {
                throw broken();
            }
            return character(value(from + 1, end - from - 1), end + 1);
        }
        int high = value(from, 4);
        boolean pair = Character.isHighSurrogate((char) high)
                && from + 5 < text.length
                && text[from + 4] == '\\'
                && text[from + 5] == 'u';
        int low = pair ? value(from + 6, 4) : 0;
        return Character.isLowSurrogate((char) low)
                ? character(Character.toCodePoint((char) high, (char) low), from + 10)
                : character(high, from + 4);
    }

    /** A letter stands for the control character that a keyboard makes of it. */
    private CharSets.Escape control(int from) {
        int c = from < text.length ? text[from] | 0x20 : 0;
        if (c < 'a' || c > 'z') {
            throw broken();
        }
        return character(c & 0x1f, from + 1);
    }

    private int value(int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < text.length ? Character.digit(text[i], 16) : -1;
            if (digit < 0 || text[i] > 'f') {
                throw broken();
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private static CharSets.Escape character(int value, int end) {
        if (value > Character.MAX_CODE_POINT) {
            throw broken();
        }
        if (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE) {
            throw new Unfit("must not have half of a surrogate pair, which no text has");
        }
        return new CharSets.Escape(CharSets.one(value), end);
    }

    private boolean take(int c) {
        boolean there = at < text.length && text[at] == c;
        at += there ? 1 : 0;
        return there;
    }

    static Unfit broken() {
        return new Unfit("is no regular expression");
    }
}
