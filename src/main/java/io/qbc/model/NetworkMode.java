package io.qbc.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A rule which nodes may be peers of a network, with its number in the peers' protocol. */
public enum NetworkMode {
    /** Whoever proves a key. */
    OPEN(0),
    /** Those whose identity keys are named. */
    LISTED(1),
    /** Those that know the network's secret. */
    SECRET(2);

    private final int number;

    NetworkMode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static Optional<NetworkMode> of(int number) {
        return Arrays.stream(values()).filter(mode -> mode.number == number).findFirst();
    }

    /** The mode that people write so. */
    public static Optional<NetworkMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }

    /** The name that people write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
