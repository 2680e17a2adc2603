package io.qbc.mining;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.Known;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A key whose promises may be lost")
class SlashingProtectionTest {
    private static final Duration ASK = Patience.ANSWER;
    private static final long LISTENING = 3000;
    private static final ChainSpec SPEC = Samples.engine(
            "poa", "poa", Map.of("period", 100L, "delay", 50L), Samples.SIGNER.key(), Samples.OTHER.key());
    private static final Engine ENGINE = Engines.of(SPEC.consensus()).orElseThrow();

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong(Samples.GENESIS_TIME + 60_000);
    private final AtomicReference<SigningRecord> stored = new AtomicReference<>(SigningRecord.NONE);
    private final AtomicReference<List<Known>> heard = new AtomicReference<>(List.of());
    private Bus bus;

    @BeforeEach
    void serve() throws Exception {
        Bus.install(vertx);
        bus = new Bus(vertx, ASK);
        done(bus.serve(Catalogue.FIND_SIGNING_RECORD, find -> Future.succeededFuture(stored.get())));
        done(bus.serve(Catalogue.KEEP_SIGNING_RECORD, keep -> {
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
        SlashingProtection slashingProtection = vows(false);
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection)).as("no stage that knows peers").isEmpty();
        serveHeard();
        refusedFor(slashingProtection);
        refusedFor(slashingProtection, new Known(Samples.pow("other").id(), "other", true, false));
        refusedFor(slashingProtection, new Known(SPEC.id(), "poa", true, true));
        heard.set(List.of(new Known(SPEC.id(), "poa", true, false)));
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection))
                .as("the tip was read before the peer was heard")
                .isEmpty();
        assertThat(slashingProtection.quietUntil()).isLessThanOrEqualTo(now.get());
        SigningRecord first = ENGINE.forgotten(Tip.genesis(SPEC).parent(), now.get());
        assertThat(ask(slashingProtection)).contains(first);
        assertThat(stored).hasValue(first);
    }

    @Test
    @DisplayName("listens on, and asks again, as long as old quants come in")
    void oldQuants() throws Exception {
        serveHeard();
        heard.set(List.of(new Known(SPEC.id(), "poa", true, false)));
        SlashingProtection slashingProtection = vows(false);
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection)).isEmpty();
        slashingProtection.headMoved(Tip.genesis(SPEC).head());
        assertThat(ask(slashingProtection)).isEmpty();
        assertThat(slashingProtection.quietUntil()).isEqualTo(now.get() + LISTENING);
        heard.set(List.of());
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection)).isEmpty();
        assertThat(ask(slashingProtection)).isEmpty();
    }

    @Test
    @DisplayName("does not wait for peers where nobody else could know, nor where a promise is stored")
    void alone() throws Exception {
        SlashingProtection slashingProtection = vows(true);
        assertThat(ask(slashingProtection)).isEmpty();
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection)).isEmpty();
        assertThat(ask(slashingProtection)).isPresent();
        assertThat(ask(vows(false))).contains(stored.get());
    }

    @Test
    @DisplayName("hears a peer that has more also where nobody need have anything")
    void aloneButBehind() throws Exception {
        serveHeard();
        SlashingProtection slashingProtection = vows(true);
        refusedFor(slashingProtection, new Known(SPEC.id(), "poa", true, true));
        heard.set(List.of());
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection)).isEmpty();
        assertThat(ask(slashingProtection)).isPresent();
    }

    private void serveHeard() throws Exception {
        done(bus.serve(
                Catalogue.FIND_FOLLOWING, find -> Future.succeededFuture(new Following(List.of(), heard.get()))));
    }

    private void refusedFor(SlashingProtection slashingProtection, Known... known) throws Exception {
        heard.set(List.of(known));
        now.addAndGet(LISTENING);
        assertThat(ask(slashingProtection)).isEmpty();
        assertThat(slashingProtection.quietUntil()).isGreaterThan(now.get());
        assertThat(ask(slashingProtection)).isEmpty();
        assertThat(stored).hasValue(SigningRecord.NONE);
    }

    private SlashingProtection vows(boolean alone) {
        return new SlashingProtection(
                bus, SPEC.id(), ENGINE, () -> Instant.ofEpochMilli(now.get()), Duration.ofMillis(LISTENING), alone);
    }

    private static Optional<SigningRecord> ask(SlashingProtection slashingProtection) throws Exception {
        return done(slashingProtection.current(Tip.genesis(SPEC)));
    }

    private static <T> T done(Future<T> future) throws Exception {
        return Patience.outcome(future);
    }
}
