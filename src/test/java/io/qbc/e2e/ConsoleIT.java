package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real Chromium, on the real jar: its pages show what there is, without a complaint in the browser's
 * console, narrow and wide, light and dark, to whoever sees them or has them read. Skipped where there is no Chromium.
 */
class ConsoleIT {
    private static final int NARROW = 360;
    private static final int WIDE = 1440;
    private static final long WIRE_BYTES_MAX = 600_000;
    private static final int LONG = 1_000_000;
    private static final Path PICTURES = Path.of("target", "screenshots");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whatever a browser might take for more than text, if anybody let it. */
    private static final List<String> HOSTILE = List.of(
            "<img src=x onerror=window.taken=1><script>window.taken=2</script>",
            "</pre></script><svg/onload=window.taken=3>",
            "javascript:window.taken=4",
            "\u202Egnp.exe\u202C \u2066\u2069 \u0000");

    private static final String SETTLED = ConsolePage.SETTLED;

    @TempDir
    Path directory;

    private Plan plan(String name) {
        return Plan.in(directory.resolve(name)).environment("QBC_LEAP_AGE", "300ms");
    }

    private static String data(Object value) throws IOException {
        return JSON.writeValueAsString(JSON.createObjectNode().set("data", JSON.valueToTree(value)));
    }

    /** What is done in a browser at a running node. */
    private interface Visit {
        void at(NodeProcess node, BrowserPage page) throws Exception;
    }

    /** Visits a node in a wide, light window. */
    private void visit(Plan plan, Visit visit) throws Exception {
        try (Browser browser = Browser.open(directory);
                NodeProcess node = NodeProcess.start(plan);
                BrowserPage page = browser.page()) {
            page.view(WIDE, "light");
            visit.at(node, page);
        }
    }

    /** A node with something of everything, and the id of a transaction of each kind of data. */
    private static List<String> fill(Client client) throws IOException {
        client.post("/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"poa\"}}")
                .expect(201);
        List<String> ids = new ArrayList<>();
        for (String text : HOSTILE) {
            ids.add(inject(client, List.of(text, Map.of(text.replace("\u0000", ""), text))));
        }
        ids.add(inject(client, "x".repeat(LONG)));
        for (int i = 0; i < 30; i++) {
            client.post("/v1/chains/orders/transactions", "{\"type\":\"order\",\"data\":{\"n\":" + i + "}}")
                    .expect(202);
        }
        for (String chain : List.of("main", "orders")) {
            Await.until(
                    "all of " + chain + " is in a quant",
                    () -> client.get("/v1/chains/" + chain)
                                            .expect(200)
                                            .json()
                                            .path("pool")
                                            .path("transactions")
                                            .asInt()
                                    == 0
                            && client.get("/v1/chains/" + chain)
                                            .expect(200)
                                            .json()
                                            .path("head")
                                            .path("height")
                                            .asInt()
                                    > 0);
        }
        return ids;
    }

    private static String inject(Client client, Object value) throws IOException {
        return client.post("/v1/chains/main/transactions", data(value))
                .expect(202)
                .json()
                .get("id")
                .asText();
    }

    private static List<String> pages(List<String> ids) {
        List<String> pages = new ArrayList<>(List.of(
                "/",
                "/chains",
                "/chains/main",
                "/chains/orders",
                "/chains/main/quants/0",
                "/chains/main/quants/1",
                "/inject?chain=orders",
                "/new",
                "/search?q=orders",
                "/search?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.taken%3D5%3E",
                "/peers",
                "/projections",
                "/subscriptions",
                "/access",
                "/analytics?chain=orders"));
        ids.forEach(id -> pages.add("/chains/main/transactions/" + id));
        return pages;
    }

