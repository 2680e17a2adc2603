package io.qbc.mining;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.Known;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Promise;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A key whose promises may be lost")
class VowsTest {
    private static final Duration ASK = Duration.ofSeconds(20);
    private static final long LISTENING = 3000;
    private static final ChainSpec SPEC = Samples.engine(
            "poa", "poa", Map.of("period", 100L, "delay", 50L), Samples.SIGNER.key(), Samples.OTHER.key());
    private static final Engine ENGINE = Engines.of(SPEC.consensus()).orElseThrow();

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong(Samples.GENESIS_TIME + 60_000);
    private final AtomicReference<Promise> stored = new AtomicReference<>(Promise.NONE);
    private final AtomicReference<List<Known>> heard = new AtomicReference<>(List.of());
    private Bus bus;

    @BeforeEach
    void serve() throws Exception {
        Bus.install(vertx);
        bus = new Bus(vertx, ASK);
        done(bus.serve(Catalogue.FIND_PROMISE, find -> Future.succeededFuture(stored.get())));
        done(bus.serve(Catalogue.KEEP_PROMISE, keep -> {
            stored.set(keep.after());
            return Future.succeededFuture(keep.after());
        }));
    }

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    @Test
    @DisplayName("binds itself only when it has listened, and a peer has no more of the chain than is here")
    void listens() throws Exception {
        Vows vows = vows(false);
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).as("no stage that knows peers").isEmpty();
        serveHeard();
        refusedFor(vows);
        refusedFor(vows, new Known(Samples.pow("other").id(), "other", true, false));
        refusedFor(vows, new Known(SPEC.id(), "poa", true, true));
        heard.set(List.of(new Known(SPEC.id(), "poa", true, false)));
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).as("the tip was read before the peer was heard").isEmpty();
        assertThat(vows.quietUntil()).isLessThanOrEqualTo(now.get());
        Promise first = ENGINE.forgotten(Tip.genesis(SPEC).parent(), now.get());
        assertThat(ask(vows)).contains(first);
        assertThat(stored).hasValue(first);
    }

    @Test
    @DisplayName("listens on, and asks again, as long as old quants come in")
    void oldQuants() throws Exception {
        serveHeard();
        heard.set(List.of(new Known(SPEC.id(), "poa", true, false)));
        Vows vows = vows(false);
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).isEmpty();
        vows.headMoved(Tip.genesis(SPEC).head());
        assertThat(ask(vows)).isEmpty();
        assertThat(vows.quietUntil()).isEqualTo(now.get() + LISTENING);
        heard.set(List.of());
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).isEmpty();
        assertThat(ask(vows)).isEmpty();
    }

    @Test
    @DisplayName("does not wait for peers where nobody else could know, nor where a promise is stored")
    void alone() throws Exception {
        Vows vows = vows(true);
        assertThat(ask(vows)).isEmpty();
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).isEmpty();
        assertThat(ask(vows)).isPresent();
        assertThat(ask(vows(false))).contains(stored.get());
    }

    @Test
    @DisplayName("hears a peer that has more also where nobody need have anything")
    void aloneButBehind() throws Exception {
        serveHeard();
        Vows vows = vows(true);
        refusedFor(vows, new Known(SPEC.id(), "poa", true, true));
        heard.set(List.of());
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).isEmpty();
        assertThat(ask(vows)).isPresent();
    }

    private void serveHeard() throws Exception {
        done(bus.serve(
                Catalogue.FIND_FOLLOWING, find -> Future.succeededFuture(new Following(List.of(), heard.get()))));
    }

    private void refusedFor(Vows vows, Known... known) throws Exception {
        heard.set(List.of(known));
        now.addAndGet(LISTENING);
        assertThat(ask(vows)).isEmpty();
        assertThat(vows.quietUntil()).isGreaterThan(now.get());
        assertThat(ask(vows)).isEmpty();
        assertThat(stored).hasValue(Promise.NONE);
    }

    private Vows vows(boolean alone) {
        return new Vows(
                bus, SPEC.id(), ENGINE, () -> Instant.ofEpochMilli(now.get()), Duration.ofMillis(LISTENING), alone);
    }

    private static Optional<Promise> ask(Vows vows) throws Exception {
        return done(vows.current(Tip.genesis(SPEC)));
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
