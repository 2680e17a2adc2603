package io.qbc.subscription;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader;
import io.qbc.follow.Reading;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * What all runners share.
 *
 * @param waitMax the longest that a fetch waits
 * @param chance 0 to 1, for the spread of attempts
 * @param waiting how many fetches wait
 */
record RunnerContext(
        Bus bus,
        ChainReader reader,
        InstantSource clock,
        NodeConfig.Subscriptions limits,
        Duration waitMax,
        DoubleSupplier chance,
        AtomicInteger waiting) {
    ChainReader.Bounds bounds(int countMax) {
        return new ChainReader.Bounds(countMax, limits.fetchBytes());
    }

    /** Reads a chain as a machine wants it. */
    Future<Reading> read(Subscription subscription, Next.Read read) {
        Future<Optional<Reading.Reverted>> checked = read.check()
                .map(at -> reader.reverted(subscription.chain(), at))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
        return checked.compose(reverted -> reverted.isPresent()
                ? Future.succeededFuture(reverted.get())
                : reader.read(subscription.chain(), read.from(), subscription.extent(), bounds(read.countMax())));
    }
}
