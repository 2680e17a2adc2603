package io.qbc.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.model.Hash;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The generator against servers of which all is known. */
class LoadGeneratorTest {
    private static final Payloads PAYLOADS = new Payloads(170);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private int echo() {
        EchoVerticle echo = new EchoVerticle(0);
        vertx.deployVerticle(echo).await();
        return echo.port();
    }

    private int server(Handler<HttpServerRequest> handler) {
        return vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, Http.HOST)
                .await()
                .actualPort();
    }

    @Test
    void aClosedLoopKeepsEveryConnectionBusy() throws IOException {
        List<Hash> ids = new ArrayList<>();
        Load load = Load.closed(echo(), 8, PAYLOADS.single(), Duration.ofSeconds(1))
                .telling(response -> ids.addAll(IdScanner.first(response.body(), 1)));

        LoadReport report = LoadGenerator.run(load);

        assertThat(report.trouble()).isEmpty();
        assertThat(report.status(202)).isGreaterThanOrEqualTo(8);
        assertThat(report.latencies().getTotalCount()).isEqualTo(report.accepted());
        assertThat(ids).hasSize((int) report.accepted()).doesNotHaveDuplicates();
        assertThat(report.seconds()).isGreaterThan(0.5);
    }

    @Test
    void anOpenLoopSendsWhatItsTimetableSays() throws IOException {
        Load load = Load.closed(echo(), 8, PAYLOADS.single(), Patience.CONDITION)
                .at(400)
                .atMost(400)
                .marking(() -> true);

        LoadReport report = LoadGenerator.run(load);

        assertThat(report.trouble()).isEmpty();
        assertThat(report.accepted()).isEqualTo(400);
        assertThat(report.marked().getTotalCount()).isEqualTo(400);
        assertThat(report.seconds()).isGreaterThan(0.9);
    }

    @Test
    void anOpenLoopCountsTheWaitForASlowServer() throws IOException {
        int port = server(
                request -> vertx.setTimer(100, timer -> request.response().end()));
        Load load = Load.closed(port, 1, PAYLOADS.single(), Patience.CONDITION)
                .at(20)
                .atMost(10);

        LoadReport report = LoadGenerator.run(load);

        // One every 50 ms is due, one every 100 ms is answered: the tenth waits for about half a second.
        assertThat(report.accepted()).isEqualTo(10);
        assertThat(report.latencies().getMaxValue()).isGreaterThan(400_000_000L);
    }

    @Test
    void whatFindsNoConnectionInTimeIsGivenUp() throws IOException {
        int port = server(
                request -> vertx.setTimer(200, timer -> request.response().end()));
        Load load = Load.closed(port, 1, PAYLOADS.single(), Patience.CONDITION)
                .at(100)
                .atMost(60)
                .patient(Duration.ofMillis(50));

        LoadReport report = LoadGenerator.run(load);

        assertThat(report.unsent()).isPositive();
        assertThat(report.accepted() + report.unsent()).isEqualTo(60);
    }

    @Test
    void sendsBatchesLargerThanASocketTakesAndReadsChunkedAnswers() throws IOException {
        int port = server(request -> request.body().onSuccess(body -> {
            var response = request.response().setChunked(true);
            response.write("lines ");
            response.write("x".repeat(100_000));
            response.end(" " + body.toString().lines().count());
        }));
        List<String> bodies = new ArrayList<>();
        Load load = Load.closed(port, 2, PAYLOADS.batches(50_000), Patience.CONDITION)
                .atMost(4)
                .telling(response -> bodies.add(response.body()));

        LoadReport report = LoadGenerator.run(load);

        assertThat(report.trouble()).isEmpty();
        assertThat(bodies).hasSize(4).allMatch(body -> body.startsWith("lines xx") && body.endsWith(" 50000"));
    }

    @Test
    void takesAFreshConnectionWhenTheServerClosesTheOld() throws IOException {
        int port = server(
                request -> request.response().putHeader("Connection", "close").end("{}"));

        LoadReport report = LoadGenerator.run(
                Load.closed(port, 2, PAYLOADS.single(), Patience.CONDITION).atMost(50));

        assertThat(report.status(200)).isEqualTo(50);
        assertThat(report.trouble()).isEmpty();
    }

    @Test
    void tellsPoliteRefusalsFromRudeOnesAndFaults() throws IOException {
        AtomicInteger count = new AtomicInteger();
        int port = server(request -> {
            switch (count.getAndIncrement() % 4) {
                case 0 ->
                    request.response()
                            .setStatusCode(503)
                            .putHeader("Retry-After", "1")
                            .end();
                case 1 -> request.response().setStatusCode(429).end();
                case 2 -> request.response().setStatusCode(500).end();
                default -> request.connection().close();
            }
        });

        LoadReport report = LoadGenerator.run(
                Load.closed(port, 1, PAYLOADS.single(), Patience.CONDITION).atMost(8));

        assertThat(report.status(503)).isEqualTo(2);
        assertThat(report.rude()).isEqualTo(2);
        assertThat(report.broken()).isEqualTo(2);
        assertThat(report.faults()).isEqualTo(4);
        assertThat(report.accepted()).isZero();
        assertThat(report.trouble()).contains("503=2").contains("broken 2");
    }
}
