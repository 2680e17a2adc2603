package io.qbc.subscription;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * What all runners share.
 *
 * @param chance 0 to 1, for the spread of attempts
 * @param waiting how many fetches wait
 */
record RunnerContext(
        Bus bus,
        ChainReader reader,
        InstantSource clock,
        NodeConfig.Subscriptions limits,
        DoubleSupplier chance,
        AtomicInteger waiting) {
    ChainReader.Bounds bounds(int countMax) {
        return new ChainReader.Bounds(countMax, limits.fetchBytes());
    }
}
