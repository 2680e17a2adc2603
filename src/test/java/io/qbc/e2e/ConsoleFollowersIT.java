package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows a chain, in the console: subscriptions are made, watched and moved. */
@DisplayName("The console and who follows a chain")
class ConsoleFollowersIT {
    private static final int WIDE = 1440;
    private static final String SUBSCRIPTIONS = "/v1/chains/main/subscriptions/";
    private static final String[] JSON = {"Content-Type", "application/json"};

    @TempDir
    Path directory;

    /** What is done in a browser at a running node. */
    private interface Visit {
        void at(NodeProcess node, ConsolePage console) throws Exception;
    }

    private void visit(Visit visit) throws Exception {
        Plan plan = Plan.in(directory.resolve("node")).environment("QBC_LEAP_AGE", "200ms");
        try (Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(plan);
                BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            visit.at(node, new ConsolePage(page, node.url()));
            assertThat(page.complaints()).isEmpty();
        }
    }

    private static void inject(NodeProcess node, String data) {
        node.client()
                .post("/v1/chains/main/transactions", "{\"type\":\"number\",\"data\":" + data + "}")
                .expect(202);
    }

    private static void orders(NodeProcess node, int count) {
        for (int i = 0; i < count; i++) {
            node.client()
                    .post("/v1/chains/main/transactions", "{\"type\":\"order.placed\",\"data\":{\"n\":" + i + "}}")
                    .expect(202);
        }
        Await.until(
                "all are in a quant",
                () -> node.client().chain().at("/head/treeSize").asInt() == count);
    }

    private static JsonNode subscription(NodeProcess node, String name) {
        return node.client().get(SUBSCRIPTIONS + name).expect(200).json();
    }

    @Test
    @DisplayName("makes a subscription of each kind, and shows a secret once")
    void makesEachKind() throws Exception {
        visit((node, console) -> {
            orders(node, 3);
            console.open("/subscriptions/main").reads("Nobody has subscribed");
            console.fill("Name", "audit").press("Subscribe audit").reads("audit is made.");
            console.choose("Delivery", "stream").fill("Name", "live").fill("Types", "order.*, refund");
            console.fill("Pointer into the data", "/n").fill("is this JSON value", "1");
            console.press("Subscribe live").reads("live is made.");
            console.choose("Delivery", "bus")
                    .fill("address", "orders.committed")
                    .fill("Name", "ops");
            console.choose("When it cannot be delivered", "dead")
                    .press("Subscribe ops")
                    .reads("ops is made.");
            console.choose("Told of", "head")
                    .choose("Delivery", "webhook")
                    .fill("url", "http://127.0.0.1:" + Ports.free() + "/hook");
            console.fill("Name", "shop").press("Subscribe shop").reads("whsec_");
            console.press("I have kept it").readsNo("whsec_");
            console.fill("Name", "shop").reads("There is one of this name");
            assertThat(subscription(node, "live").at("/subscription/filter").toString())
                    .isEqualTo("{\"types\":[\"order.*\",\"refund\"],\"pointer\":\"/n\",\"equal\":1}");
            assertThat(subscription(node, "ops")
                            .at("/subscription/deliver/onFailure")
                            .asText())
                    .isEqualTo("dead");
            console.go("/subscriptions/main/shop").reads("retrying").reads("Last error");
            console.press("Make a new secret")
                    .reads("whsec_")
                    .press("I have kept it")
                    .readsNo("whsec_");
            console.go("/").reads("subscription_retrying").reads("See whether the receiver runs");
            console.go("/subscriptions/main/audit").reads("/fetch").reads("Next leaf");
        });
    }

