package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.limits.ByteBudget;
import io.qbc.config.NodeConfig.Budgets;
import io.qbc.e2e.hostile.HeldSockets;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers who do not read, or do not go on sending, can make a node hold. */
class BudgetsTest {
    private static final String QUANTS = "/v1/chains/main/quants";
    private static final String TRANSACTIONS = "/v1/chains/main/transactions";
    private static final String NDJSON = "application/x-ndjson";
    private static final String HERE = "127.0.0.1";
    private static final int BUDGET_BYTES = 2 << 20;
    /** More than the system takes of a connection's before its caller reads. */
    private static final int LONG_CHAIN_TRANSACTIONS = 3000;

    private static final int TRANSACTION_BYTES = 10_000;
    /** What a batch holds in any case. */
    private static final int RESERVE_BYTES = 64 * 1024;

    /** More than one piece of an answer. */
    private static final int PIECE_BYTES = 1 << 20;

    /** What a test waits for that wants to see a timeout. */
    private static final Duration SHORT = Patience.stretch(Duration.ofMillis(600));

    private HttpFixture httpFixture;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin(Duration stall, int rateBytes) {
        begin(BUDGET_BYTES, stall, rateBytes);
    }

    private void begin(long bytes, Duration stall, int rateBytes) {
        Budgets budgets = new Budgets(bytes, bytes, stall, rateBytes, 100, List.of());
        httpFixture = new HttpFixture(base -> Samples.with(base, budgets));
    }

    private void longChain() {
        for (int i = 0; i < 10; i++) {
            int count = LONG_CHAIN_TRANSACTIONS / 10;
            httpFixture.node.leap(httpFixture.node.transactions(i * count, count, TRANSACTION_BYTES));
        }
    }

    private ByteBudget streamBytes() {
        return httpFixture.sharedLimits.streamBytes();
    }

    private ByteBudget bodyBytes() {
        return httpFixture.sharedLimits.bodyBytes();
    }

    @Test
    void aReaderWhoTakesNothingIsCutOffAndLeavesNothingBehind() {
        begin(SHORT, 1);
        longChain();
        for (String path : List.of(QUANTS, "/json-chain")) {
            long before = httpFixture.sharedLimits.stalledReaders().sum();
            try (HeldSockets reader = HeldSockets.unread(httpFixture.port(), HERE, 1, path, "*/*, " + NDJSON)) {
                await().until(() -> httpFixture.sharedLimits.stalledReaders().sum() == before + 1);
                // The caller has not closed; the node has.
                await().until(() -> httpFixture.sharedLimits.connections().inUse() == 0);
                assertThat(reader.answers()).noneMatch(answer -> answer.endsWith("0\r\n\r\n"));
            }
            await().until(() -> httpFixture.sharedLimits.streams().inUse() == 0);
            assertThat(streamBytes().held()).isZero();
        }
    }

    @Test
    void aReaderWhoTakesNothingHoldsLittleHoweverLongTheChain() {
        begin(16 * BUDGET_BYTES, Patience.ANSWER, 1);
        longChain();
        try (HeldSockets readers = HeldSockets.unread(httpFixture.port(), HERE, 4, QUANTS, NDJSON)) {
            AtomicInteger before = new AtomicInteger(-1);
            await().pollInterval(SHORT).until(() -> {
                int now = httpFixture.node.reads.get();
                return before.getAndSet(now) == now;
            });
            // Each stands still with a piece on its way, for which it holds far less than while it was quick.
            await().until(() -> streamBytes().held() < 4L * PIECE_BYTES);
            assertThat(streamBytes().held()).isPositive();
            assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(readers.count());
            assertThat(lines()).hasSize(11);
        }
        await().until(() -> httpFixture.sharedLimits.streams().inUse() == 0);
        assertThat(streamBytes().held()).isZero();
    }

    private List<String> lines() {
        HttpResponse<String> answer =
                httpFixture.send(httpFixture.request(QUANTS).header("Accept", NDJSON));
        return answer.body().lines().toList();
    }

    @Test
    void moreReadersThanTheBudgetAllowsAreRefusedAndTheOthersServed() {
        begin(Patience.ANSWER, 1);
        assertThat(streamBytes().take(BUDGET_BYTES)).isTrue();
        HttpResponse<String> refused = httpFixture.get(QUANTS);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("busy");
        streamBytes().release(BUDGET_BYTES);
        assertThat(httpFixture.get(QUANTS).statusCode()).isEqualTo(200);
        await().until(() -> streamBytes().held() == 0);
    }

    @Test
    void aLongAnswerThatIsNoStreamIsCountedToo() {
        begin(Patience.ANSWER, 1);
        httpFixture.node.leap(httpFixture.node.transactions(0, 1, 900_000));
        String id = httpFixture.node.quant(1).transactions().get(0).id().hex();
        assertThat(streamBytes().take(BUDGET_BYTES - 1000)).isTrue();
        assertThat(httpFixture.get(TRANSACTIONS + "/" + id).statusCode()).isEqualTo(503);
        streamBytes().release(BUDGET_BYTES - 1000);
        assertThat(httpFixture.get(TRANSACTIONS + "/" + id).statusCode()).isEqualTo(200);
        await().until(() -> streamBytes().held() == 0);
    }

