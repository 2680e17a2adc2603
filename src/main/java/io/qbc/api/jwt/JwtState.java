package io.qbc.api.jwt;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is told of an issuer of tokens.
 *
 * @param keys of it that can be used here
 * @param refreshedAt when they were last read, in milliseconds since 1970
 * @param lastError why the last reading failed, if it did
 * @param refreshes readings that brought keys, and {@code failures} those that did not
 * @param results of tokens, by what was wrong with them, or {@code accepted}
 */
public record JwtState(
        String issuer,
        int keys,
        Optional<Long> refreshedAt,
        Optional<String> lastError,
        long refreshes,
        long failures,
        SortedMap<String, Long> results) {
    /** Of a node that believes no issuer. */
    public static final JwtState NONE =
            new JwtState("", 0, Optional.empty(), Optional.empty(), 0, 0, new TreeMap<>(Map.of("accepted", 0L)));

    public JwtState {
        results = new TreeMap<>(results);
    }
}