    @Test
    @DisplayName("pauses, resumes, moves, delivers again, changes and removes")
    void moves() throws Exception {
        visit((node, console) -> {
            orders(node, 4);
            node.client()
                    .send(node.client().request("PUT", SUBSCRIPTIONS + "audit", BodyPublishers.ofString("{}"), JSON))
                    .expect(201);
            console.open("/subscriptions/main/audit")
                    .press("Pause")
                    .reads("paused")
                    .press("Resume")
                    .reads("active");
            console.fill("Go on at: oldest, newest or a leaf", "3")
                    .press("Go on there")
                    .reads("Goes on at leaf 3.");
            assertThat(subscription(node, "audit").get("offset").asInt()).isEqualTo(3);
            console.fill("Deliver again from leaf", "0").fill("up to, without", "2");
            console.press("Deliver this range again").reads("A range is delivered once more");
            assertThat(subscription(node, "audit").get("replay").asInt()).isZero();
            console.fill("What it is to do", "{\"deliver\":{\"kind\":\"pull\"},\"ahead\":7}")
                    .press("Change it");
            Await.until(
                    "it is changed",
                    () -> subscription(node, "audit").at("/subscription/ahead").asInt() == 7);
            console.fill("Type audit to go on", "audit").press("Remove the subscription audit");
            console.reads("Nobody has subscribed");
        });
    }

