package io.qbc.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusLoadTest {
    private static final Payloads PAYLOADS = new Payloads(Payloads.BODY_BYTES_MIN);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger waitingMost = new AtomicInteger();
    private final Set<String> orders = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        Patience.get(vertx.close());
    }

    private void serve(String chain, boolean accepting) {
        vertx.eventBus().<JsonObject>consumer("qbc.v1." + chain + ".transactions.inject", message -> {
            waitingMost.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            received.incrementAndGet();
            orders.add(message.body().getJsonObject("data").getString("order"));
            vertx.runOnContext(any -> {
                waiting.decrementAndGet();
                if (accepting) {
                    message.reply(new JsonObject());
                } else {
                    message.fail(503, "");
                }
            });
        });
    }

    private BusLoad.Outcome run(BusLoad load, OptionalDouble rate) {
        return Patience.get(load.run(Duration.ofMillis(300), rate));
    }

    @Test
    void aClosedLoopKeepsSoManyUnderWayOverAllChains() {
        serve("a", true);
        serve("b", true);
        BusLoad.Outcome outcome = run(new BusLoad(vertx, PAYLOADS, List.of("a", "b"), 8), OptionalDouble.empty());
        assertThat(outcome.failed()).isZero();
        assertThat(outcome.latencies().getTotalCount())
                .isEqualTo(received.get())
                .isPositive();
        assertThat(orders).hasSize((int) received.get());
        assertThat(waitingMost.get()).isBetween(1, 8);
        assertThat(outcome.json().getDouble("rate")).isEqualTo(outcome.rate());
    }

    @Test
    void anOpenLoopSendsWhatIsDueAndNoMore() {
        serve("a", true);
        BusLoad.Outcome outcome = run(new BusLoad(vertx, PAYLOADS, List.of("a"), 1000), OptionalDouble.of(200));
        assertThat(outcome.latencies().getTotalCount() + outcome.late()).isEqualTo(60);
    }

    @Test
    void whatIsRefusedCountsAsFailed() {
        serve("a", false);
        BusLoad.Outcome outcome = run(new BusLoad(vertx, PAYLOADS, List.of("a"), 2), OptionalDouble.of(100));
        assertThat(outcome.failed()).isPositive();
        assertThat(outcome.failed() + outcome.late()).isEqualTo(30);
        assertThat(received.get()).isEqualTo(outcome.failed());
        assertThat(outcome.rate()).isZero();
    }
}
