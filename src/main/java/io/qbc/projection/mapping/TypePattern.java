package io.qbc.projection.mapping;

import java.util.List;

/** Types of transactions, each a text in which {@code *} stands for any characters. */
public record TypePattern(List<String> types) {
    public TypePattern {
        types = List.copyOf(types);
    }

    boolean matches(String type) {
        return types.stream().anyMatch(pattern -> matches(pattern, type));
    }

    /** Whoever chose the texts, it costs at most their lengths multiplied. */
    private static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
