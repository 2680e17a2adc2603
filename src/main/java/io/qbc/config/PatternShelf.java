package io.qbc.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Patterns that were used last, ready to match; for any thread. */
final class PatternShelf {
    private static final int PATTERNS_MAX = 1000;

    private final Map<String, LinearPattern> ready = new LinkedHashMap<>(16, 0.75f, true);

    synchronized LinearPattern of(String pattern) {
        LinearPattern made = ready.computeIfAbsent(pattern, LinearPattern::of);
        if (ready.size() > PATTERNS_MAX) {
            ready.remove(ready.keySet().iterator().next());
        }
        return made;
    }
}
