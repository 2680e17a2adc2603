package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.PublicAddresses;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each transaction that is submitted counts once, by what became of it, whichever stage refuses it. */
class InjectCountsTest {
    private static final String PATH = "/v1/chains/orders/transactions";
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture(
                base -> HttpFixture.with(base, base.http(), new NodeConfig.Limits(2048, 1 << 20, 32, 100, 512)));
        String spec = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"},"
                + "\"rules\":{\"types\":{\"order\":{\"type\":\"object\"}}}}";
        assertThat(httpFixture.post("/v1/chains", spec).statusCode()).isEqualTo(201);
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    /** What {@code qbc_injects_total} has, but for zeros. */
    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        httpFixture.get("/metrics").body().lines().forEach(line -> {
            if (line.startsWith("qbc_injects_total{")) {
                String result = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
                counts.put(result, (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
            }
        });
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    @Test
    void byRest() {
        httpFixture.post(PATH, "{\"data\":1,\"type\":\"order\",\"key\":\"k\"}");
        httpFixture.post(PATH, "{\"data\":1,\"type\":\"order\",\"key\":\"k\"}");
        httpFixture.post(PATH, "{\"data\":2,\"type\":\"order\",\"key\":\"k\"}");
        httpFixture.post(PATH, "{\"data\":\"bad\",\"type\":\"order\"}");
        httpFixture.post("/inject?chain=orders", "{\"data\":\"bad\"}");
        httpFixture.post(PATH, "{\"data\":1,\"type\":\"order\",\"schema\":2}");
        httpFixture.post(PATH, "{");
        httpFixture.post(PATH, "{\"data\":\"" + "x".repeat(3000) + "\"}");
        httpFixture.post("/v1/chains/nowhere/transactions", "{\"data\":1}");
        assertThat(counts())
                .isEqualTo(Map.of(
                        "accepted", 1L,
                        "repeated", 1L,
                        "key_reused", 1L,
                        "rules_broken", 2L,
                        "schema_version", 1L,
                        "json_invalid", 1L,
                        "body_too_large", 1L,
                        "chain_unknown", 1L));
    }

    @Test
    void byTheLinesOfABatch() {
        String lines = "{\"data\":1,\"type\":\"order\"}\n\n{\"data\":\"bad\"}\n{\n{\"data\":\"bad\"}\n{\"data\":\""
                + "x".repeat(3000) + "\"}\n";
        httpFixture.post(PATH, lines, "Content-Type", "application/x-ndjson");
        assertThat(counts())
                .isEqualTo(Map.of("accepted", 1L, "rules_broken", 2L, "json_invalid", 1L, "body_too_large", 1L));
    }

    @Test
    void byTheEventBus() {
        inject(new JsonObject().put("chain", "orders").put("type", "order").put("data", 1));
        inject(new JsonObject().put("chain", "orders").put("type", "order").put("data", "bad"));
        inject(new JsonObject().put("chain", "nowhere").put("data", 1));
        inject(new JsonObject().put("data", 1));
        assertThat(counts())
                .isEqualTo(Map.of("accepted", 1L, "rules_broken", 1L, "chain_unknown", 1L, "request_invalid", 1L));
    }

    private void inject(JsonObject body) {
        DeliveryOptions patient = new DeliveryOptions().setSendTimeout(Patience.CONDITION.toMillis());
        HttpFixture.wait(httpFixture
                .vertx
                .eventBus()
                .request(PublicAddresses.TRANSACTIONS_INJECT, body, patient)
                .<Void>mapEmpty()
                .otherwiseEmpty());
    }
}
