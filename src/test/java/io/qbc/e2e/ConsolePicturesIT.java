package io.qbc.e2e;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the pictures of the console that stand in its document, from a node with something in it:
 * {@code -Dqbc.console.pictures} names the directory that they go to, and without it none are made.
 */
@EnabledIfSystemProperty(named = "qbc.console.pictures", matches = ".+")
class ConsolePicturesIT {
    private static final int WIDTH = 1200;
    private static final int QUALITY = 60;
    private static final int ORDERS = 240;
    private static final int ROUNDS = 240;
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final int WAVE = 8;
    private static final String[] JSON = {"Content-Type", "application/json"};

    @Test
    @DisplayName("Pictures of the console")
    void pictures(@TempDir Path home) throws Exception {
        Path to = Path.of(System.getProperty("qbc.console.pictures"));
        Plan plan = Plan.in(home.resolve("node")).environment("QBC_LEAP_AGE", "500ms");
        try (Browser browser = Browser.open(home);
                NodeProcess node = NodeProcess.start(plan);
                BrowserPage page = browser.page()) {
            fill(node.client());
            Instant since = trade(node.client());
            page.view(WIDTH, "light");
            page.call("Emulation.setScrollbarsHidden", Map.of("hidden", true));
            ConsolePage console = new ConsolePage(page, node.url());
            for (Map.Entry<String, String> each : pages(since).entrySet()) {
                try (Load load = Load.on(List.of(new ChainClient(node.client(), "orders")))) {
                    load.awaitMore(1);
                    console.open(each.getValue());
                    awaitDrawn(page);
                    take(page, to.resolve("console-" + each.getKey() + ".webp"));
                }
            }
        }
    }

    private static Map<String, String> pages(Instant since) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "/");
        pages.put("chain", "/chains/orders");
        pages.put("analytics", "/analytics?chain=orders&by=type&from=" + since);
        pages.put("projection", "/projections/shop?sql=select%20sku,%20count(*)%20n%20from%20item%20group%20by%20sku");
        pages.put("subscriptions", "/subscriptions/orders");
        return pages;
    }

    private static void fill(Client client) {
        client.post("/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}")
                .expect(201);
        put(
                client,
                "/v1/projections/shop",
                "{\"chain\":\"orders\",\"tables\":[{\"table\":\"item\",\"mode\":\"append\","
                        + "\"when\":{\"type\":\"order.placed\"},"
                        + "\"columns\":{\"sku\":{\"pointer\":\"/sku\",\"type\":\"text\"}}}]}");
        put(client, "/v1/chains/orders/subscriptions/billing", "{}");
        put(
                client,
                "/v1/chains/orders/subscriptions/shop",
                "{\"deliver\":{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:" + Ports.free() + "/\"}}");
        for (int i = 0; i < ORDERS; i++) {
            String type = i % 4 == 3 ? "order.paid" : "order.placed";
            client.post(
                            "/v1/chains/orders/transactions",
                            "{\"type\":\"" + type + "\",\"data\":{\"order\":" + i + ",\"sku\":\"A-" + i % 5 + "\"}}")
                    .expect(202);
            if (i % 20 == 19) {
                client.post("/v1/chains/orders/leaps", "");
            }
        }
        Await.until(
                "the tables have all",
                () -> client.get("/v1/projections/shop").json().get("leaf").asInt() == ORDERS);
    }

    /** Some minutes of busier and of quieter times, so that charts have something to show; from when on. */
    private static Instant trade(Client client) {
        Instant since = Instant.now();
        List<String> types = List.of("order.placed", "order.paid", "order.sent", "order.returned");
        for (int i = 0; i < ROUNDS; i++) {
            for (int t = 0; t < types.size(); t++) {
                double wave = 1 + Math.sin(2 * Math.PI * i / ROUNDS * (t + 1));
                for (int n = 0; n < WAVE * wave / (t + 1); n++) {
                    String data = "{\"order\":" + i + ",\"sku\":\"A-" + n % 5 + "\"}";
                    client.post(
                                    "/v1/chains/orders/transactions",
                                    "{\"type\":\"" + types.get(t) + "\",\"data\":" + data + "}")
                            .expect(202);
                }
            }
            LockSupport.parkNanos(ROUND.toNanos());
        }
        return since;
    }

    private static void put(Client client, String path, String json) {
        client.send(client.request("PUT", path, BodyPublishers.ofString(json), JSON))
                .expect(201);
    }

    /** Waits for two readings of the figures, of which the pages draw. */
    private static void awaitDrawn(BrowserPage page) {
        page.evaluate("new Promise(done => setTimeout(done, 4500))");
    }

    private static void take(BrowserPage page, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String picture = page.call("Page.captureScreenshot", Map.of("format", "webp", "quality", QUALITY))
                .path("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(picture));
    }
}
