package io.qbc.api.limits;

import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * A queue of judgements that belong on worker threads. Chains take turns, none holds all of the threads that judge, and
 * so many judgements of one chain wait at most: a chain whose rules cost much makes only itself slow. One for the node,
 * for any thread.
 */
public final class JudgeQueue {
    private final int waitingMax;
    private final int runningMax;
    private final int runningOfChainMax;
    /** The chains for which something waits, the one whose turn is next in front. */
    private final LinkedHashMap<Hash, Deque<Judgement<?>>> waiting = new LinkedHashMap<>();

    private final Map<Hash, Integer> running = new LinkedHashMap<>();
    private final Set<Lane> busy = new LinkedHashSet<>();
    private int inWork;
    private int queued;

    /** An order to keep: what one event loop has judged for one chain ends in the order in which it came. */
    private record Lane(Context context, Hash chain) {}

    private record Judgement<T>(Lane lane, Callable<T> work, BooleanSupplier abandoned, Promise<T> done) {}

    /**
     * A queue over so many threads.
     *
     * @param waitingMax judgements of one chain that wait
     * @param threads judgements at once
     */
    public JudgeQueue(int waitingMax, int threads) {
        this.waitingMax = waitingMax;
        this.runningMax = Math.max(2, threads);
        this.runningOfChainMax = runningMax - 1;
    }

    /**
     * Runs a judgement when its chain has its turn; fails at once if too many of its chain wait already.
     *
     * @param abandoned whether the caller has left; what waits then is not begun
     */
    public <T> Future<T> judge(Vertx vertx, Hash chain, BooleanSupplier abandoned, Callable<T> work) {
        Judgement<T> judgement =
                new Judgement<>(new Lane(vertx.getOrCreateContext(), chain), work, abandoned, Promise.promise());
        synchronized (this) {
            Deque<Judgement<?>> line = waiting.computeIfAbsent(chain, id -> new ArrayDeque<>());
            if (line.size() >= waitingMax) {
                return Future.failedFuture(
                        new Failure(Reason.BUSY, "so many of this chain's transactions wait for their check already"));
            }
            line.add(judgement);
            queued++;
        }
        begin();
        return judgement.done().future();
    }

    /** Judgements that wait, of all chains. */
    public synchronized int waiting() {
        return queued;
    }

    private void begin() {
        for (Optional<Judgement<?>> next = take(); next.isPresent(); next = take()) {
            run(next.get());
        }
    }

    private <T> void run(Judgement<T> judgement) {
        Context context = judgement.lane().context();
        if (judgement.abandoned().getAsBoolean()) {
            context.runOnContext(turn -> {
                end(judgement);
                judgement.done().fail(new Failure(Reason.TIMED_OUT, "nobody waits for it any more"));
            });
            return;
        }
        context.executeBlocking(judgement.work(), false).onComplete(done -> {
            end(judgement);
            if (done.succeeded()) {
                judgement.done().complete(done.result());
            } else {
                judgement.done().fail(done.cause());
            }
        });
    }

    /** The next judgement that may begin: chains in turn, and of a chain the first whose order lets it. */
    private synchronized Optional<Judgement<?>> take() {
        if (inWork >= runningMax) {
            return Optional.empty();
        }
        Optional<Judgement<?>> found = waiting.keySet().stream()
                .filter(chain -> running.getOrDefault(chain, 0) < runningOfChainMax)
                .flatMap(chain -> free(chain).stream())
                .findFirst();
        found.ifPresent(this::begun);
        return found;
    }

    private Optional<Judgement<?>> free(Hash chain) {
        for (Judgement<?> judgement : waiting.get(chain)) {
            if (!busy.contains(judgement.lane())) {
                return Optional.of(judgement);
            }
        }
        return Optional.empty();
    }

    private void begun(Judgement<?> judgement) {
        Hash chain = judgement.lane().chain();
        Deque<Judgement<?>> line = waiting.remove(chain);
        line.remove(judgement);
        if (!line.isEmpty()) {
            // Behind the others, whose turn it is now.
            waiting.put(chain, line);
        }
        queued--;
        inWork++;
        running.merge(chain, 1, Integer::sum);
        busy.add(judgement.lane());
    }

    private void end(Judgement<?> judgement) {
        synchronized (this) {
            Lane lane = judgement.lane();
            busy.remove(lane);
            inWork--;
            if (running.merge(lane.chain(), -1, Integer::sum) <= 0) {
                running.remove(lane.chain());
            }
        }
        begin();
    }
}
