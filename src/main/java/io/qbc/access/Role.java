package io.qbc.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A role: a set of operations that a caller may do. */
public enum Role {
    /** Reads chains. */
    READER,
    /** Injects. */
    WRITER,
    /** Leaps, and offers quants. */
    SEALER,
    /** Takes data out that must not be kept. */
    ERASER,
    /** Reads, and looks into who did what. */
    AUDITOR,
    /** Does everything; chains, peers and access too. */
    ADMIN;

    /** Whether whoever has this role may do what the other one may. */
    public boolean includes(Role other) {
        return this == other || this == ADMIN || (this == AUDITOR && other == READER);
    }

    /** The name that people write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    /** The names of all roles. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Role::word).toList();
    }
}
