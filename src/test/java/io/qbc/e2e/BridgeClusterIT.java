package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.eventbus.bridge.BridgeCaller;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in one cluster that are no peers: callers of the bridges of the first reach what only the second has. */
class BridgeClusterIT {
    private static final String ORDERS = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";
    private static final List<String> INTERNAL = List.of(
            "mining.inject",
            "persistence.append",
            "qbc.v1/mining.inject",
            "qbc.v1/persistence.append",
            "qbc.v1.orders");

    @TempDir
    Path directory;

    private final List<Integer> ports =
            IntStream.range(0, 2).mapToObj(any -> Ports.free()).toList();
    private final int bridge = Ports.free();
    private Plan first;
    private Plan second;

    @BeforeEach
    void begin() {
        first = plan(0).environment("QBC_BRIDGES_SOCKJS_ENABLED", "true")
                .environment("QBC_BRIDGES_TCP_ENABLED", "true")
                .environment("QBC_BRIDGES_TCP_PORT", String.valueOf(bridge));
        second = plan(1);
    }

    private Plan plan(int number) {
        return Plan.in(directory.resolve("node" + number))
                .environment("QBC_CLUSTER_ENABLED", "true")
                .environment("QBC_CLUSTER_NAME", "it")
                .environment("QBC_CLUSTER_PORT", ports.get(number).toString())
                .environment("QBC_CLUSTER_MEMBERS", "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1))
                .environment("QBC_ACCESS_MODE", "open")
                .environment("QBC_LEAP_AGE", "200ms");
    }

    /** Makes a chain that the second node alone has. */
    private static void found(NodeProcess here, NodeProcess there) {
        there.client().post("/v1/chains", ORDERS).expect(201);
        assertThat(here.client().get("/v1/chains/orders").status()).isEqualTo(404);
    }

    @Test
    void aBrowserReachesAChainThatAnotherNodeKeeps() throws Exception {
        try (BridgePage served = new BridgePage(first.url(), "{}");
                Browser browser = Browser.open(directory);
                NodeProcess here = NodeProcess.start(first.environment("QBC_HTTP_ORIGINS", served.origin()));
                NodeProcess there = NodeProcess.start(second);
                BrowserPage page = browser.page()) {
            found(here, there);
            served.connect(page);
            page.await("code('qbc.v1.orders.chains.find', {}).then(found => found === 'answered')");
            page.evaluate("(async () => { const events = await ask('qbc.v1.orders.events.subscribe', {});"
                    + "bus.registerHandler(events.address, (failure, event) => told.events.push(event.body));"
                    + "window.renew = () => ask(events.renewal, {chain: 'orders', address: events.address}); })()");
            JsonNode injected = BridgePage.ask(page, "qbc.v1.orders.transactions.inject", "{data: {n: 1}, wait: 30}");
            assertThat(injected.get("state").asText()).isEqualTo("committed");
            String id = injected.get("id").asText();
            assertThat(there.client()
                            .get("/v1/chains/orders/transactions/" + id)
                            .expect(200)
                            .json()
                            .at("/data/n")
                            .asInt())
                    .isEqualTo(1);
            assertThat(BridgePage.ask(page, "qbc.v1.orders.transactions.find", "{id: '" + id + "'}")
                            .at("/data/n")
                            .asInt())
                    .isEqualTo(1);
            // A member learns of a new listener a moment after it begins to listen.
            page.evaluate("renew().then(() => true)");
            page.await("ask('qbc.v1.orders.transactions.inject', {data: 2, wait: 30})"
                    + ".then(() => told.events.some(event => event.type === 'quant'))");
            String key =
                    there.client().get("/v1/node").expect(200).json().get("key").asText();
            assertThat(BridgePage.ask(page, "qbc.v1@" + key + ".node.show", "{}")
                            .get("key")
                            .asText())
                    .isEqualTo(key);
            for (String inside : INTERNAL) {
                assertThat(BridgePage.code(page, inside, "{}")).as(inside).isEqualTo("404 route_unknown");
            }
            assertThat(BridgePage.code(page, "qbc.v1@" + key + "/mining.inject", "{}"))
                    .isEqualTo("404 route_unknown");
            assertThat(here.client().get("/v1/chains/orders").status()).isEqualTo(404);
        }
    }

    @Test
    void aCallerOfTheTcpBridgeIsToldWhenTheOtherNodeIsGone() throws Exception {
        try (NodeProcess here = NodeProcess.start(first);
                NodeProcess there = NodeProcess.start(second);
                BridgeCaller caller = BridgeCaller.call(bridge)) {
            found(here, there);
            String inject = "qbc.v1.orders.transactions.inject";
            Await.until(
                    "the other node's chain is known here",
                    () -> caller.ask(inject, new JsonObject().put("data", 1)).containsKey("body"));
            for (String inside : INTERNAL) {
                assertThat(BridgeCaller.code(caller.ask(inside, new JsonObject())))
                        .as(inside)
                        .isEqualTo("route_unknown");
            }
            assertThat(there.terminate()).isZero();
            assertThat(BridgeCaller.code(caller.ask(inject, new JsonObject().put("data", 2))))
                    .isEqualTo("route_unknown");
            assertThat(caller.ask("qbc.v1.chains.list", new JsonObject()).getString("type"))
                    .isEqualTo("message");
        }
    }
}
