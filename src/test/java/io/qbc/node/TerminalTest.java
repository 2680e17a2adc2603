package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.PeerTraffic;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final CatchUp RUN = new CatchUp(SPEC.id(), "http://peer:5000", 3, 9, Duration.ofSeconds(2));

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aCatchUpIsShownWhileItLasts() {
        Bus.install(vertx);
        Bus bus = new Bus(vertx, Patience.ANSWER);
        AtomicReference<List<CatchUp>> runs = new AtomicReference<>(List.of(RUN));
        StringWriter shown = new StringWriter();
        Future.all(
                        bus.serve(
                                Catalogue.FIND_PEERS,
                                q -> Future.succeededFuture(
                                        new Peers(Samples.SIGNER.key(), "", List.of(), runs.get(), PeerTraffic.NONE))),
                        bus.serve(Catalogue.FIND_TIP, q -> Future.succeededFuture(Tip.genesis(SPEC))),
                        vertx.deployVerticle(
                                new TerminalVerticle(new PrintWriter(shown), InstantSource.system(), Patience.ANSWER)))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        await().until(() -> shown.toString().contains("\rcatching up from http://peer:5000: height 3 of 9"));
        runs.set(List.of());
        await().until(() -> shown.toString().endsWith("\r\u001b[K"));
        assertThat(shown.toString()).doesNotContain("\n");
    }
}
