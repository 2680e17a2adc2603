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
 * @param pace how slowly a peer may give what this node asks for in a sync
 */
public record ProtocolContext(
        LongSupplier now,
        DoubleSupplier random,
        Backoff backoff,
        int batchIds,
        long windowBytes,
        boolean callable,
        Pace pace) {
    /**
     * A least rate of delivery.
     *
     * @param graceMillis how long all waiting beyond a network's own time may last in a run, whatever it brings
     * @param totalMillis how long all waiting may last in a run, whatever it brings
     * @param bytesPerSecond what it must bring afterwards; 0 for any
     */
    public record Pace(long graceMillis, long totalMillis, int bytesPerSecond) {
        public static final Pace ANY = new Pace(0, 0, 0);
    }

    public long time() {
        return now.getAsLong();
    }

    public long pause(int failures) {
        return backoff.pause(failures, random.getAsDouble());
    }
}