    @Test
    void everyPageShowsWhatThereIsAndNothingElse() throws Exception {
        visit(plan("node"), (node, page) -> {
            List<String> ids = fill(node.client());
            List<String> faults = new ArrayList<>();
            for (String address : pages(ids)) {
                for (int width : new int[] {WIDE, NARROW}) {
                    page.view(width, "light");
                    page.open("about:blank");
                    page.open(node.url() + "/console/#" + address);
                    page.await(SETTLED);
                    page.complaints().forEach(each -> faults.add(address + " at " + width + ": " + each));
                    long over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                            .asLong();
                    if (over > 0) {
                        faults.add(address + " at " + width + " is " + over + " pixels too wide");
                    }
                    if (!page.evaluate("typeof window.taken").asText().equals("undefined")) {
                        faults.add(address + " runs what it shows");
                    }
                    if (page.evaluate("document.querySelectorAll('main script, main iframe, main img').length")
                                    .asInt()
                            > 0) {
                        faults.add(address + " has elements of what it shows");
                    }
                    picture(page, address, width + "");
                }
                Axe.load(page);
                for (String scheme : List.of("light", "dark")) {
                    page.view(WIDE, scheme);
                    Axe.judge(page).forEach(each -> faults.add(address + " " + scheme + ": " + each));
                }
                // What the judge itself does is no fault of the page.
                List<String> unused = page.complaints();
            }
            assertThat(faults).isEmpty();
        });
    }

    private static void picture(BrowserPage page, String address, String width) throws IOException {
        String name = address.replaceAll("[0-9a-f]{64}", "id").replaceAll("[^A-Za-z0-9]+", "-");
        page.screenshot(PICTURES.resolve("console" + (name.equals("-") ? "-overview" : name) + "-" + width + ".png"));
    }

    @Test
    void hostileDataIsShownAsText() throws Exception {
        visit(plan("node"), (node, page) -> {
            List<String> ids = fill(node.client());
            page.open(node.url() + "/console/#/chains/main/transactions/" + ids.get(0));
            page.await(SETTLED);
            page.await("document.querySelector('main').innerText.includes('<img src=x onerror=window.taken=1>')");
            assertThat(page.evaluate("typeof window.taken").asText()).isEqualTo("undefined");
            // Of what is long a part is shown, and the page stays quick.
            page.open(node.url() + "/console/#/chains/main/transactions/" + ids.get(ids.size() - 1));
            page.await(SETTLED);
            page.await("document.querySelector('main').innerText.includes('xxxxxxxx')");
            assertThat(page.complaints()).isEmpty();
        });
    }

    @Test
    void whereACredentialIsRequiredItIsAskedForAndKeptInMemoryAlone() throws Exception {
        Plan plan = plan("node").environment("QBC_ACCESS_MODE", "required");
        visit(plan, (node, page) -> {
            String key = key(plan);
            page.open(node.url() + "/console/");
            page.await("document.querySelector('input[type=password]')");
            page.await("document.querySelector('label')");
            assertThat(page.complaints()).isEmpty();
            page.screenshot(PICTURES.resolve("console-credential.png"));
            page.evaluate("document.querySelector('input[type=password]').focus()");
            page.call("Input.insertText", Map.of("text", key));
            page.await("document.querySelector('input[type=password]').value");
            page.evaluate("document.querySelector('input[type=password]').form.requestSubmit()");
            page.await("!document.querySelector('input[type=password]') && (" + SETTLED + ")");
            page.await("document.body.innerText.includes('main')");
            assertThat(page.complaints()).isEmpty();
            String stored = page.evaluate(
                            "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage),"
                                    + " document.cookie, location.href, history.state])")
                    .asText();
            assertThat(stored).doesNotContain(key).doesNotContain("qbc_");
            page.open(node.url() + "/console/?again");
            page.await("document.querySelector('input[type=password]')");
        });
    }

