package io.qbc.gossip.peers;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.model.Signer;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.ProtocolContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/**
 * What all parts of this stage work with.
 *
 * @param advertised this node's base address as peers call it, or empty
 * @param labour threads for long computations and files
 * @param names threads for name look-ups, which may hang
 */
public record GossipContext(
        Vertx vertx,
        Bus bus,
        NodeConfig config,
        String advertised,
        Signer identity,
        InstantSource clock,
        RandomGenerator chance,
        WorkerExecutor labour,
        WorkerExecutor names) {
    private static final long WINDOW_BYTES_MAX = 8L << 20;

    public long now() {
        return clock.millis();
    }

    public NodeConfig.Gossip gossip() {
        return config.gossip();
    }

    public Backoff backoff() {
        return Backoff.of(gossip().backoffMin(), gossip().backoffMax());
    }

    /** What the machines of the talk decide with. */
    public ProtocolContext protocolContext() {
        return new ProtocolContext(
                this::now, chance::nextDouble, backoff(), gossip().batchIds(), windowBytes(), !advertised.isEmpty());
    }

    /** A run takes a part of what may wait for the store, as there are others. */
    private long windowBytes() {
        return Math.min(WINDOW_BYTES_MAX, config.store().queueBytes() / 8);
    }

    /** Computes off the event loop. */
    public <T> Future<T> compute(Callable<T> work) {
        return labour.executeBlocking(work, false);
    }
}