    @Test
    void aReaderWhoCreepsIsCutOff() throws Exception {
        begin(SHORT, 1 << 30);
        longChain();
        HttpResponse<InputStream> answer =
                httpFixture.send(httpFixture.request(QUANTS).header("Accept", NDJSON), BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                in.readNBytes(100);
                return httpFixture.sharedLimits.stalledReaders().sum() == 1;
            });
        }
        await().until(() -> httpFixture.sharedLimits.streams().inUse() == 0);
    }

    @Test
    void bodiesCountAsTheyArriveAndNotAsTheySay() {
        begin(Patience.ANSWER, 1);
        byte[] piece = "a".repeat(5000).getBytes(StandardCharsets.US_ASCII);
        try (HeldSockets claims =
                HeldSockets.bodies(httpFixture.port(), HERE, 20, TRANSACTIONS, "application/json", 1_000_000)) {
            await().until(() -> httpFixture.sharedLimits.requests().inUse() == 20);
            assertThat(bodyBytes().held()).isZero();
            claims.write(piece);
            await().until(() -> bodyBytes().held() >= 20L * piece.length);
            assertThat(bodyBytes().held()).isLessThan(20L * 3 * piece.length);
        }
        await().until(() -> bodyBytes().held() == 0);
    }

    @Test
    void bodiesOverTheBudgetAreRefusedAndTheirRoomComesBack() {
        begin(Patience.ANSWER, 1);
        byte[] piece = "a".repeat(250_000).getBytes(StandardCharsets.US_ASCII);
        try (HeldSockets held =
                HeldSockets.bodies(httpFixture.port(), HERE, 4, TRANSACTIONS, "application/json", 900_000)) {
            held.write(piece);
            await().until(() -> bodyBytes().held() >= 4 * 250_000);
            String large = "{\"data\":\"" + "b".repeat(900_000) + "\"}";
            HttpResponse<String> refused = httpFixture.sendTooMuch(httpFixture
                    .request(TRANSACTIONS)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(large)));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(httpFixture.post(TRANSACTIONS, "{\"data\":1}").statusCode())
                    .isEqualTo(202);
        }
        await().until(() -> bodyBytes().held() == 0);
        assertThat(httpFixture
                        .post(TRANSACTIONS, "{\"data\":\"" + "b".repeat(900_000) + "\"}")
                        .statusCode())
                .isEqualTo(202);
        await().until(() -> bodyBytes().held() == 0);
    }

    @Test
    void aBatchCountsWhatItHasNotSettled() {
        begin(Patience.ANSWER, 1);
        byte[] half = ("{\"data\":\"" + "a".repeat(50_000)).getBytes(StandardCharsets.US_ASCII);
        try (HeldSockets batch = HeldSockets.bodies(httpFixture.port(), HERE, 1, TRANSACTIONS, NDJSON, 100_000)) {
            batch.write(half);
            await().until(() -> bodyBytes().held() == RESERVE_BYTES + half.length);
            batch.write("\"}\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> bodyBytes().held() == RESERVE_BYTES);
            batch.write("{".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> bodyBytes().held() == RESERVE_BYTES + 1);
        }
        await().until(() -> bodyBytes().held() == 0);
        assertThat(bodyBytes().take(BUDGET_BYTES)).isTrue();
        String line = "{\"data\":1}\n";
        assertThat(httpFixture.post(TRANSACTIONS, line, "Content-Type", NDJSON).statusCode())
                .isEqualTo(503);
        bodyBytes().release(BUDGET_BYTES);
    }

    @Test
    void aBatchWaitsForRoomAmongTheBodies() {
        begin(Patience.ANSWER, 1);
        assertThat(bodyBytes().take(BUDGET_BYTES - RESERVE_BYTES)).isTrue();
        byte[] lines = "{\"data\":1}\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        try (HeldSockets batch = HeldSockets.bodies(httpFixture.port(), HERE, 1, TRANSACTIONS, NDJSON, lines.length)) {
            Thread sender = new Thread(() -> batch.write(lines));
            sender.start();
            await().until(() -> httpFixture.sharedLimits.requests().inUse() == 1);
            bodyBytes().release(BUDGET_BYTES - RESERVE_BYTES);
            await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
            await().until(() -> !sender.isAlive());
            assertThat(httpFixture.node.injects).isNotEmpty();
        }
        await().until(() -> bodyBytes().held() == 0);
    }

    @Test
    void aBatchWhoseAnswersNobodyReadsIsCutOff() {
        begin(SHORT, 1);
        byte[] lines = "?\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        try (HeldSockets batch = HeldSockets.bodies(httpFixture.port(), HERE, 1, TRANSACTIONS, NDJSON, lines.length)) {
            Thread sender = new Thread(() -> batch.write(lines));
            sender.start();
            await().until(() -> httpFixture.sharedLimits.stalledReaders().sum() == 1);
            await().until(() -> httpFixture.sharedLimits.connections().inUse() == 0);
            await().until(() -> !sender.isAlive());
        }
        await().until(() -> bodyBytes().held() == 0 && streamBytes().held() == 0);
    }

    @Test
    void theBudgetsAreAmongTheMetrics() {
        begin(Patience.ANSWER, 1);
        assertThat(bodyBytes().take(7)).isTrue();
        MetricsText page = new MetricsText(httpFixture.get("/metrics").body());
        assertThat(page.value("qbc_http_body_bytes", Map.of())).contains(7.0);
        assertThat(page.value("qbc_http_body_limit_bytes", Map.of())).contains((double) BUDGET_BYTES);
        assertThat(page.value("qbc_http_stream_bytes", Map.of())).contains(0.0);
        assertThat(page.value("qbc_http_stream_limit_bytes", Map.of())).contains((double) BUDGET_BYTES);
        bodyBytes().release(7);
    }
}
