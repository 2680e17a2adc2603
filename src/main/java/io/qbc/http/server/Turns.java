package io.qbc.http.server;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The turns that long works of one event loop take: each is cut into slices, and when slices have had some milliseconds
 * the rest waits for the loop's next round, so that all else comes in between however many works there are.
 */
public final class Turns {
    private static final long ROUND_NANOS = 2_000_000;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long began;
    private boolean inRound;

    /** Runs a slice, at once if there is time for it in this round. */
    public void take(Runnable slice) {
        if (!inRound) {
            begin();
        }
        if (waiting.isEmpty() && System.nanoTime() - began < ROUND_NANOS) {
            slice.run();
        } else {
            waiting.add(slice);
        }
    }

    private void begin() {
        inRound = true;
        began = System.nanoTime();
        Vertx.currentContext().runOnContext(round -> next());
    }

    private void next() {
        inRound = false;
        if (waiting.isEmpty()) {
            return;
        }
        begin();
        do {
            waiting.poll().run();
        } while (!waiting.isEmpty() && System.nanoTime() - began < ROUND_NANOS);
    }
}
