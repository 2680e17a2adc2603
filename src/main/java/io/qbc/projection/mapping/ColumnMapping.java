package io.qbc.projection.mapping;

import java.util.Optional;

/**
 * One column of a mapped table.
 *
 * @param strip what is taken off the end of a text before it is read; empty for nothing
 * @param otherwise the value where there is none or null, a text, a {@link Long}, a {@link java.math.BigDecimal} or a
 *     {@link Boolean} as the mapping has it
 * @param required whether a transaction without a value does not fit
 */
public record ColumnMapping(
        String name, Source source, ColumnType type, String strip, Optional<Object> otherwise, boolean required) {}
