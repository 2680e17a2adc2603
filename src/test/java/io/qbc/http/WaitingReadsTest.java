package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.PublicAddresses;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that wait until the chain has what they ask for, as after a leap on another node, or have injected. */
class WaitingReadsTest {
    private static final String MAIN = "/v1/chains/main";
    private static final String LONG = "wait=" + Patience.ANSWER.toSeconds() + "s";
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private CompletableFuture<HttpResponse<String>> waiting(String path) {
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> httpFixture.get(MAIN + path), read -> new Thread(read).start());
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        assertThat(answer).isNotDone();
        return answer;
    }

    private JsonObject answered(CompletableFuture<HttpResponse<String>> answer) {
        assertThat(answer.join().statusCode()).isEqualTo(200);
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 0);
        return HttpFixture.json(answer.join());
    }

    @Test
    void aTransactionIsReadWhenItIsInAQuant() {
        String id = HttpFixture.json(httpFixture.post(MAIN + "/transactions", "{\"data\":1}"))
                .getString("id");
        CompletableFuture<HttpResponse<String>> answer = waiting("/transactions/" + id + "?" + LONG);
        httpFixture.node.leap(List.of());
        assertThat(answered(answer).getString("state")).isEqualTo("committed");
        assertThat(httpFixture.get(MAIN + "/transactions/" + id + "?" + LONG).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aTransactionIsWaitedForThatIsNotHereYet() {
        Transaction coming = httpFixture.node.transactions(7, 1, 5).get(0);
        CompletableFuture<HttpResponse<String>> answer = waiting("/transactions/" + coming.id() + "?" + LONG);
        httpFixture.node.leap(List.of(coming));
        assertThat(answered(answer).getLong("height")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/quants/2?", "/quants/head?min=2&"})
    void aQuantIsReadWhenTheChainHasIt(String path) {
        CompletableFuture<HttpResponse<String>> answer = waiting(path + LONG);
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
        assertThat(answered(answer).getLong("height")).isEqualTo(2);
        assertThat(httpFixture.get(MAIN + path + LONG).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereInTimeIsUnknown() {
        String none = Samples.transaction(httpFixture.node.spec, 5).id().hex();
        for (String path : List.of(
                "/quants/9?wait=20ms",
                "/quants/head?min=9&wait=20ms",
                "/quants/head?min=9",
                "/quants/head?min=9&wait=0",
                "/quants/" + none + "?wait=20ms",
                "/transactions/" + none + "?wait=20ms")) {
            assertThat(httpFixture.get(MAIN + path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(HttpFixture.json(httpFixture.get(MAIN + "/quants/head?min=9&wait=1ms"))
                        .getString("detail"))
                .isEqualTo("the chain's head is below the height 9");
        String id = HttpFixture.json(httpFixture.post(MAIN + "/transactions", "{\"data\":1}"))
                .getString("id");
        HttpResponse<String> pending = httpFixture.get(MAIN + "/transactions/" + id + "?wait=20ms");
        assertThat(HttpFixture.json(pending).getString("state")).isEqualTo("pending");
        assertThat(httpFixture.sharedLimits.waiters().inUse()).isZero();
    }

    @Test
    void aChainAsOfAHeightIsNotWaitedFor() {
        for (String path : List.of("@0/quants/1?", "@0/quants/head?min=1&")) {
            assertThat(httpFixture.get(MAIN + path + LONG).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(httpFixture.get(MAIN + "@0/quants/head?min=0&" + LONG).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/quants/head?wait=",
                "/quants/head?wait=soon",
                "/quants/head?wait=-1s",
                "/quants/head?wait=5w",
                "/quants/head?min=x",
                "/quants/1?min=1"
            })
    void nonsenseIsRefused(String path) {
        assertThat(httpFixture.get(MAIN + path).statusCode()).isEqualTo(400);
    }

    @Test
    void onlySoManyMayWait() {
        try (HttpFixture small = new HttpFixture(base -> HttpFixture.with(base, none(base.http()), base.limits()))) {
            for (String path : List.of("/quants/9?", "/quants/head?min=9&", "/transactions/" + "ab".repeat(32) + "?")) {
                HttpResponse<String> refused = small.get(MAIN + path + LONG);
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("busy");
            }
            assertThat(small.get(MAIN + "/quants/head").statusCode()).isEqualTo(200);
        }
    }

    private static NodeConfig.Http none(NodeConfig.Http base) {
        return Samples.with(base, Map.of("waitersMax", 0));
    }

    @Test
    void nobodyWaitsForAChainThatIsGone() {
        CompletableFuture<HttpResponse<String>> answer = waiting("/quants/9?" + LONG);
        httpFixture.delete(MAIN + "?confirm=main");
        assertThat(answer.join().statusCode()).isEqualTo(404);
        assertThat(HttpFixture.json(answer.join()).getString("code")).isEqualTo("chain_unknown");
    }

    @Test
    void whoLeavesWaitsNoLonger() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
            String request = "GET " + MAIN + "/quants/9?" + LONG + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        }
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 0);
    }

    @Test
    void whoLeavesAfterAnInjectWaitsNoLonger() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
            String request = "POST " + MAIN + "/transactions HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 10\r\n"
                    + "Prefer: wait=" + Patience.ANSWER.toSeconds() + "\r\n\r\n{\"data\":1}";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        }
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 0);
    }

    @Test
    void theEventBusWaitsLikewise() {
        JsonObject ask = new JsonObject().put("chain", "main").put("wait", Patience.ANSWER.toSeconds());
        Transaction coming = httpFixture.node.transactions(7, 1, 5).get(0);
        Future<JsonObject> head = asked(
                PublicAddresses.QUANTS_FIND, ask.copy().put("quant", "head").put("min", 1));
        Future<JsonObject> quant = asked(PublicAddresses.QUANTS_FIND, ask.copy().put("quant", 1));
        Future<JsonObject> transaction = asked(
                PublicAddresses.TRANSACTIONS_FIND,
                ask.copy().put("id", coming.id().hex()));
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 3);
        httpFixture.node.leap(List.of(coming));
        assertThat(HttpFixture.wait(head).getLong("height")).isEqualTo(1);
        assertThat(HttpFixture.wait(quant).getLong("height")).isEqualTo(1);
        assertThat(HttpFixture.wait(transaction).getString("state")).isEqualTo("committed");
    }

    private Future<JsonObject> asked(String address, JsonObject ask) {
        return httpFixture.vertx.eventBus().<JsonObject>request(address, ask).map(reply -> reply.body());
    }
}
