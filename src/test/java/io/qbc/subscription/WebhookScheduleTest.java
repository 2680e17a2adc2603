package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.BlockingQbcClient;
import io.qbc.client.QbcClient;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.ChainEvent.SubscriptionDisabled;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TransactionRequest;
import io.qbc.testkit.LedgerChain;
import io.qbc.testkit.LedgerClock;
import io.qbc.testkit.LedgerNetwork;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The attempts of a webhook of a whole node over days of a clock that the test moves. */
@QbcLedger(chains = @LedgerChain("orders"))
class WebhookScheduleTest {
    private static final String ONE = "/v1/chains/orders/subscriptions/hook";
    private static final List<Duration> SCHEDULE = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<String> attempts = new ConcurrentLinkedQueue<>();

    private String call(LedgerNode node, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return Patience.get(Future.fromCompletionStage(
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body)));
    }

    private JsonObject status(LedgerNode node) {
        return new JsonObject(call(node, "GET", ONE + "/status", ""));
    }

    private void subscribe(LedgerNode node, LedgerNetwork network, Consumer<HttpServerRequest> receiver) {
        int port = Patience.get(network.vertx()
                        .createHttpServer()
                        .requestHandler(request -> {
                            attempts.add(
                                    request.getHeader("webhook-id") + " " + request.getHeader("webhook-timestamp"));
                            request.body().onSuccess(all -> receiver.accept(request));
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
        JsonObject deliver = new JsonObject().put("kind", "webhook").put("url", "http://127.0.0.1:" + port + "/");
        call(node, "PUT", ONE, new JsonObject().put("deliver", deliver).encode());
    }

    private static void inject(BlockingQbcClient client) {
        client.inject("orders", TransactionRequest.json("{\"n\":1}"));
        client.leap("orders");
    }

    private void awaitAttempts(int count) {
        await().untilAsserted(() -> assertThat(attempts).hasSize(count));
    }

    private static void answer(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end();
    }

    @Test
    void attemptsFollowTheScheduleAndThenItIsDisabled(
            LedgerNode node, BlockingQbcClient client, LedgerNetwork network, LedgerClock clock) {
        subscribe(node, network, request -> answer(request, 500));
        Instant now = Instant.now();
        clock.stopAt(now);
        inject(client);
        for (int i = 0; i < SCHEDULE.size(); i++) {
            int made = i + 1;
            awaitAttempts(made);
            await().untilAsserted(
                            () -> assertThat(status(node).getLong("attempts")).isEqualTo(made));
            JsonObject status = status(node);
            assertThat(status.getString("state")).isEqualTo("retrying");
            assertThat(status.getString("lastError")).contains("500");
            assertThat(status.getLong("failingMillis")).isPositive();
            long wait = status.getLong("nextAttempt") - now.toEpochMilli();
            long least = SCHEDULE.get(i).toMillis();
            assertThat(wait).as("after attempt %d", made).isBetween(least, least + least / 5);
            clock.stopAt(now.plusMillis(wait - 1));
            // A look at the state is later than the next look at the clock.
            assertThat(status(node).getLong("attempts")).isEqualTo(made);
            now = now.plusMillis(wait);
            clock.stopAt(now);
        }
        awaitAttempts(SCHEDULE.size() + 1);
        await().untilAsserted(() -> assertThat(status(node).getString("state")).isEqualTo("disabled"));
        JsonObject status = status(node);
        assertThat(status.getString("lastError")).contains("given up after 10 attempts");
        assertThat(status.getLong("offset")).isZero();
        assertThat(attempts.stream().map(line -> line.split(" ", -1)[0])).containsOnly("hook:0");
        assertThat(attempts.stream().map(line -> line.split(" ", -1)[1]).distinct())
                .hasSize(SCHEDULE.size() + 1);
        assertThat(call(node, "GET", "/metrics", "")).contains("qbc_subscriptions{state=\"disabled\"} 1.0");
        call(node, "POST", ONE + "/resume", "");
        awaitAttempts(SCHEDULE.size() + 2);
    }

    @Test
    void aReceiverThatIsDownForADayGetsAllInOrderThen(
            LedgerNode node, BlockingQbcClient client, LedgerNetwork network, LedgerClock clock) {
        Instant begin = Instant.now();
        clock.stopAt(begin);
        Instant up = begin.plus(Duration.ofDays(1));
        Queue<String> taken = new ConcurrentLinkedQueue<>();
        subscribe(node, network, request -> {
            boolean down = clock.instant().isBefore(up);
            if (!down) {
                taken.add(request.getHeader("webhook-id"));
            }
            answer(request, down ? 502 : 204);
        });
        inject(client);
        inject(client);
        awaitAttempts(1);
        while (clock.instant().isBefore(up)) {
            clock.advance(Duration.ofHours(1));
            call(node, "GET", ONE + "/status", "");
        }
        clock.stopAt(up.plus(Duration.ofHours(12)));
        await().untilAsserted(() -> assertThat(taken).containsExactly("hook:0", "hook:1"));
        await().untilAsserted(() -> assertThat(status(node).getLong("offset")).isEqualTo(2));
        JsonObject status = status(node);
        assertThat(status.getString("state")).isEqualTo("active");
        assertThat(status.getLong("failingMillis")).isZero();
        assertThat(status.getString("lastError")).isNull();
    }

    @Test
    void aPauseThatIsAskedForIsKept(
            LedgerNode node, BlockingQbcClient client, LedgerNetwork network, LedgerClock clock) {
        Instant now = Instant.now();
        clock.stopAt(now);
        subscribe(node, network, request -> {
            request.response().putHeader("Retry-After", "7200");
            answer(request, 503);
        });
        inject(client);
        awaitAttempts(1);
        await().untilAsserted(() ->
                assertThat(status(node).getLong("nextAttempt")).isEqualTo(now.toEpochMilli() + 7_200_000));
        clock.stopAt(now.plusSeconds(7200));
        awaitAttempts(2);
    }

    @Test
    void twoSecretsCountForADayAfterARotation(
            LedgerNode node, BlockingQbcClient client, LedgerNetwork network, LedgerClock clock) {
        Instant begin = Instant.now();
        clock.stopAt(begin);
        Queue<String> signatures = new ConcurrentLinkedQueue<>();
        subscribe(node, network, request -> {
            signatures.add(request.getHeader("webhook-signature"));
            answer(request, 204);
        });
        inject(client);
        await().untilAsserted(() -> assertThat(signatures).hasSize(1));
        String secret = new JsonObject(call(node, "POST", ONE + "/secret", "")).getString("secret");
        assertThat(secret).startsWith("whsec_");
        assertThat(call(node, "GET", ONE, "")).as("shown once").doesNotContain("whsec_");
        inject(client);
        await().untilAsserted(() -> assertThat(signatures).hasSize(2));
        clock.stopAt(begin.plus(Duration.ofDays(1)));
        inject(client);
        await().untilAsserted(() -> assertThat(signatures).hasSize(3));
        assertThat(signatures.stream().map(each -> each.split(" ", -1).length)).containsExactly(1, 2, 1);
    }

    @Test
    void aDeadLetterIsDeliveredOnceMore(LedgerNode node, BlockingQbcClient client, LedgerNetwork network) {
        AtomicInteger status = new AtomicInteger(500);
        int port = Patience.get(network.vertx()
                        .createHttpServer()
                        .requestHandler(request -> {
                            attempts.add(request.getHeader("webhook-id"));
                            request.body().onSuccess(all -> answer(request, status.get()));
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
        call(
                node,
                "PUT",
                ONE,
                "{\"deliver\":{\"kind\":\"webhook\",\"onFailure\":\"dead\",\"retry\":[\"100ms\"],"
                        + "\"url\":\"http://127.0.0.1:" + port + "/\"}}");
        inject(client);
        await().untilAsserted(() -> assertThat(status(node).getLong("dead")).isEqualTo(1));
        assertThat(status(node).getLong("offset")).isEqualTo(1);
        JsonObject letter = new JsonObject(call(node, "GET", ONE + "/dead", ""))
                .getJsonArray("dead")
                .getJsonObject(0);
        assertThat(letter.fieldNames())
                .as("ids alone")
                .containsExactlyInAnyOrder("number", "event", "index", "transaction", "attempts", "error", "at");
        String retry = ONE + "/dead/" + letter.getLong("number") + "/retry";
        assertThat(new JsonObject(call(node, "POST", retry, "")).getInteger("status"))
                .as("not taken either")
                .isEqualTo(503);
        status.set(204);
        assertThat(new JsonObject(call(node, "POST", retry, "")).getLong("index"))
                .isZero();
        assertThat(status(node).getLong("dead")).isZero();
        assertThat(attempts).containsExactly("hook:0", "hook:0", "hook:0", "hook:0");
        assertThat(new JsonObject(call(node, "POST", retry, "")).getString("code"))
                .isEqualTo("dead_letter_unknown");
    }

    @Test
    void oneThatIsGoneDisablesAtOnce(LedgerNode node, BlockingQbcClient client, LedgerNetwork network) {
        subscribe(node, network, request -> answer(request, 410));
        Queue<ChainEvent> told = new ConcurrentLinkedQueue<>();
        for (QbcClient follower : List.of(
                QbcClient.rest(network.vertx(), ClientOptions.of(node.url())),
                QbcClient.eventBus(network.vertx(), ClientOptions.eventBus(), node.eventBus()))) {
            Patience.get(follower.follow("orders", FollowStart.now(), event -> {
                told.add(event);
                return Future.succeededFuture();
            }));
        }
        inject(client);
        await().untilAsserted(() -> assertThat(status(node).getString("state")).isEqualTo("disabled"));
        assertThat(attempts).hasSize(1);
        String error = status(node).getString("lastError");
        assertThat(error).contains("410");
        await().untilAsserted(() -> assertThat(told)
                .filteredOn(SubscriptionDisabled.class::isInstance)
                .containsExactly(disabled(client, error), disabled(client, error)));
    }

    private static SubscriptionDisabled disabled(BlockingQbcClient client, String error) {
        return new SubscriptionDisabled(client.findChain("orders").orElseThrow().id(), "hook", error);
    }

    @Test
    void keysAreDeliveredBesideEachOther(LedgerNode node, BlockingQbcClient client, LedgerNetwork network) {
        Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
        int port = Patience.get(network.vertx()
                        .createHttpServer()
                        .requestHandler(request -> request.body().onSuccess(all -> held.add(request)))
                        .listen(0, "127.0.0.1"))
                .actualPort();
        call(
                node,
                "PUT",
                ONE,
                "{\"order\":\"key\",\"keyBy\":\"/k\",\"deliver\":{\"kind\":\"webhook\",\"parallel\":2,"
                        + "\"url\":\"http://127.0.0.1:" + port + "/\"}}");
        for (String key : List.of("a", "a", "b")) {
            client.inject("orders", TransactionRequest.json("{\"k\":\"" + key + "\"}"));
        }
        client.leap("orders");
        await().untilAsserted(() -> assertThat(held.stream().map(request -> request.getHeader("webhook-id")))
                .containsExactlyInAnyOrder("hook:0", "hook:2"));
        HttpServerRequest second = held.stream()
                .filter(request -> request.getHeader("webhook-id").equals("hook:2"))
                .findFirst()
                .orElseThrow();
        answer(second, 204);
        await().untilAsserted(() -> assertThat(status(node).getLong("beyond")).isEqualTo(1));
        assertThat(held).hasSize(2);
        held.stream().filter(request -> request != second).forEach(request -> answer(request, 204));
        await().untilAsserted(() -> assertThat(held).hasSize(3));
        held.stream().skip(2).forEach(request -> answer(request, 204));
        await().untilAsserted(() -> assertThat(status(node).getLong("offset")).isEqualTo(3));
    }
}
