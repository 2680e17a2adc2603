package io.qbc.consensus.engine;

import io.qbc.model.Header;

/**
 * Time in slots of equal length, counted from 1970.
 *
 * @param period a slot's length in milliseconds
 */
public record TimeSlots(long period) {
    public long at(long timestamp) {
        return Math.floorDiv(timestamp, period);
    }

    public long of(Header header) {
        return at(header.timestamp());
    }

    /** When a slot begins, milliseconds since 1970. */
    public long start(long slot) {
        return slot * period;
    }
}