    @Test
    @DisplayName("shows what could not be delivered, and delivers it again")
    void deadLetters() throws Exception {
        AtomicInteger answer = new AtomicInteger(500);
        AtomicInteger received = new AtomicInteger();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                received.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(answer.get(), -1);
            }
        });
        receiver.start();
        try {
            visit((node, console) -> {
                orders(node, 2);
                String document = "{\"at\":\"head\",\"deliver\":{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:"
                        + receiver.getAddress().getPort()
                        + "/\",\"retry\":[\"PT0.01S\"],\"onFailure\":\"dead\"}}";
                node.client()
                        .send(node.client()
                                .request("PUT", SUBSCRIPTIONS + "shop", BodyPublishers.ofString(document), JSON))
                        .expect(201);
                console.open("/")
                        .reads("subscription_dead")
                        .open("/subscriptions/main/shop")
                        .reads("500");
                Await.until(
                        "both are dead",
                        () -> subscription(node, "shop").get("dead").asInt() == 2);
                answer.set(204);
                int before = received.get();
                console.press("Deliver again");
                Await.until(
                        "one is left",
                        () -> subscription(node, "shop").get("dead").asInt() == 1);
                // The page has to see it as well: what is pressed otherwise may be the one that is gone.
                console.page()
                        .await("[...document.querySelectorAll('main button')]"
                                + ".filter(each => each.textContent.trim() === 'Deliver again').length === 1");
                console.press("Deliver again").reads("Everything could be delivered.");
                assertThat(received.get()).isGreaterThanOrEqualTo(before + 2);
            });
        } finally {
            receiver.stop(0);
        }
    }

    private static String mapping(String more) {
        return """
                {"chain":"main","from":"head",%s"tables":[{"table":"number","mode":"append",
                  "columns":{"n":{"pointer":"/n","type":"bigint","required":true},
                             "note":{"pointer":"/note","type":"text"}}},
                  {"table":"latest","mode":"latest","key":["/n"],
                  "columns":{"note":{"pointer":"/note","type":"text"}}}]}""".formatted(more);
    }

    @Test
    @DisplayName("makes a projection, reads its rows and asks it")
    void readsTables() throws Exception {
        visit((node, console) -> {
            inject(node, "{\"n\":9007199254740993,\"note\":\"<b>=1+1</b>\"}");
            inject(node, "{\"n\":2}");
            inject(node, "{\"n\":2,\"note\":\"again\"}");
            inject(node, "{\"n\":\"none\"}");
            node.client().leap();
            console.open("/projections").reads("There are no projections").fill("Name", "numbers");
            console.fill("Mapping", "{").reads("JSON").fill("Mapping", "{\"chain\":\"main\",\"tables\":7}");
            console.press("Begin numbers").reads("projection_invalid").reads("/tables");
            console.fill("Mapping", mapping("\"onError\":\"dead\",")).press("Begin numbers");
            console.reads("following").reads("number 3").reads("Place").reads("/n");
            console.press("Run").reads("3 rows, of the chain’s first 4");
            console.reads("9007199254740993").reads("<b>=1+1</b>").reads("NULL");
            assertThat(csv(console)).contains(",9007199254740993,").contains("<b>=1+1</b>");
            console.fill("SQL", "delete from number").press("Run").reads("query_invalid");
            console.go("/search?q=1%2B1").reads("row of a projection").reads("numbers · number.note");
            // What the node refuses a browser writes down by itself.
            assertThat(console.page().complaints()).allMatch(each -> each.contains("status of 400"));
            console.open("/projections/numbers?sql=" + "select%20count(*)%20many%20from%20number")
                    .reads("many");
            console.press("number 3")
                    .fill("Column", "note")
                    .fill("is", "again")
                    .press("Filter")
                    .settled();
            console.page().await("document.querySelectorAll('[aria-label=number] tbody tr').length === 1");
            console.press("latest 2")
                    .fill("Column", "_key")
                    .fill("is", "2")
                    .press("Filter")
                    .settled();
            console.page().await("document.querySelectorAll('[aria-label=latest] tbody tr').length === 1");
            console.page().evaluate("document.querySelector('[aria-label=latest] tbody a').click()");
            console.reads("History of the row 2")
                    .reads("written")
                    .reads("{\"n\":2}")
                    .reads("again");
            console.press("Pause").reads("paused").press("Resume").reads("following");
            console.press("Compare with the chain")
                    .reads("Every row is as it follows")
                    .press("Rebuild")
                    .press("Try them again");
            console.fill("Type numbers to go on", "numbers").press("Remove the projection numbers");
            console.reads("There are no projections").fill("Name", "strict").fill("Mapping", mapping(""));
            console.press("Begin strict")
                    .reads("stopped")
                    .reads("does not fit the mapping")
                    .reads("/n");
            console.go("/")
                    .reads("Something needs you")
                    .reads("projection_stopped")
                    .reads("Change the mapping");
        });
    }

    @Test
    @DisplayName("leaves who has gone elsewhere while a query runs where he is")
    void staysElsewhere() throws Exception {
        visit((node, console) -> {
            inject(node, "{\"n\":1}");
            node.client().leap();
            node.client()
                    .send(node.client()
                            .request("PUT", "/v1/projections/numbers", BodyPublishers.ofString(mapping("")), JSON))
                    .expect(201);
            console.open("/projections/numbers").reads("number 1");
            console.page()
                    .evaluate("[...document.querySelectorAll('main button')].find(each => each.textContent === 'Run')"
                            + ".click(); location.hash = '/chains'");
            console.page()
                    .await("performance.getEntriesByType('resource').some(each => each.name.endsWith('/query')"
                            + " && each.responseEnd > 0)");
            console.page().evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            assertThat(console.page().evaluate("location.hash").asText()).isEqualTo("#/chains");
        });
    }

    /** What the button for CSV has a browser save. */
    private static String csv(ConsolePage console) {
        console.page()
                .evaluate("HTMLAnchorElement.prototype.click = () => {};"
                        + " URL.createObjectURL = file => { window.saved = file; return ''; }");
        console.press("CSV");
        return console.page().evaluate("window.saved.text()").asText();
    }

    @Test
    @DisplayName("names the rows that somebody forged")
    void findsForgery() throws Exception {
        visit((node, console) -> {
            for (int i = 0; i < 4; i++) {
                inject(node, "{\"n\":" + i + "}");
            }
            node.client().leap();
            node.client()
                    .send(node.client()
                            .request("PUT", "/v1/projections/numbers", BodyPublishers.ofString(mapping("")), JSON))
                    .expect(201);
            console.open("/projections/numbers").reads("number 4");
            console.page().open("about:blank");
            node.terminate();
            ProjectionIT.forge(node.plan().data());
            node.restart();
            console.open("/projections/numbers").reads("number").press("Compare with the chain");
            console.reads("1 rows changed, 0 added, 1 removed")
                    .reads("changed by somebody")
                    .reads("removed by somebody");
        });
    }
}
