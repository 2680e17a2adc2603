package io.qbc.projection.mapping;

/**
 * Where a value comes from.
 *
 * @param item whether the pointer is into one item of the table's array, and not into the whole payload
 */
public record Source(JsonPointer pointer, boolean item) {}
