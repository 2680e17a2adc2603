package io.qbc.api.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JudgeQueueTest {
    private static final Hash SLOW = hash("slow");
    private static final Hash QUICK = hash("quick");

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch held = new CountDownLatch(1);
    private final List<Integer> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() throws Exception {
        held.countDown();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void aSlowChainLeavesAThreadForOthers() throws Exception {
        JudgeQueue queue = new JudgeQueue(100, 2);
        for (int i = 0; i < 20; i++) {
            judge(queue, vertx.getOrCreateContext(), SLOW, new AtomicBoolean(), i, true);
        }
        Future<Integer> other = judge(queue, vertx.getOrCreateContext(), QUICK, new AtomicBoolean(), 7, false);
        assertThat(other.toCompletionStage().toCompletableFuture().get()).isEqualTo(7);
        assertThat(done).containsExactly(7);
        assertThat(queue.waiting()).isEqualTo(19);
    }

    @Test
    void oneLoopsJudgementsOfAChainKeepTheirOrder() {
        JudgeQueue queue = new JudgeQueue(100, 8);
        Context context = vertx.getOrCreateContext();
        for (int i = 0; i < 50; i++) {
            judge(queue, context, QUICK, new AtomicBoolean(), i, false);
        }
        await().atMost(Patience.CONDITION).until(() -> done.size() == 50);
        assertThat(done).isSorted();
    }

    @Test
    void soManyOfAChainWaitAndNoMore() {
        JudgeQueue queue = new JudgeQueue(3, 2);
        List<Future<Integer>> given = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 6; i++) {
            given.add(judge(queue, vertx.getOrCreateContext(), SLOW, new AtomicBoolean(), i, true));
        }
        // One runs, three wait.
        assertThat(given.get(4).cause()).isInstanceOf(Failure.class);
        assertThat(Failure.of(given.get(5).cause()).reason()).isEqualTo(Reason.BUSY);
        assertThat(given.get(3).isComplete()).isFalse();
        assertThat(judge(queue, vertx.getOrCreateContext(), QUICK, new AtomicBoolean(), 9, false)
                        .failed())
                .isFalse();
    }

    @Test
    void whatNobodyWaitsForIsNotBegun() {
        JudgeQueue queue = new JudgeQueue(100, 2);
        judge(queue, vertx.getOrCreateContext(), SLOW, new AtomicBoolean(), 0, true);
        AtomicBoolean left = new AtomicBoolean();
        Future<Integer> abandoned = judge(queue, vertx.getOrCreateContext(), SLOW, left, 1, false);
        left.set(true);
        held.countDown();
        await().atMost(Patience.CONDITION).until(abandoned::isComplete);
        assertThat(abandoned.failed()).isTrue();
        assertThat(done).containsExactly(0);
        Future<Integer> next = judge(queue, vertx.getOrCreateContext(), SLOW, new AtomicBoolean(), 2, false);
        await().atMost(Patience.CONDITION).until(next::succeeded);
        assertThat(queue.waiting()).isZero();
    }

    private Future<Integer> judge(
            JudgeQueue queue, Context context, Hash chain, AtomicBoolean left, int number, boolean hold) {
        Promise<Future<Integer>> begun = Promise.promise();
        context.runOnContext(turn -> begun.complete(queue.judge(vertx, chain, left::get, () -> {
            if (hold) {
                held.await();
            }
            done.add(number);
            return number;
        })));
        return begun.future().toCompletionStage().toCompletableFuture().join();
    }

    private static Hash hash(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return Sha256.of(bytes, 0, bytes.length);
    }
}
