package io.qbc.schema.regex;

import java.util.LinkedHashMap;

/** Patterns that were used last, ready to match; for any thread. */
public final class PatternCache {
    private static final int PATTERNS_MAX = 1000;

    private final LinkedHashMap<String, LinearPattern> ready = new LinkedHashMap<>(16, 0.75f, true);

    public synchronized LinearPattern of(String pattern) {
        LinearPattern made = ready.computeIfAbsent(pattern, LinearPattern::of);
        if (ready.size() > PATTERNS_MAX) {
            ready.remove(ready.keySet().iterator().next());
        }
        return made;
    }
}
