package io.qbc.ledger.analytics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** By what figures are told apart. */
public enum Breakdown {
    /** Not at all. */
    NONE,
    /** By the type of transactions. */
    TYPE,
    /** By the author of transactions. */
    AUTHOR;

    /** The names of all. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Breakdown::word).toList();
    }

    public static Optional<Breakdown> of(String word) {
        return Arrays.stream(values()).filter(by -> by.word().equals(word)).findFirst();
    }

    /** The name that callers write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
