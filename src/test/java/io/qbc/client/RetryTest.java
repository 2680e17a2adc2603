package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.answer.BatchResult;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.ChainEvent.QuantCame;
import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.QbcException;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TransactionRequest;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the client does with nodes that refuse, do not answer, or end in the middle. */
class RetryTest {
    private static final String HASH = "ab".repeat(32);
    private static final String TAKEN = "{\"id\":\"" + HASH + "\",\"chain\":\"" + HASH + "\",\"state\":\"pending\"}";

    private final Vertx vertx = Vertx.vertx();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<QbcClient> clients = new ArrayList<>();

    @AfterEach
    void end() {
        clients.forEach(client -> Patience.get(client.close()));
        Patience.get(vertx.close());
    }

    /** A server whose n-th request is answered so. */
    @SafeVarargs
    private final String server(Handler<HttpServerRequest>... answers) {
        AtomicInteger count = new AtomicInteger();
        HttpServer server = Patience.get(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    bodies.add(body.toString());
                    answers[Math.min(count.getAndIncrement(), answers.length - 1)].handle(request);
                }))
                .listen(0, "127.0.0.1"));
        return "http://127.0.0.1:" + server.actualPort();
    }

    private static void taken(HttpServerRequest request) {
        request.response().setStatusCode(202).end(TAKEN);
    }

    private static Handler<HttpServerRequest> refused(int status, String code, String retryAfter) {
        String problem = new JsonObject()
                .put("code", code)
                .put("title", "No")
                .put("detail", "not now")
                .put("retryable", status != 422)
                .encode();
        return request -> request.response()
                .setStatusCode(status)
                .putHeader("Retry-After", retryAfter)
                .end(problem);
    }

    private static void cut(HttpServerRequest request) {
        request.connection().close();
    }

    private QbcClient client(ClientOptions options) {
        QbcClient client = QbcClient.rest(vertx, options);
        clients.add(client);
        return client;
    }

    private static QbcException failure(Future<?> future) {
        await().until(future::isComplete);
        return (QbcException) future.cause();
    }

    private static String key(String body) {
        return new JsonObject(body).getString("key");
    }

    @ParameterizedTest
    @CsvSource({"429, rate_limited", "503, busy", "503, pool_full", "507, store_full", "504, timed_out"})
    void whatPassesIsTriedAgainWithTheSameKey(int status, String code) {
        String node = server(refused(status, code, "0"), refused(status, code, "0"), RetryTest::taken);
        Patience.get(client(ClientOptions.of(node)).inject("main", TransactionRequest.json("1")));
        assertThat(bodies).hasSize(3);
        assertThat(bodies.stream().map(RetryTest::key)).containsOnly(key(bodies.get(0)));
        assertThat(key(bodies.get(0))).hasSize(32);
    }

    @Test
    void aNodeIsLeftAloneForAsLongAsItAsks() {
        String node = server(refused(503, "busy", "1"), RetryTest::taken);
        long begun = System.nanoTime();
        Patience.get(client(ClientOptions.of(node)).inject("main", TransactionRequest.json("1")));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whoWouldHaveToWaitTooLongIsToldAtOnce() {
        String node = server(refused(507, "store_full", "3600"));
        QbcException refused = failure(client(ClientOptions.of(node)).inject("main", TransactionRequest.json("1")));
        assertThat(refused.code()).isEqualTo("store_full");
        assertThat(refused.retryable()).isTrue();
        assertThat(bodies).hasSize(1);
    }

    @Test
    void theNextNodeIsAskedAtOnce() {
        String full = server(refused(507, "store_full", "3600"));
        String other = server(RetryTest::taken);
        Patience.get(client(ClientOptions.of(full, other)).inject("main", TransactionRequest.json("1")));
        assertThat(bodies).hasSize(2);
    }

    @Test
    void aRefusalForGoodIsNotTriedAgain() {
        String node = server(refused(422, "rules_broken", "0"));
        QbcException refused =
                failure(client(ClientOptions.of(node, node)).inject("main", TransactionRequest.json("1")));
        assertThat(refused.code()).isEqualTo("rules_broken");
        assertThat(refused.detail()).isEqualTo("not now");
        assertThat(bodies).hasSize(1);
    }

    @Test
    void anInjectWhoseAnswerWasLostIsSentAgain() {
        String node = server(RetryTest::cut, RetryTest::taken);
        Patience.get(client(ClientOptions.of(node)).inject("main", TransactionRequest.json("1")));
        assertThat(bodies).hasSize(2);
        assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
    }

    @Test
    void aLeapWhoseAnswerWasLostIsNot() {
        String node = server(RetryTest::cut);
        assertThat(failure(client(ClientOptions.of(node)).leap("main")).code()).isEqualTo(QbcException.UNREACHABLE);
        assertThat(bodies).hasSize(1);
    }

    @Test
    void aLeapThatIsRefusedForNowIs() {
        String done = "{\"chain\":\"" + HASH + "\",\"height\":1,\"hash\":\"" + HASH
                + "\",\"count\":1,\"quants\":1,\"treeSize\":1,\"timestamp\":1}";
        String node =
                server(refused(503, "busy", "0"), request -> request.response().end(done));
        assertThat(Patience.get(client(ClientOptions.of(node)).leap("main")).height())
                .isEqualTo(1);
    }

    @Test
    void whereNobodyListensTheNextNodeIsAskedAndRemembered() {
        String node = server(RetryTest::taken);
        QbcClient client = client(ClientOptions.of("http://127.0.0.1:1", node));
        Patience.get(client.inject("main", TransactionRequest.json("1")));
        Patience.get(client.inject("main", TransactionRequest.json("2")));
        assertThat(bodies).hasSize(2);
    }

    @Test
    void aNodeThatNeverAnswersIsGivenUp() {
        String silent = server(request -> {});
        ClientOptions options = ClientOptions.of(silent).withTimeouts(Duration.ofMillis(300), Duration.ofMillis(100));
        assertThat(failure(client(options).head("main")).code()).isEqualTo(QbcException.TIMED_OUT);
    }

    @Test
    void whatIsNoAnswerOfANodeIsSaid() {
        String other = server(request -> request.response().end("<html>"));
        assertThat(failure(client(ClientOptions.of(other)).head("main")).code()).isEqualTo(QbcException.ANSWER_INVALID);
        String wrong = server(request -> request.response().setStatusCode(404).end("<html>"));
        assertThat(failure(client(ClientOptions.of(wrong)).findTransaction("main", Hash.ZERO))
                        .code())
                .isEqualTo("http_404");
        assertThatIllegalArgumentException().isThrownBy(() -> ClientOptions.of("ftp://a.example"));
    }

    @Test
    void theCredentialIsShownAndNeverPrinted() {
        List<String> shown = new CopyOnWriteArrayList<>();
        String node = server(request -> {
            shown.add(request.getHeader("Authorization"));
            taken(request);
        });
        ClientOptions options = ClientOptions.of(node).withCredential("qbc_1_secret");
        Patience.get(client(options).inject("main", TransactionRequest.json("1")));
        assertThat(shown).containsExactly("Bearer qbc_1_secret");
        assertThat(options.toString()).doesNotContain("secret");
    }

    @Test
    void moreCallsThanMayBeInFlightWaitAndMoreThanMayWaitFail() {
        List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
        String node = server(held::add);
        QbcClient client = client(ClientOptions.of(node).withCalls(2, 1));
        List<Future<?>> calls = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            calls.add(client.inject("main", TransactionRequest.json("" + n)));
        }
        assertThat(failure(calls.get(3)).code()).isEqualTo(QbcException.CLIENT_BUSY);
        await().until(() -> held.size() == 2);
        taken(held.get(0));
        await().until(() -> held.size() == 3);
        held.subList(1, 3).forEach(RetryTest::taken);
        calls.subList(0, 3).forEach(Patience::get);
    }

    @Test
    void ofABatchOnlyWhatWasRefusedForNowIsSentAgain() {
        String good = "{\"id\":\"" + HASH + "\",\"state\":\"pending\"}\n";
        String full = "{\"code\":\"pool_full\",\"status\":503,\"retryable\":true,\"line\":2}\n";
        String bad = "{\"code\":\"rules_broken\",\"status\":422,\"retryable\":false,\"line\":3}\n";
        String node = server(
                request -> request.response().end(good + full + bad),
                request -> request.response().end(good));
        List<TransactionRequest> requests = IntStream.range(0, 4)
                .mapToObj(n -> TransactionRequest.json("" + n).withKey("key-" + n))
                .toList();
        QbcClient client = client(ClientOptions.of(node).withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        List<BatchResult> results = Patience.get(client.injectAll("main", requests));
        // The second answer is about the second line alone, so the fourth is sent a third time, and so on.
        assertThat(results.get(0)).isInstanceOf(BatchResult.Taken.class);
        assertThat(results.get(1)).isInstanceOf(BatchResult.Taken.class);
        assertThat(results.get(2)).isInstanceOf(BatchResult.Refused.class);
        assertThat(results.get(3)).isInstanceOf(BatchResult.Taken.class);
        assertThat(bodies).hasSize(3);
        assertThat(bodies.get(1).lines()).hasSize(2);
        assertThat(bodies.get(2).lines()).hasSize(1);
        assertThat(bodies.get(2)).contains("key-3");
    }

    @Test
    void aStreamThatBreaksGoesOnBehindTheLastEventThatWasHandled() {
        List<String> lastIds = new CopyOnWriteArrayList<>();
        Handler<HttpServerRequest> first = request -> {
            request.response().setChunked(true).write("retry: 2000\nid: 4-" + HASH + "\n\n" + event(5) + event(6));
            request.response()
                    .write("event: quant\nid: 7-")
                    .onSuccess(sent -> request.connection().close());
        };
        String node = server(
                first,
                request -> {
                    lastIds.add(request.getHeader("Last-Event-ID"));
                    refused(503, "busy", "0").handle(request);
                },
                request -> {
                    lastIds.add(request.getHeader("Last-Event-ID"));
                    request.response().setChunked(true).write(event(7));
                });
        List<Long> seen = new CopyOnWriteArrayList<>();
        EventStream stream = Patience.get(client(ClientOptions.of(node)).follow("main", FollowStart.now(), event -> {
            seen.add(height(event));
            return Future.succeededFuture();
        }));
        await().until(() -> seen.equals(List.of(5L, 6L, 7L)));
        assertThat(lastIds).containsOnly("6-" + HASH);
        await().until(() -> stream.place().orElseThrow().startsWith("7-"));
    }

    private static long height(ChainEvent event) {
        return ((QuantCame) event).quant().height();
    }

    private static String event(long height) {
        return "event: quant\nid: " + height + "-" + HASH + "\ndata: {\"chain\":\"" + HASH + "\",\"height\":" + height
                + ",\"hash\":\"" + HASH + "\",\"count\":0,\"treeSize\":0,\"timestamp\":1}\n\n";
    }

    @Test
    void callsOfAClosedClientFail() {
        String silent = server(request -> {});
        QbcClient client = QbcClient.rest(vertx, ClientOptions.of(silent));
        Future<?> waiting = client.head("main");
        await().until(() -> !bodies.isEmpty());
        Patience.get(client.close());
        assertThat(failure(waiting).code()).isEqualTo(QbcException.CLIENT_CLOSED);
        assertThat(failure(client.head("main")).code()).isEqualTo(QbcException.CLIENT_CLOSED);
    }
}
