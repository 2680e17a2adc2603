package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.BlockingQbcClient;
import io.qbc.client.request.TransactionRequest;
import io.qbc.testkit.LedgerChain;
import io.qbc.testkit.LedgerNetwork;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Subscriptions of a whole node, by REST and over the event bus. */
@QbcLedger(chains = @LedgerChain("orders"))
class SubscriptionNodeTest {
    private static final String ALL = "/v1/chains/orders/subscriptions";
    private static final String ONE = ALL + "/audit";
    private static final String NOTHING = "";
    private final HttpClient http = HttpClient.newHttpClient();

    private record Said(int status, JsonObject body) {
        List<Long> indexes() {
            return body.getJsonArray("events").stream()
                    .map(event -> ((JsonObject) event).getLong("index"))
                    .toList();
        }
    }

    private Said call(LedgerNode node, String method, String path, String body) throws Exception {
        return Patience.get(Future.fromCompletionStage(call(http, node, method, path, body)));
    }

    private static CompletableFuture<Said> call(
            HttpClient http, LedgerNode node, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> new Said(answer.statusCode(), new JsonObject(answer.body())));
    }

    private static void inject(BlockingQbcClient client, int from, int to) {
        IntStream.range(from, to).forEach(n -> client.inject("orders", TransactionRequest.json("{\"n\":" + n + "}")));
        client.leap("orders");
    }

    @Test
    void eventsAreFetchedAndCommittedInOrder(LedgerNode node, BlockingQbcClient client) throws Exception {
        Said made = call(node, "PUT", ONE, "{\"data\":true}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(call(node, "PUT", ONE, "{\"data\":true}").status()).isEqualTo(200);
        inject(client, 0, 5);

        Said first = call(node, "POST", ONE + "/fetch", "{\"max\":3}");
        assertThat(first.indexes()).containsExactly(0L, 1L, 2L);
        assertThat(first.body().getLong("offset")).isEqualTo(3);
        JsonObject event = first.body().getJsonArray("events").getJsonObject(1);
        assertThat(event.getJsonObject("data")).isEqualTo(new JsonObject("{\"n\":1}"));
        assertThat(event.getString("event")).isEqualTo("qbc.transaction.committed");

        Said other = call(node, "POST", ONE + "/fetch", "{\"max\":3}");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body().getString("code")).isEqualTo("subscription_leased");
        assertThat(call(node, "POST", ONE + "/commit", "{\"offset\":4}").body().getString("code"))
                .isEqualTo("subscription_offset");
        Said committed = call(node, "POST", ONE + "/commit", "{\"offset\":3}");
        assertThat(committed.body().getLong("offset")).isEqualTo(3);
        assertThat(committed.body().getLong("lagEvents")).isEqualTo(2);
        assertThat(call(node, "POST", ONE + "/commit", "{\"offset\":2}").body().getString("code"))
                .isEqualTo("subscription_offset");
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).containsExactly(3L, 4L);
    }

    @Test
    void aLeaseIsGivenBack(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{}");
        inject(client, 0, 2);
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).containsExactly(0L, 1L);
        assertThat(call(node, "POST", ONE + "/release", "{\"consumer\":\"a\"}").status())
                .as("of a consumer that has nothing")
                .isEqualTo(200);
        assertThat(call(node, "POST", ONE + "/fetch", "{\"consumer\":\"a\"}").status())
                .isEqualTo(409);
        assertThat(call(node, "POST", ONE + "/release", "{}").status()).isEqualTo(200);
        assertThat(call(node, "POST", ONE + "/fetch", "{\"consumer\":\"a\"}").indexes())
                .containsExactly(0L, 1L);
        assertThat(call(node, "POST", ONE + "/release", "{}").status())
                .as("one without a name takes no other's")
                .isEqualTo(200);
        assertThat(call(node, "POST", ONE + "/fetch", "{}").status()).isEqualTo(409);
        Said events = call(node, "POST", ONE + "/release", "{\"consumer\":\"a\",\"events\":[\"0\"]}");
        assertThat(events.body().getString("code")).isEqualTo("subscription_kind");
        assertThat(call(node, "POST", ONE + "/commit", "{\"offset\":2,\"consumer\":\"a\"}")
                        .status())
                .isEqualTo(200);
        // A consumer that waits for events does so no longer.
        CompletableFuture<Said> waits =
                call(http, node, "POST", ONE + "/fetch", "{\"wait\":\"15s\",\"consumer\":\"a\"}");
        await().until(() -> call(node, "GET", ONE + "/status", NOTHING)
                        .body()
                        .getJsonArray("consumers")
                        .size()
                == 1);
        Said released = call(node, "POST", ONE + "/release", "{\"consumer\":\"a\"}");
        assertThat(released.body().getJsonArray("consumers")).isEmpty();
        assertThat(Patience.get(Future.fromCompletionStage(waits)).indexes()).isEmpty();
        inject(client, 2, 3);
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).containsExactly(2L);
    }

    @Test
    void theOffsetOutlivesARestart(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{}");
        inject(client, 0, 4);
        call(node, "POST", ONE + "/fetch", "{\"max\":2,\"consumer\":\"a\"}");
        call(node, "POST", ONE + "/commit", "{\"offset\":2,\"consumer\":\"a\"}");
        node.stop();
        node.start();
        assertThat(call(node, "GET", ONE + "/status", NOTHING).body().getLong("offset"))
                .isEqualTo(2);
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).containsExactly(2L, 3L);
    }

    @Test
    void aFetchWaitsForTheNextQuant(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{}");
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).isEmpty();
        CompletableFuture<Said> waits = call(http, node, "POST", ONE + "/fetch", "{\"wait\":\"15s\"}");
        inject(client, 0, 1);
        assertThat(Patience.get(Future.fromCompletionStage(waits)).indexes()).containsExactly(0L);
    }

    @Test
    void durationsAreReadInOneWay(LedgerNode node, LedgerNetwork network) throws Exception {
        String url = "\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:9/\"";
        Said made = call(
                node,
                "PUT",
                ALL + "/hook",
                "{\"deliver\":{" + url + ",\"timeout\":\"2500ms\",\"retry\":[\"5s\",\"2h\",\"PT1M\"]}}");
        JsonObject deliver = made.body().getJsonObject("subscription").getJsonObject("deliver");
        assertThat(deliver.getString("timeout")).isEqualTo("PT2.5S");
        assertThat(deliver.getJsonArray("retry")).containsExactly("PT5S", "PT2H", "PT1M");
        call(node, "PUT", ONE, "{}");
        for (String wait : List.of("\"50ms\"", "\"PT0.05S\"", "\"0h\"", "\"1\"", "0")) {
            assertThat(call(node, "POST", ONE + "/fetch", "{\"wait\":" + wait + "}")
                            .status())
                    .as(wait)
                    .isEqualTo(200);
        }
        for (String wait : List.of("\"5 s\"", "\"-1s\"", "\"soon\"", "true", "1.5", "[]")) {
            assertThat(call(node, "POST", ONE + "/fetch", "{\"wait\":" + wait + "}")
                            .body()
                            .getString("code"))
                    .as(wait)
                    .isEqualTo("request_invalid");
        }
        for (Object wait : List.of(0, 1L, "50ms", "PT0.05S")) {
            JsonObject found = Patience.get(network.vertx()
                            .eventBus()
                            .<JsonObject>request(
                                    node.eventBus() + ".quants.find",
                                    new JsonObject()
                                            .put("chain", "orders")
                                            .put("quant", "head")
                                            .put("wait", wait)))
                    .body();
            assertThat(found.getLong("height")).as("%s", wait).isZero();
        }
        assertThat(call(node, "GET", "/v1/chains/orders/quants/head?wait=PT0.05S", NOTHING)
                        .status())
                .isEqualTo(200);
        assertThat(call(node, "GET", "/v1/chains/orders/analytics?step=15m", NOTHING)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatIsOnItsWayIsVoidAfterASeek(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{}");
        inject(client, 0, 4);
        Said fetched = call(node, "POST", ONE + "/fetch", "{\"consumer\":\"a\"}");
        Said sought = call(node, "POST", ONE + "/seek?to=1", NOTHING);
        assertThat(sought.body().getLong("offset")).isEqualTo(1);
        Said stale = call(
                node,
                "POST",
                ONE + "/commit",
                new JsonObject()
                        .put("offset", 4)
                        .put("generation", fetched.body().getLong("generation"))
                        .encode());
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.body().getString("code")).isEqualTo("subscription_moved");
        assertThat(call(node, "POST", ONE + "/fetch", "{\"consumer\":\"a\"}").indexes())
                .containsExactly(1L, 2L, 3L);
        assertThat(call(node, "POST", ONE + "/seek?to=99", NOTHING).status()).isEqualTo(400);
        assertThat(call(node, "POST", ONE + "/seek?to=newest", NOTHING).body().getLong("offset"))
                .isEqualTo(4);
    }

    @Test
    void aRangeIsReplayedAndTheOffsetStays(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{}");
        inject(client, 0, 6);
        call(node, "POST", ONE + "/fetch", "{}");
        call(node, "POST", ONE + "/commit", "{\"offset\":6}");
        assertThat(call(node, "POST", ONE + "/replay?from=1&to=4", NOTHING).status())
                .isEqualTo(200);
        assertThat(call(node, "POST", ONE + "/fetch", "{\"max\":2}").indexes()).containsExactly(1L, 2L);
        call(node, "POST", ONE + "/commit", "{\"offset\":3}");
        assertThat(call(node, "POST", ONE + "/fetch", "{\"max\":2}").indexes()).containsExactly(3L);
        Said done = call(node, "POST", ONE + "/commit", "{\"offset\":4}");
        assertThat(done.body().getLong("offset")).isEqualTo(6);
        assertThat(done.body().getValue("replay")).isNull();
        inject(client, 6, 7);
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).containsExactly(6L);
    }

    @Test
    void aFilterLeavesOutWhatIsNotWanted(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{\"filter\":{\"pointer\":\"/n\",\"equal\":2}}");
        inject(client, 0, 5);
        Said fetched = call(node, "POST", ONE + "/fetch", "{}");
        assertThat(fetched.indexes()).containsExactly(2L);
        assertThat(fetched.body().getLong("offset")).isEqualTo(5);
        assertThat(call(node, "POST", ONE + "/commit", "{\"offset\":5}").body().getLong("offset"))
                .isEqualTo(5);
    }

    @Test
    void oneBeginsWhereItIsToldTo(LedgerNode node, BlockingQbcClient client) throws Exception {
        inject(client, 0, 3);
        call(node, "PUT", ALL + "/old", "{\"from\":\"oldest\"}");
        call(node, "PUT", ALL + "/new", "{\"from\":\"newest\"}");
        call(node, "PUT", ALL + "/leaf", "{\"from\":2}");
        assertThat(call(node, "PUT", ALL + "/beyond", "{\"from\":9}").status()).isEqualTo(400);
        inject(client, 3, 4);
        assertThat(call(node, "POST", ALL + "/old/fetch", "{\"consumer\":\"a\"}")
                        .indexes())
                .containsExactly(0L, 1L, 2L, 3L);
        assertThat(call(node, "POST", ALL + "/new/fetch", "{}").indexes()).containsExactly(3L);
        assertThat(call(node, "POST", ALL + "/leaf/fetch", "{}").indexes()).containsExactly(2L, 3L);
        assertThat(call(node, "PUT", ALL + "/old", "{\"from\":\"newest\"}").status())
                .as("a change keeps the place")
                .isEqualTo(200);
        assertThat(call(node, "POST", ALL + "/old/fetch", "{\"consumer\":\"a\"}")
                        .indexes())
                .hasSize(4);
    }

    @Test
    void oneThatIsPausedGivesNothing(LedgerNode node, BlockingQbcClient client) throws Exception {
        call(node, "PUT", ONE, "{}");
        inject(client, 0, 1);
        assertThat(call(node, "POST", ONE + "/pause", NOTHING).body().getString("state"))
                .isEqualTo("paused");
        assertThat(call(node, "POST", ONE + "/fetch", "{}").body().getString("code"))
                .isEqualTo("subscription_paused");
        call(node, "POST", ONE + "/resume", NOTHING);
        assertThat(call(node, "POST", ONE + "/fetch", "{}").indexes()).containsExactly(0L);
        assertThat(call(node, "DELETE", ONE, NOTHING).status()).isEqualTo(200);
        assertThat(call(node, "GET", ONE, NOTHING).status()).isEqualTo(404);
        assertThat(call(node, "GET", ALL, NOTHING).body().getJsonArray("subscriptions"))
                .isEqualTo(new JsonArray());
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace(LedgerNode node) throws Exception {
        Said wrong = call(node, "PUT", ONE, "{\"from\":\"now\",\"filter\":{\"x\":1},\"order\":\"none\"}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().getString("code")).isEqualTo("subscription_invalid");
        assertThat(wrong.body().encode()).contains("/from", "/filter/x", "/order");
        assertThat(call(node, "PUT", ALL + "/NO", "{}").status()).isEqualTo(422);
        assertThat(call(node, "PUT", "/v1/chains/none/subscriptions/a", "{}").status())
                .isEqualTo(404);
    }

    @Test
    void valuesOfHeaderFieldsAreNeverShown(LedgerNode node) throws Exception {
        JsonObject headers = new JsonObject().put("authorization", "Bearer s3cret");
        JsonObject deliver = new JsonObject()
                .put("kind", "webhook")
                .put("url", "http://127.0.0.1:9/")
                .put("headers", headers);
        Said made =
                call(node, "PUT", ONE, new JsonObject().put("deliver", deliver).encode());
        assertThat(made.status()).isEqualTo(201);
        for (String path : List.of(ONE, ALL)) {
            assertThat(call(node, "GET", path, NOTHING).body().encode())
                    .contains("\"authorization\":\"***\"")
                    .doesNotContain("s3cret");
        }
        Said back =
                call(node, "PUT", ONE, made.body().getJsonObject("subscription").encode());
        assertThat(back.status()).isEqualTo(422);
        assertThat(back.body().encode()).contains("subscription_invalid", "/deliver/headers/authorization");
        assertThat(call(
                                node,
                                "PUT",
                                ONE,
                                new JsonObject().put("deliver", deliver).encode())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void valuesInTheQueryOfAUrlAreNeverShown(LedgerNode node) throws Exception {
        String deliver = "{\"deliver\":{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:9/hook?%s\"}}";
        Said made = call(node, "PUT", ONE, deliver.formatted("token=s3cret&k=v3ry&fl4g"));
        assertThat(made.status()).isEqualTo(201);
        for (String path : List.of(ONE, ALL, ONE + "/status")) {
            assertThat(call(node, "GET", path, NOTHING).body().encode()).doesNotContain("s3cret", "v3ry", "fl4g");
        }
        JsonObject shown = made.body().getJsonObject("subscription");
        assertThat(shown.getJsonObject("deliver").getString("url"))
                .isEqualTo("http://127.0.0.1:9/hook?token=***&k=***&***");
        Said back = call(node, "PUT", ONE, shown.encode());
        assertThat(back.status()).isEqualTo(422);
        assertThat(back.body().encode()).contains("subscription_invalid", "/deliver/url");
        assertThat(call(node, "PUT", ONE, deliver.formatted("token=other")).status())
                .isEqualTo(200);
        String user = "{\"deliver\":{\"kind\":\"webhook\",\"url\":\"https://me:s3cret@a.example/\"}}";
        Said refused = call(node, "PUT", ALL + "/user", user);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().encode()).doesNotContain("s3cret");
    }

    @Test
    void consumersShareOneKeyByKey(LedgerNode node, BlockingQbcClient client) throws Exception {
        assertThat(call(node, "PUT", ONE, "{\"keyBy\":\"/k\"}").status()).isEqualTo(422);
        Said made = call(node, "PUT", ONE, "{\"order\":\"key\",\"keyBy\":\"/k\"}");
        assertThat(made.status()).as(made.body().encode()).isEqualTo(201);
        assertThat(made.body().getJsonObject("subscription").getString("keyBy")).isEqualTo("/k");
        for (String key : List.of("a", "b", "a", "b")) {
            client.inject("orders", TransactionRequest.json("{\"k\":\"" + key + "\"}"));
        }
        client.leap("orders");
        assertThat(call(node, "POST", ONE + "/fetch", "{}").status()).isEqualTo(400);
        assertThat(call(node, "POST", ONE + "/fetch", "{\"consumer\":\"one\",\"max\":1}")
                        .indexes())
                .containsExactly(0L);
        assertThat(call(node, "POST", ONE + "/fetch", "{\"consumer\":\"two\"}").indexes())
                .containsExactly(1L, 3L);
        CompletableFuture<Said> waits =
                call(http, node, "POST", ONE + "/fetch", "{\"consumer\":\"three\",\"wait\":\"20000ms\"}");
        Said acked = call(node, "POST", ONE + "/commit", "{\"consumer\":\"one\",\"events\":[\"0\"]}");
        assertThat(acked.status()).as(acked.body().encode()).isEqualTo(200);
        assertThat(acked.body().getLong("offset")).isEqualTo(1);
        assertThat(Patience.get(Future.fromCompletionStage(waits)).indexes()).containsExactly(2L);
        Said late = call(node, "POST", ONE + "/commit", "{\"consumer\":\"four\",\"events\":[\"1\"]}");
        assertThat(late.body().getString("code")).isEqualTo("subscription_leased");
        assertThat(call(node, "GET", ONE + "/status", NOTHING).body().getJsonArray("consumers"))
                .contains("two", "three");
    }

    @Test
    void aWaitIsReadAsEverywhere(LedgerNode node) throws Exception {
        call(node, "PUT", ONE, "{}");
        for (String wait : List.of("\"1ms\"", "\"0s\"", "\"0\"", "0")) {
            assertThat(call(node, "POST", ONE + "/fetch", "{\"wait\":" + wait + "}")
                            .status())
                    .as(wait)
                    .isEqualTo(200);
        }
        for (String wait : List.of("\"soon\"", "\"\"", "\"1w\"", "-1", "1.5", "true")) {
            Said wrong = call(node, "POST", ONE + "/fetch", "{\"wait\":" + wait + "}");
            assertThat(wrong.status()).as(wait).isEqualTo(400);
        }
    }

    @Test
    void theEventBusHasTheSame(LedgerNode node, BlockingQbcClient client, LedgerNetwork network) throws Exception {
        Vertx vertx = network.vertx();
        String base = node.eventBus();
        inject(client, 0, 2);
        JsonObject named = new JsonObject().put("chain", "orders").put("name", "bus");
        JsonObject made = ask(vertx, base, "put", named.copy().put("subscription", new JsonObject()));
        assertThat(made.getString("state")).isEqualTo("active");
        JsonObject fetched = ask(vertx, base, "fetch", named.copy().put("max", 10));
        assertThat(fetched.getJsonArray("events")).hasSize(2);
        assertThat(ask(vertx, base, "commit", named.copy().put("offset", 2)).getLong("offset"))
                .isEqualTo(2);
        assertThat(ask(vertx, base, "list", new JsonObject().put("chain", "orders"))
                        .getJsonArray("subscriptions"))
                .hasSize(1);
        assertThatThrownBy(() -> ask(vertx, base, "find", named.copy().put("name", "none")))
                .hasRootCauseInstanceOf(ReplyException.class)
                .hasMessageContaining("subscription_unknown");
    }

    private static JsonObject ask(Vertx vertx, String base, String verb, JsonObject question) {
        return (JsonObject) Patience.get(vertx.eventBus().<Object>request(base + ".subscriptions." + verb, question))
                .body();
    }
}
