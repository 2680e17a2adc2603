package io.qbc.config;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns that meet names of members. The library matches them without a bound on time, so that only those are let in
 * that cannot take long on a name of {@link #NAME_MAX} characters: nothing is repeated in more than two places, and no
 * group is.
 */
final class NamePattern {
    /** Characters in a name of data that is judged by such patterns. */
    static final int NAME_MAX = 256;

    private static final int REPEATS_MAX = 2;

    private NamePattern() {}

    static boolean compiles(String pattern) {
        try {
            return !Pattern.compile(pattern).pattern().isEmpty() || pattern.isEmpty();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    static Optional<String> fault(String pattern) {
        if (!compiles(pattern)) {
            return Optional.of("is no regular expression");
        }
        int repeats = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '+' || c == '{') {
                repeats++;
                if (i > 0 && pattern.charAt(i - 1) == ')') {
                    return Optional.of("must not repeat a group");
                }
            }
        }
        return repeats > REPEATS_MAX
                ? Optional.of("must not repeat more than " + REPEATS_MAX + " things")
                : Optional.empty();
    }
}
