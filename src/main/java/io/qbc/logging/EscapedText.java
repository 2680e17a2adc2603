package io.qbc.logging;

/**
 * Text of others as it may stand in a line for people: whatever would end the line, hide a part of it or change its
 * order is written as an escape, so that nobody can write a line of its own into a log.
 */
public final class EscapedText {
    private static final String DIGITS = "0123456789abcdef";

    private EscapedText() {}

    public static String of(String text) {
        return isPlain(text)
                ? text
                : append(text, new StringBuilder(text.length() + 16)).toString();
    }

    static StringBuilder append(String text, StringBuilder out) {
        if (isPlain(text)) {
            return out.append(text);
        }
        text.codePoints().forEach(point -> append(point, out));
        return out;
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static void append(int point, StringBuilder out) {
        switch (point) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (isHarmless(point)) {
                    out.appendCodePoint(point);
                } else {
                    for (char c : Character.toChars(point)) {
                        escape(c, out);
                    }
                }
            }
        }
    }

    /** Control characters, marks of direction, ends of lines and paragraphs, and halves of characters are not. */
    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(DIGITS.charAt(c >> shift & 0xf));
        }
    }
}