    private static String key(Plan plan) throws Exception {
        Process made = new ProcessBuilder(
                        plan.java().toString(),
                        "-jar",
                        System.getProperty("qbc.jar"),
                        "access",
                        "add",
                        "--name",
                        "console",
                        "--role",
                        "reader",
                        "--data",
                        plan.data().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = made.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test
    void allThatIsLoadedIsSmallAndComesFromTheNode() throws Exception {
        visit(plan("node"), (node, page) -> {
            page.open(node.url() + "/");
            page.await(SETTLED);
            assertThat(page.evaluate("location.href").asText()).startsWith(node.url() + "/console/");
            page.evaluate("location.hash = '/analytics'");
            page.await(SETTLED);
            assertThat(page.received()).isPositive().isLessThan(WIRE_BYTES_MAX);
            JsonNode loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)");
            loaded.forEach(each -> assertThat(each.asText()).startsWith(node.url() + "/"));
        });
    }

    @Test
    void howManyWaitedAndHowOldFinalityWasIsShownOverTime() throws Exception {
        visit(plan("node"), (node, page) -> {
            List<String> unused = fill(node.client());
            Await.until("a quant came upon one that is final", () -> {
                node.client().post("/v1/chains/orders/leaps", "{}");
                return node.client()
                        .get("/v1/chains/orders/analytics")
                        .expect(200)
                        .text()
                        .matches("(?s).*\"finalityP99Millis\":\\[[^]]*\\d.*");
            });
            page.open(node.url() + "/console/#/analytics?chain=orders&range=1h");
            page.await(SETTLED);
            for (String title : List.of("Waiting for a quant, on average", "Age of the newest final quant")) {
                page.await("document.querySelector('section.chart[aria-label^=\"" + title + "\"] canvas')");
            }
            picture(page, "/analytics-of-votes", "" + WIDE);
            assertThat(page.complaints()).isEmpty();
        });
    }

    @Test
    void aNodeThatIsLostIsFoundAgain() throws Exception {
        Plan plan = plan("node");
        try (Browser browser = Browser.open(directory);
                BrowserPage page = browser.page()) {
            try (NodeProcess node = NodeProcess.start(plan)) {
                page.view(WIDE, "light");
                page.open(node.url() + "/console/#/chains");
                page.await(SETTLED);
                page.await("!document.querySelector('.lost').textContent.trim()");
                node.kill9();
                page.evaluate("location.hash = '/'");
                page.await("document.querySelector('.lost').textContent.trim()");
            }
            try (NodeProcess node = NodeProcess.start(plan)) {
                page.await("!document.querySelector('.lost').textContent.trim()");
                page.await(SETTLED);
                assertThat(node.isAlive()).isTrue();
            }
        }
    }

    @Test
    void itWorksByTheKeyboardAlone() throws Exception {
        visit(plan("node"), (node, page) -> {
            page.open(node.url() + "/console/");
            page.await(SETTLED);
            page.press("g");
            page.press("c");
            page.await("location.hash === '#/chains'");
            page.await(SETTLED);
            page.press("/");
            page.await("document.activeElement.id === 'search'");
            page.call("Input.insertText", Map.of("text", "main"));
            page.press("\r");
            page.await("location.hash.includes('main')");
            assertThat(page.complaints()).isEmpty();
        });
    }

    @Test
    void theApiDocumentIsShown() throws Exception {
        visit(plan("node"), (node, page) -> {
            page.open(node.url() + "/docs/");
            page.await("document.querySelectorAll('.opblock').length > 40");
            page.evaluate("document.querySelector('[id$=listChains] button').click()");
            page.await("document.querySelector('[id$=listChains] .try-out__btn')");
            page.evaluate("document.querySelector('[id$=listChains] .try-out__btn').click()");
            page.await("document.querySelector('[id$=listChains] .execute')");
            page.evaluate("document.querySelector('[id$=listChains] .execute').click()");
            page.await("document.querySelector('[id$=listChains] .live-responses-table')");
            page.screenshot(PICTURES.resolve("docs.png"));
            assertThat(page.complaints()).isEmpty();
        });
    }

    /** The pictures are of this run. */
    @BeforeAll
    static void clear() throws IOException {
        if (Files.isDirectory(PICTURES)) {
            try (Stream<Path> old = Files.list(PICTURES)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
