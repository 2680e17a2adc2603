package io.qbc.protocol.peer;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The environment and the limits that the state machines of one node share.
 *
 * @param now milliseconds since 1970
 * @param random numbers from 0 to below 1, for pauses
 * @param batchIds how many ids one message announces
 * @param windowBytes how many bytes of quants one run may offer to the store before it is answered
 * @param callable whether peers can call this node
 */
public record ProtocolContext(
        LongSupplier now, DoubleSupplier random, Backoff backoff, int batchIds, long windowBytes, boolean callable) {
    public long time() {
        return now.getAsLong();
    }

    public long pause(int failures) {
        return backoff.pause(failures, random.getAsDouble());
    }
}
