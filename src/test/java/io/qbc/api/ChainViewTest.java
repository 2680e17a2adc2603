package io.qbc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.http.HttpFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains as of a height, and the original's routes for other chains than main. */
class ChainViewTest {
    private static final String V1 = "/v1/chains/main@2";
    private static HttpFixture httpFixture;
    private static String early;
    private static String late;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
        early = HttpFixture.json(httpFixture.post("/v1/chains/main/transactions", "{\"data\":1}"))
                .getString("id");
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(httpFixture.node.transactions(1, 2, 10));
        late = HttpFixture.json(httpFixture.post("/v1/chains/main/transactions", "{\"data\":2}"))
                .getString("id");
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
        httpFixture.post("/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    private static String hash(int height) {
        return httpFixture.node.quant(height).header().hash().hex();
    }

    @Test
    void theHeadIsTheQuantAtThatHeight() {
        JsonObject chain = HttpFixture.json(httpFixture.get(V1));
        assertThat(chain.getJsonObject("head").getLong("height")).isEqualTo(2);
        assertThat(chain.getJsonObject("head").getString("hash")).isEqualTo(hash(2));
        assertThat(chain.getJsonObject("head").getLong("treeSize")).isEqualTo(3);
        assertThat(chain.getString("id")).isEqualTo(httpFixture.node.spec.id().hex());
        String id = httpFixture.node.spec.id().hex() + "@2";
        assertThat(httpFixture.get("/v1/chains/" + id).body())
                .isEqualTo(httpFixture.get(V1).body());
        assertThat(httpFixture.get("/v1/chains/main%402").body())
                .isEqualTo(httpFixture.get(V1).body());
    }

    @Test
    void quantsEndThere() {
        JsonObject page = HttpFixture.json(httpFixture.get(V1 + "/quants"));
        assertThat(page.getJsonArray("quants")).hasSize(3);
        assertThat(page.getValue("next")).isNull();
        JsonObject first = HttpFixture.json(httpFixture.get(V1 + "/quants?limit=2"));
        assertThat(first.getJsonArray("quants")).hasSize(2);
        assertThat(first.getLong("next")).isEqualTo(2);
        assertThat(HttpFixture.json(httpFixture.get(V1 + "/quants?from=3")).getJsonArray("quants"))
                .isEmpty();
        HttpResponse<String> lines =
                httpFixture.send(httpFixture.request(V1 + "/quants").header("Accept", "application/x-ndjson"));
        assertThat(lines.body().lines()).hasSize(3);
        assertThat(HttpFixture.json(httpFixture.get(V1 + "/quants/head")).getString("hash"))
                .isEqualTo(hash(2));
        assertThat(httpFixture.get(V1 + "/quants/1").statusCode()).isEqualTo(200);
        assertThat(httpFixture.get(V1 + "/quants/3").statusCode()).isEqualTo(404);
        assertThat(httpFixture.get(V1 + "/quants/" + hash(3)).statusCode()).isEqualTo(404);
    }

    @Test
    void transactionsAboveItAreNotThere() {
        assertThat(httpFixture.get(V1 + "/transactions/" + early).statusCode()).isEqualTo(200);
        assertThat(httpFixture.get(V1 + "/transactions/" + late).statusCode()).isEqualTo(404);
        assertThat(httpFixture.get("/v1/chains/main/transactions/" + late).statusCode())
                .isEqualTo(200);
    }

    @Test
    void eventsEndThere() {
        HttpResponse<String> events = httpFixture.get(V1 + "/events?from=0");
        assertThat(events.statusCode()).isEqualTo(200);
        assertThat(events.body().lines().filter("event: quant"::equals)).hasSize(3);
        assertThat(httpFixture.get(V1 + "/events").statusCode()).isEqualTo(204);
        assertThat(httpFixture.get(V1 + "/events?lastEventId=2-" + hash(2)).statusCode())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main@9", "none@1"})
    void whatIsNotThereIsNotFound(String chain) {
        for (String path : List.of("", "/quants", "/quants/0", "/transactions/" + early, "/events")) {
            assertThat(httpFixture.get("/v1/chains/" + chain + path).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(httpFixture.get("/json-chain?chain=" + chain).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main@", "main@x", "main@-1", "main@1@", "main@1234567890123456789"})
    void aHeightIsANumber(String chain) {
        assertThat(httpFixture.get("/v1/chains/" + chain).statusCode()).isEqualTo(400);
    }

    @Test
    void whatWasTakesNoWrites() {
        for (String path : List.of("/transactions", "/leaps", "/freeze", "/unfreeze")) {
            HttpResponse<String> refused = httpFixture.post(V1 + path, "{\"data\":1}");
            assertThat(refused.statusCode()).as(path).isEqualTo(422);
            assertThat(HttpFixture.json(refused).getString("code")).isEqualTo("chain_past");
        }
        HttpResponse<String> batch =
                httpFixture.post(V1 + "/transactions", "{\"data\":1}\n", "Content-Type", "application/x-ndjson");
        assertThat(batch.statusCode()).isEqualTo(422);
        assertThat(httpFixture.post("/inject?chain=main@2", "{\"data\":1}").statusCode())
                .isEqualTo(422);
        assertThat(httpFixture.get("/leap?chain=main@2").statusCode()).isEqualTo(422);
        assertThat(httpFixture.put(V1 + "/following", "").statusCode()).isEqualTo(422);
    }

    @Test
    void theOriginalsRoutesTakeAnotherChain() {
        assertThat(new JsonArray(httpFixture.get("/json-chain?chain=main@2").body()))
                .hasSize(3);
        assertThat(HttpFixture.json(httpFixture.get("/stats?chain=main@2")).getString("hash"))
                .isEqualTo(hash(2));
        JsonObject injected = HttpFixture.json(httpFixture.post("/inject?chain=orders", "{\"data\":1}"));
        assertThat(injected.getString("chain"))
                .isEqualTo(httpFixture.chains.of("orders").spec.id().hex());
        assertThat(HttpFixture.json(httpFixture.send(httpFixture
                                .request("/inject?chain=orders")
                                .PUT(BodyPublishers.ofString("{\"data\":2}"))))
                        .getString("chain"))
                .isEqualTo(injected.getString("chain"));
        assertThat(HttpFixture.json(httpFixture.get("/leap?chain=orders")).getLong("count"))
                .isEqualTo(2);
        assertThat(HttpFixture.json(httpFixture.get("/stats?chain=orders")).getLong("length"))
                .isEqualTo(2);
        assertThat(httpFixture.get("/chain?chain=orders").statusCode()).isEqualTo(200);
        assertThat(httpFixture.get("/discover?chain=orders").statusCode()).isEqualTo(200);
        assertThat(httpFixture.get("/discover?chain=none").statusCode()).isEqualTo(404);
        String peer = "{\"host\":\"http://127.0.0.1:3\"}";
        assertThat(HttpFixture.json(httpFixture.post("/discover?chain=orders", peer))
                        .getJsonObject("stats")
                        .getLong("length"))
                .isEqualTo(2);
        String quant = httpFixture.get("/v1/chains/orders/quants/1").body();
        assertThat(HttpFixture.json(httpFixture.post("/add-block?chain=orders", quant))
                        .getString("verdict"))
                .isEqualTo("known");
        assertThat(httpFixture.post("/inject?chain=none", "{\"data\":1}").statusCode())
                .isEqualTo(404);
    }
}
