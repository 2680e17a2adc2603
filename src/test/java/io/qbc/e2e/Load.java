package io.qbc.e2e;

import io.qbc.Patience;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that go on injecting into one chain, one for each of its places, and know what was acknowledged. */
final class Load implements AutoCloseable {
    /** After so many injections a client waits until its last one is in a quant. */
    private static final int BURST = 5;

    private static final List<Integer> TAKEN = List.of(200, 201, 202);

    private final String name;
    private final ExecutorService clients;
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean ended;

    private Load(List<ChainClient> places) {
        name = places.get(0).name();
        clients = Executors.newFixedThreadPool(places.size());
    }

    static Load on(List<ChainClient> places) {
        Load load = new Load(places);
        places.forEach(place -> load.clients.execute(() -> load.run(place)));
        return load;
    }

    /** Waits until so many more are acknowledged. */
    void awaitMore(int count) {
        int before = acknowledged.size();
        Await.until(count + " more are in " + name, () -> acknowledged.size() >= before + count);
    }

    /** Ends the clients; the ids of all that was acknowledged. Fails if an answer was other than it may be. */
    Set<String> end() {
        close();
        if (!wrong.isEmpty()) {
            throw new AssertionError(name + ": " + wrong.size() + " wrong answers, first " + wrong.peek());
        }
        return new TreeSet<>(acknowledged);
    }

    @Override
    public void close() {
        ended = true;
        clients.shutdown();
        try {
            if (!clients.awaitTermination(Patience.PROCESS.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the clients of " + name + " do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void run(ChainClient place) {
        for (int i = 1; !ended; i++) {
            String json = "{\"n\":" + numbers.incrementAndGet() + "}";
            try {
                Answer answer = i % BURST == 0 ? place.inject(json, "Prefer", "wait=2") : place.inject(json);
                if (TAKEN.contains(answer.status())) {
                    acknowledged.add(answer.json().get("id").textValue());
                } else if (answer.status() != 503) {
                    wrong.add(answer.toString());
                    return;
                }
            } catch (RuntimeException nodeIsGone) {
                // What was not acknowledged may be in the chain or not. A client of a dead node has nothing more to do.
                return;
            }
        }
    }
}
