package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console of a node with two peers, five chains, one of which stands still, a subscription whose receiver is not
 * there, and a projection. {@code -Dqbc.console.transactions=200000} has it filled as a large one is.
 */
@DisplayName("The console of a node with much in it")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleLargeIT {
    private static final int TRANSACTIONS = Integer.getInteger("qbc.console.transactions", 2000);
    private static final int BATCH = 10_000;
    private static final double NANOS = 1e9;
    private static final int NARROW = 360;
    private static final int MIDDLE = 1100;
    private static final int WIDE = 1440;
    private static final String[] JSON = {"Content-Type", "application/json"};
    private static final Path PICTURES = Path.of("target", "screenshots");

    private static final List<String> PAGES = List.of(
            "/",
            "/?stage=api",
            "/?stage=mining",
            "/?stage=persistence",
            "/?stage=gossip",
            "/chains",
            "/chains/orders",
            "/chains/orders?tab=consensus",
            "/chains/still?tab=consensus",
            "/chains/orders?tab=spec",
            "/chains/orders?tab=forks",
            "/chains/orders/quants/1",
            "/search?q=orders",
            "/analytics?chain=orders",
            "/projections",
            "/projections/numbers?table=number",
            "/subscriptions/orders",
            "/subscriptions/orders/shop",
            "/peers");
    private static final List<String> PAGES_OF_ADMINS =
            List.of("/chains/orders?tab=manage", "/inject?chain=orders", "/new", "/access");

    @TempDir
    static Path directory;

    private static Network network;
    private static NodeProcess node;
    private static Browser browser;
    private static String admin;
    private static String writer;
    private static String reader;

    @BeforeAll
    static void begin() throws Exception {
        browser = Browser.open(directory);
        network = Network.start(directory, 3, plan -> plan.environment("QBC_LEAP_AGE", "300ms"));
        Client client = network.client(0);
        network.make("orders", "{\"engine\":\"dbc\"}");
        network.make("votes", "{\"engine\":\"poa\"}");
        network.make("council", "{\"engine\":\"dpos\"}");
        network.make("still", "{\"engine\":\"dbc\",\"participants\":[\"" + Strangers.key() + "\"]}");
        client.post("/v1/chains/still/transactions", "{\"data\":\"waits\"}").expect(202);
        put(client, "/v1/chains/orders/subscriptions/shop", webhook());
        put(client, "/v1/projections/numbers", mapping());
        fill(client);
        Plan plan = network.node(0).plan();
        admin = AccessKey.make(plan, "admin");
        writer = AccessKey.make(plan, "reader", "writer");
        reader = AccessKey.make(plan, "reader");
        assertThat(network.node(0).terminate()).isZero();
        node = NodeProcess.start(plan.environment("QBC_ACCESS_MODE", "required"));
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (node != null) {
            node.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private static String webhook() {
        return "{\"deliver\":{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:" + Ports.free() + "/\"}}";
    }

    private static String mapping() {
        return "{\"chain\":\"orders\",\"tables\":[{\"table\":\"number\",\"mode\":\"append\","
                + "\"columns\":{\"n\":{\"pointer\":\"/n\",\"type\":\"bigint\"}}}]}";
    }

    private static void put(Client client, String path, String json) {
        client.send(client.request("PUT", path, BodyPublishers.ofString(json), JSON))
                .expect(201);
    }

    /** All at once: the pool has room for as many, and leaps while more come. */
    private static void fill(Client client) throws IOException {
        long since = System.nanoTime();
        AtomicInteger taken = new AtomicInteger();
        while (taken.get() < TRANSACTIONS) {
            Await.until("the node takes more than " + taken, () -> {
                int before = taken.get();
                return taken.addAndGet(inject(client, before, Math.min(TRANSACTIONS, before + BATCH))) > before;
            });
        }
        Await.until(
                TRANSACTIONS + " transactions are in quants",
                () -> client.get("/v1/chains/orders")
                                .json()
                                .at("/head/treeSize")
                                .asInt()
                        >= TRANSACTIONS);
        Await.until(
                "the projection has them too",
                () -> client.get("/v1/projections/numbers").json().at("/leaf").asInt() >= TRANSACTIONS);
        Files.writeString(
                Path.of("target", "console-large.txt"),
                "%d transactions in quants and in a table after %.1f s, with two peers that follow%n"
                        .formatted(TRANSACTIONS, (System.nanoTime() - since) / NANOS));
    }

    /** How many the node takes of these; the peers are at the same address, and have a part of what it may take. */
    private static int inject(Client client, int first, int end) {
        StringBuilder lines = new StringBuilder();
        for (int i = first; i < end; i++) {
            lines.append("{\"type\":\"order\",\"data\":{\"n\":").append(i).append("}}\n");
        }
        Answer answer = client.send(client.request(
                "POST",
                "/v1/chains/orders/transactions",
                BodyPublishers.ofString(lines.toString()),
                "Content-Type",
                "application/x-ndjson"));
        List<String> refused =
                answer.text().lines().filter(each -> each.contains("\"code\"")).toList();
        assertThat(refused).allMatch(each -> each.contains("\"busy\""));
        return answer.status() == HttpURLConnection.HTTP_OK
                ? (int) answer.text().lines().count() - refused.size()
                : 0;
    }

    private interface Use {
        void by(ConsolePage console) throws Exception;
    }

    private static void use(Use use) throws Exception {
        try (BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            use.by(new ConsolePage(page, node.url()));
        }
    }

    private static void look(String key, List<String> pages, boolean judged) throws Exception {
        List<String> faults = new ArrayList<>();
        use(console -> {
            console.as(key);
            if (judged) {
                Axe.load(console.page());
            }
            for (String address : pages) {
                for (int width : new int[] {WIDE, MIDDLE, NARROW}) {
                    String scheme = width == NARROW ? "dark" : "light";
                    console.page().view(width, scheme);
                    console.go(address);
                    String where = address + " at " + width + " " + scheme;
                    faults.addAll(ConsoleFaults.of(console, where));
                    if (judged && width != MIDDLE) {
                        Axe.judge(console.page()).forEach(each -> faults.add(where + ": " + each));
                        picture(console, "large" + address + "-" + width);
                    }
                    List<String> unused = console.page().complaints();
                }
            }
        });
        assertThat(faults).isEmpty();
    }

    private static void picture(ConsolePage console, String name) throws IOException {
        console.page().screenshot(PICTURES.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".png"));
    }

    @Test
    @Order(0)
    @DisplayName("shows an admin every page, wide and narrow, light and dark")
    void everyPageAsAdmin() throws Exception {
        List<String> pages = new ArrayList<>(PAGES);
        pages.addAll(PAGES_OF_ADMINS);
        look(admin, pages, true);
    }

    @Test
    @Order(0)
    @DisplayName("shows readers and writers every page of theirs")
    void everyPageAsOthers() throws Exception {
        look(reader, PAGES, false);
        List<String> pages = new ArrayList<>(PAGES);
        pages.add("/inject?chain=orders");
        look(writer, pages, false);
    }

    @Test
    @Order(0)
    @DisplayName("offers what the role may do and nothing else")
    void offersByRole() throws Exception {
        for (String key : List.of(reader, writer, admin)) {
            boolean writes = !key.equals(reader);
            boolean all = key.equals(admin);
            use(console -> {
                console.as(key).go("/subscriptions/orders/shop").reads("shop").reads("Last error");
                assertThat(console.offers("Pause")).isEqualTo(writes);
                assertThat(console.offers("Make a new secret")).isEqualTo(writes);
                console.go("/projections/numbers").reads("number");
                assertThat(console.offers("Run")).isTrue();
                assertThat(console.offers("Rebuild")).isEqualTo(all);
                assertThat(console.offers("Compare with the chain")).isEqualTo(all);
                console.go("/chains/orders?tab=manage");
                assertThat(console.offers("Freeze")).isEqualTo(all);
                console.go("/peers").reads("live");
                assertThat(console.text().contains("Make a node a peer")).isEqualTo(all);
                console.go("/access");
                assertThat(console.text().contains("Make a key")).isEqualTo(all);
            });
        }
    }

    /** A chain counts as one that stands still after a minute, which the other tests take. */
    @Test
    @Order(1)
    @DisplayName("tells what needs somebody, and what to do")
    void alarms() throws Exception {
        use(console -> {
            console.as(admin)
                    .reads("Something needs you")
                    .reads("chain_stalled")
                    .reads("Start those nodes");
            console.reads("subscription_retrying").reads("See whether the receiver runs");
        });
    }

    @Test
    @Order(0)
    @DisplayName("works by the keyboard alone")
    void keyboard() throws Exception {
        use(console -> {
            console.as(admin);
            console.page().press("g");
            console.page().press("u");
            console.page().await("location.hash === '#/subscriptions'");
            console.settled().tabTo("select");
            console.go("/subscriptions/orders").tabTo("input").page().call("Input.insertText", Map.of("text", "typed"));
            console.tabTo("button.main").page().press("Enter");
            console.reads("typed is made.");
        });
    }

    @Test
    @Order(2)
    @DisplayName("finds its node again with the credential that it was shown")
    void nodeComesBack() throws Exception {
        use(console -> {
            console.as(admin).go("/subscriptions/orders").reads("shop");
            node.kill9();
            console.page().await("document.querySelector('.lost').textContent.trim()");
            node.restart();
            console.page().await("!document.querySelector('.lost').textContent.trim()");
            console.settled().reads("shop");
            JsonNode caller = node.client()
                    .get("/v1/access/self", "Authorization", "Bearer " + admin)
                    .expect(200)
                    .json();
            assertThat(caller.get("roles").toString()).contains("admin");
        });
    }
}
