package io.qbc.client.request;

import io.qbc.model.Hash;
import java.time.Duration;
import java.util.Optional;

/**
 * How far tables must be before they are read, so that one reads what one wrote.
 *
 * @param at a leaf index or a transaction's id
 * @param waitTime for how long; then it fails as {@code projection_behind}
 */
public record ReadSince(Optional<String> at, Duration waitTime) {
    /** However far they are. */
    public static final ReadSince ANY = new ReadSince(Optional.empty(), Duration.ZERO);

    /** With a transaction of the chain. */
    public static ReadSince transaction(Hash id, Duration wait) {
        return new ReadSince(Optional.of(id.hex()), wait);
    }

    /** With the transaction of a leaf index. */
    public static ReadSince leaf(long index, Duration wait) {
        return new ReadSince(Optional.of(Long.toString(index)), wait);
    }
}
