package io.qbc.schema;

import io.qbc.schema.regex.LinearPattern;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns that meet names of members. The library matches them by backtracking, so that only those are let in that
 * cannot take long on a name of {@link #NAME_CHARS_MAX} characters: what {@link LinearPattern} takes too,
 * without repeated groups, with few choices, and with at most one repetition, which must not be tried at every
 * place of the name.
 */
public final class NamePattern {
    /** Characters in a name of data that is judged by such patterns. */
    static final int NAME_CHARS_MAX = 256;

    private static final int CHOICES_MAX = 4;

    private NamePattern() {}

    public static Optional<String> fault(String pattern) {
        return LinearPattern.fault(pattern)
                .or(() -> compiles(pattern) ? Optional.empty() : Optional.of("is no regular expression"))
                .or(() -> costly(pattern));
    }

    private static boolean compiles(String pattern) {
        try {
            return Pattern.compile(pattern).pattern().equals(pattern);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static Optional<String> costly(String pattern) {
        int repeats = 0;
        int choices = 0;
        int depth = 0;
        boolean split = false;
        boolean set = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (set || c == '[') {
                set = c != ']';
            } else if (c == '(') {
                depth++;
                i += pattern.startsWith("(?:", i) ? 2 : 0;
            } else if (c == ')') {
                depth--;
                if (i + 1 < pattern.length() && "*+?{".indexOf(pattern.charAt(i + 1)) >= 0) {
                    return Optional.of("must not repeat a group");
                }
            } else if (c == '|' || c == '?') {
                choices++;
                split |= c == '|' && depth == 0;
            } else if (c == '*' || c == '+' || (c == '{' && !exact(pattern, i))) {
                repeats++;
            }
        }
        return verdict(repeats, choices, pattern.startsWith("^") && !split);
    }

    /** Whether this counts to one number, which leaves no choice. */
    private static boolean exact(String pattern, int brace) {
        return pattern.indexOf(',', brace) < 0 || pattern.indexOf(',', brace) > pattern.indexOf('}', brace);
    }

    private static Optional<String> verdict(int repeats, int choices, boolean anchored) {
        if (repeats > 1) {
            return Optional.of("must not repeat more than one thing");
        }
        if (choices > CHOICES_MAX) {
            return Optional.of("must not have more than " + CHOICES_MAX + " of ? and |");
        }
        return repeats == 0 || anchored
                ? Optional.empty()
                : Optional.of("must begin with ^ since it repeats something");
    }
}
