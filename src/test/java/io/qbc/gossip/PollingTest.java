package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.gossip.peers.ChainBounds;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.GossipContext.Workers;
import io.qbc.protocol.session.NetworkRules;
import io.qbc.protocol.session.Party;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PollingTest {
    @TempDir
    Path data;

    private final AtomicLong now = new AtomicLong(1000);
    private final AtomicInteger looks = new AtomicInteger();
    private Vertx vertx;
    private GossipContext gossipContext;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("test", 1);
        gossipContext = new GossipContext(
                vertx,
                new Bus(vertx, Patience.ANSWER),
                Samples.config(data, 1),
                new Party(Samples.SIGNER, "", NetworkRules.open("qbc")),
                () -> Instant.ofEpochMilli(now.get()),
                new Random(1),
                new Workers(worker, worker),
                new ChainBounds(),
                Tracing.off());
    }

    @AfterEach
    void close() {
        TestNode.await(vertx.close());
    }

    @Test
    void itEndsAsSoonAsTheConditionHolds() {
        assertThat(TestNode.await(
                        Polling.until(gossipContext, 500, () -> Future.succeededFuture(looks.incrementAndGet() == 3))))
                .isTrue();
        assertThat(looks).hasValue(3);
    }

    @Test
    void itEndsWhenTheTimeIsOver() {
        assertThat(TestNode.await(Polling.until(gossipContext, 500, () -> {
                    now.addAndGet(looks.incrementAndGet() == 3 ? 500 : 0);
                    return Future.succeededFuture(false);
                })))
                .isFalse();
        assertThat(looks).hasValue(3);
    }

    @Test
    void itFailsAsTheConditionFails() {
        Future<Boolean> failed = Polling.until(
                gossipContext,
                500,
                () -> looks.incrementAndGet() == 2
                        ? Future.failedFuture(new IllegalStateException("broken"))
                        : Future.succeededFuture(false));
        assertThat(TestNode.await(failed.otherwise(cause -> cause.getMessage().equals("broken"))))
                .isTrue();
        Future<Boolean> thrown = Polling.until(gossipContext, 500, () -> {
            throw new IllegalStateException("broken");
        });
        assertThat(TestNode.await(thrown.otherwise(cause -> cause.getMessage().equals("broken"))))
                .isTrue();
    }
}
