package io.qbc.e2e.hostile;

import io.qbc.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Attackers who each go on with the same round until all are ended, and what came of their calls. */
public final class Attacks implements AutoCloseable {
    private static final int ATTACKERS_MAX = 16;
    private static final long PAUSE_MILLIS = 100;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(ATTACKERS_MAX);
    private final List<ScheduledFuture<?>> attackers = new ArrayList<>();
    private final Map<String, Map<Integer, Integer>> statuses = new ConcurrentSkipListMap<>();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();

    /** Begins an attack, whose round gives the statuses of its answers. */
    public void begin(String name, Callable<List<Integer>> round) {
        Map<Integer, Integer> counts = new TreeMap<>();
        statuses.put(name, counts);
        attackers.add(
                threads.scheduleWithFixedDelay(() -> run(name, round, counts), 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void run(String name, Callable<List<Integer>> round, Map<Integer, Integer> counts) {
        try {
            List<Integer> answers = round.call();
            synchronized (counts) {
                answers.forEach(status -> counts.merge(status, 1, Integer::sum));
            }
        } catch (Exception e) {
            broken.add(name + ": " + e);
        }
    }

    /** How often each status was answered, by the attack's name; to be asked after the end. */
    public Map<String, Map<Integer, Integer>> statuses() {
        return statuses;
    }

    /** What kept attackers from attacking. */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /** Ends all attacks after the round that each is at. */
    @Override
    public void close() {
        attackers.forEach(attacker -> attacker.cancel(false));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(Patience.PROCESS.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the attackers do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
