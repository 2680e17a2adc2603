package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node that is killed under load, ten times")
class KillIT {
    private static final int KILLS = 10;
    private static final int CLIENTS = 8;

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();

    @Test
    @DisplayName("has every acknowledged injection once, and verifies as sound")
    void keeps(@TempDir Path home) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "300");
        try (NodeProcess node = NodeProcess.start(plan)) {
            for (int i = 0; i < KILLS; i++) {
                load(node, acknowledged.size() + 50 + random.nextInt(400));
                node.restart();
            }
            node.client().leap().expect(201);
            List<String> ids = Chains.ids(node.client());
            assertThat(new HashSet<>(ids))
                    .as("seed %d", seed)
                    .hasSameSizeAs(ids)
                    .containsAll(acknowledged);
            assertThat(acknowledged.size()).isGreaterThan(KILLS * 50);
            assertThat(node.terminate()).isZero();
            Chains.verifySound(plan);
        }
    }

    /** Injects with several clients until so many are acknowledged, kills the node under them, and lets them fail. */
    private void load(NodeProcess node, int until) throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Runnable> loops = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            loops.add(() -> inject(node.client(), killed));
        }
        loops.forEach(clients::execute);
        Await.until("enough is acknowledged", () -> acknowledged.size() >= until);
        node.kill9();
        killed.set(true);
        clients.shutdown();
        assertThat(clients.awaitTermination(Patience.PROCESS.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    private void inject(Client client, AtomicBoolean killed) {
        while (!killed.get()) {
            try {
                Answer answer = client.inject("{\"n\":" + numbers.incrementAndGet() + "}");
                if (answer.status() == 202) {
                    acknowledged.add(answer.json().get("id").textValue());
                }
            } catch (RuntimeException connectionLost) {
                // Not acknowledged: it may be there or not, but at most once.
            }
        }
    }
}
