package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonForms;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Transaction;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a chain demands of data is checked before a transaction is taken in. */
class DataRulesTest {
    private static final String PATH = "/v1/chains/orders/transactions";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
        String spec = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"},"
                + "\"rules\":{\"types\":{\"order\":{\"type\":\"object\"}}}}";
        assertThat(httpFixture.post("/v1/chains", spec).statusCode()).isEqualTo(201);
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    private static JsonObject refused(HttpResponse<String> response, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        JsonObject problem = HttpFixture.json(response);
        assertThat(problem.getString("code")).isEqualTo(code);
        return problem;
    }

    @Test
    void pinsTheVersionOfTheRulesAndTheType() {
        JsonObject injected = HttpFixture.json(httpFixture.post(PATH, "{\"data\":{\"a\":1},\"type\":\"order\"}"));
        JsonObject found = HttpFixture.json(httpFixture.get(PATH + "/" + injected.getString("id")));
        assertThat(found.getInteger("schema")).isEqualTo(1);
        assertThat(found.getString("type")).isEqualTo("order");
        assertThat(httpFixture
                        .post(PATH, "{\"data\":1,\"type\":\"order\",\"schema\":1}")
                        .statusCode())
                .isEqualTo(202);
        JsonObject free = HttpFixture.json(httpFixture.post("/v1/chains/main/transactions", "{\"data\":\"bad\"}"));
        JsonObject taken = HttpFixture.json(httpFixture.get("/v1/chains/main/transactions/" + free.getString("id")));
        assertThat(taken.getInteger("schema")).isZero();
    }

    @Test
    void namesWhatBreaksTheRules() {
        int before = httpFixture.chains.of("orders").injects.size();
        JsonObject problem =
                refused(httpFixture.post(PATH, "{\"data\":{\"a\":\"bad\"},\"type\":\"order\"}"), "rules_broken");
        assertThat(problem.getJsonArray("pointers")).containsExactly("/a", "/b/0");
        refused(httpFixture.post(PATH, "{\"data\":1,\"type\":\"unknown\"}"), "rules_broken");
        refused(httpFixture.post(PATH, "{\"data\":1,\"type\":\"order\",\"schema\":2}"), "schema_version");
        refused(httpFixture.post("/inject?chain=orders", "{\"data\":\"bad\"}"), "rules_broken");
        assertThat(httpFixture.chains.of("orders").injects).hasSize(before);
    }

    @Test
    void largeDataIsJudgedTheSame() {
        String large = "x".repeat(20_000);
        assertThat(httpFixture
                        .post(PATH, "{\"data\":\"" + large + "\",\"type\":\"order\"}")
                        .statusCode())
                .isEqualTo(202);
        refused(httpFixture.post(PATH, "{\"data\":\"bad" + large + "\",\"type\":\"order\"}"), "rules_broken");
        assertThat(httpFixture.chains.judges).anyMatch(thread -> thread.contains("worker-thread"));
        assertThat(httpFixture.chains.judges).anyMatch(thread -> thread.contains("eventloop-thread"));
    }

    @Test
    void whatNobodyWaitsForIsNotJudgedToItsEnd() throws IOException {
        String body = "{\"data\":\"forever" + "x".repeat(20_000) + "\",\"type\":\"order\"}";
        String head =
                "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            await().atMost(Patience.CONDITION).until(() -> httpFixture.chains.endless.get() == 1);
            // Meanwhile another chain is served, and so is what a look is enough for.
            assertThat(httpFixture
                            .post("/v1/chains/main/transactions", "{\"data\":1}")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(httpFixture.post(PATH, "{\"data\":1,\"type\":\"order\"}").statusCode())
                    .isEqualTo(202);
        }
        await().atMost(Patience.CONDITION).until(() -> httpFixture.chains.endless.get() == 0);
    }

    @Test
    void inABatchALineFailsAlone() {
        HttpResponse<String> batch = httpFixture.post(
                PATH,
                "{\"data\":1,\"type\":\"order\"}\n{\"data\":\"bad\"}\n{\"data\":2,\"type\":\"order\"}\n",
                "Content-Type",
                "application/x-ndjson");
        List<JsonObject> answers = batch.body().lines().map(JsonObject::new).toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).getString("state")).isEqualTo("pending");
        assertThat(answers.get(1).getString("code")).isEqualTo("rules_broken");
        assertThat(answers.get(1).getJsonArray("pointers")).containsExactly("/a", "/b/0");
        assertThat(answers.get(2).getString("state")).isEqualTo("pending");
    }

    @Test
    void completeTransactionsKeepTheRulesToo() {
        assertThat(httpFixture.post(PATH, complete("{\"a\":1}", 1)).statusCode())
                .isEqualTo(202);
        refused(httpFixture.post(PATH, complete("{\"a\":\"bad\"}", 1)), "rules_broken");
        refused(httpFixture.post(PATH, complete("{\"a\":2}", 0)), "schema_version");
    }

    @Test
    void whatSpeaksToTheEngineIsNoData() {
        assertThat(httpFixture
                        .post(PATH, "{\"data\":\"bad\",\"type\":\"qbc.vote\"}")
                        .statusCode())
                .isEqualTo(202);
    }

    private static String complete(String json, int schema) {
        ChainSpec spec = httpFixture.chains.of("orders").spec;
        Transaction sample = Samples.transaction(spec, schema, json);
        Body body = new Body(
                Canonical.VERSION,
                spec.id(),
                sample.body().timestamp(),
                sample.body().key(),
                Bytes.EMPTY,
                Bytes.utf8("order"),
                schema,
                sample.body().commitment(),
                sample.body().length());
        Transaction transaction = Transaction.of(body, sample.salt(), Bytes.EMPTY, sample.payload());
        JsonBuffer out = new JsonBuffer(1024).raw("{");
        JsonForms.transaction(out, transaction, OptionalLong.empty());
        return out.raw("}").toBytes().text();
    }
}
