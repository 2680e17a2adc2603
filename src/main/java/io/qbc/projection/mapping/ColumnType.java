package io.qbc.projection.mapping;

import java.util.Locale;
import java.util.Optional;

/** The types that a mapped column may have, by their names in mappings. */
public enum ColumnType {
    TEXT,
    BIGINT,
    NUMERIC,
    BOOLEAN,
    TIMESTAMPTZ,
    JSON,
    JSONB,
    BYTEA;

    /** The name in a mapping. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ColumnType> of(String label) {
        for (ColumnType type : values()) {
            if (type.label().equals(label)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
