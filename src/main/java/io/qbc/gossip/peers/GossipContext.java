package io.qbc.gossip.peers;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.PeerMethod.Payload;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.session.Party;
import io.qbc.protocol.session.ProvedFrame;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/**
 * The dependencies that all parts of this stage share.
 *
 * @param node this node as its peers know it
 * @param tracing spans of calls
 */
public record GossipContext(
        Vertx vertx,
        Bus bus,
        NodeConfig config,
        Party node,
        InstantSource clock,
        RandomGenerator random,
        Workers workers,
        ChainBounds bounds,
        Tracing tracing) {
    private static final long WINDOW_BYTES_MAX = 8L << 20;
    /** A frame that is longer is not decoded on an event loop, whatever it holds. */
    private static final int LOOP_BYTES_MAX = 64 << 10;

    /**
     * The thread pools of this stage.
     *
     * @param blocking for long computations and files
     * @param resolver for name look-ups, which may hang
     */
    public record Workers(WorkerExecutor blocking, WorkerExecutor resolver) {
        public Future<Void> close() {
            return blocking.close().eventually(resolver::close);
        }
    }

    public Signer identity() {
        return node.identity();
    }

    /** This node's base address as peers call it, or empty. */
    public String advertised() {
        return node.address();
    }

    public long now() {
        return clock.millis();
    }

    public NodeConfig.Gossip gossip() {
        return config.gossip();
    }

    public Duration callTimeout() {
        return gossip().callTimeout();
    }

    public Backoff backoff() {
        return Backoff.of(gossip().backoffMin(), gossip().backoffMax());
    }

    /** What the protocol's state machines decide with. */
    public ProtocolContext protocolContext() {
        return new ProtocolContext(
                this::now,
                random::nextDouble,
                backoff(),
                gossip().batchIds(),
                windowBytes(),
                !advertised().isEmpty(),
                new ProtocolContext.Pace(
                        callTimeout().toMillis(),
                        gossip().limits().callTime().toMillis(),
                        gossip().limits().callRateBytes()));
    }

    /** A run takes a part of what may wait for the store, as there are others. */
    private long windowBytes() {
        return Math.min(WINDOW_BYTES_MAX, config.store().queueBytes() / 8);
    }

    /** Computes off the event loop. */
    public <T> Future<T> compute(Callable<T> work) {
        return workers.blocking().executeBlocking(work, false);
    }

    /** Encodes a message, a large one off the event loop. */
    public <M extends Message> Future<Bytes> encode(Payload<M> payload, M message) {
        return payload.isLarge()
                ? compute(() -> payload.codec().encode(message))
                : Future.succeededFuture(payload.codec().encode(message));
    }

    /** The hash of a frame, a large one's off the event loop. */
    public Future<Hash> hash(Bytes frame) {
        return frame.size() > LOOP_BYTES_MAX
                ? compute(() -> Sha256.of(frame.array(), frame.offset(), frame.size()))
                : Future.succeededFuture(Sha256.of(frame.array(), frame.offset(), frame.size()));
    }

    /** An answer as it travels; a large one is sealed off the event loop. */
    public Future<Bytes> seal(ProvedFrame request, Bytes answer) {
        return answer.size() > LOOP_BYTES_MAX
                ? compute(() -> request.seal(answer))
                : Future.succeededFuture(request.seal(answer));
    }

    /** How long a frame of this message may be. */
    public int bytesMax(Payload<?> payload) {
        return payload.bytesMax(gossip().limits().messageBytes());
    }

    /** Decodes a frame, a large one off the event loop; gives nothing if it is malformed or too long. */
    public <M extends Message> Future<Optional<M>> decode(Payload<M> payload, Bytes frame) {
        if (frame.size() > bytesMax(payload)) {
            return Future.succeededFuture(Optional.empty());
        }
        return payload.isLarge() || frame.size() > LOOP_BYTES_MAX
                ? compute(() -> payload.codec().decode(frame, bounds))
                : Future.succeededFuture(payload.codec().decode(frame, bounds));
    }
}
