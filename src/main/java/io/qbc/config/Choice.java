package io.qbc.config;

import io.qbc.model.Hash;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which chains something holds for: all, those that a list names, or none. */
public enum Choice {
    ALL,
    LISTED,
    NONE;

    /** Whether a chain is meant; the list has names and ids. */
    public boolean admits(List<String> listed, Hash id, String name) {
        return switch (this) {
            case ALL -> true;
            case LISTED -> listed.contains(name) || listed.contains(id.hex());
            case NONE -> false;
        };
    }

    static Choice of(String key, String text) {
        return Arrays.stream(values())
                .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException(key + " must be all, listed or none but is '" + text + "'"));
    }
}
