package io.qbc.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final int SLICES = 20;
    /** A slice that takes longer than all of a round. */
    private static final long SLICE_NANOS = 3_000_000;

    private static final int OTHER = -1;

    @Test
    void slicesKeepTheirOrderAndOthersComeInBetween() {
        Vertx vertx = Vertx.vertx();
        try {
            Turns turns = new Turns();
            List<Integer> ran = new ArrayList<>();
            Promise<Void> done = Promise.promise();
            vertx.runOnContext(begin -> {
                IntStream.range(0, SLICES).forEach(i -> turns.take(() -> work(ran, i, done)));
                vertx.getOrCreateContext().runOnContext(other -> ran.add(OTHER));
            });
            Patience.get(done.future());
            assertThat(ran.indexOf(OTHER)).isBetween(1, 2);
            ran.remove(Integer.valueOf(OTHER));
            assertThat(ran)
                    .containsExactlyElementsOf(
                            IntStream.range(0, SLICES).boxed().toList());
        } finally {
            Patience.get(vertx.close());
        }
    }

    private static void work(List<Integer> ran, int slice, Promise<Void> done) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < SLICE_NANOS) {
            Thread.onSpinWait();
        }
        ran.add(slice);
        if (slice == SLICES - 1) {
            done.complete();
        }
    }
}
