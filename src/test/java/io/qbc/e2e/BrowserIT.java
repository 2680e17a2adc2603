package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.qbc.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages in a real Chromium that call a node on the same machine: those of other origins change nothing and read
 * nothing, by whatever way a page has; those of a configured origin work. Skipped where there is no Chromium.
 */
class BrowserIT {
    /** Every way of a page to send something elsewhere; what it could read is reported to its own server. */
    private static final String ATTACK = """
            <!doctype html><meta charset="utf-8"><title>attack</title><body><script>
            const node = "%s";
            const main = node + "/v1/chains/main";
            const told = {};
            async function attempt(name, url, options) {
              try {
                const answer = await fetch(url, options);
                told[name] = answer.type === "opaque" ? "opaque" : answer.status + " " + await answer.text();
              } catch (e) { told[name] = "blocked"; }
            }
            function loaded(element, start) {
              return new Promise(done => {
                element.onload = element.onerror = done;
                document.body.appendChild(element);
                start(element);
              });
            }
            function form(action, type, name, value) {
              const frame = document.createElement("iframe");
              frame.name = "f" + Math.random();
              const form = document.createElement("form");
              Object.assign(form, {action, method: "post", enctype: type, target: frame.name});
              const field = document.createElement("input");
              Object.assign(field, {type: "hidden", name, value});
              form.appendChild(field);
              document.body.appendChild(frame);
              document.body.appendChild(form);
              return new Promise(done => { frame.onload = done; form.submit(); });
            }
            const json = {"Content-Type": "application/json"};
            const text = {"Content-Type": "text/plain"};
            const pairs = {"Content-Type": "application/x-www-form-urlencoded"};
            const orders = '{"name":"orders","consensus":{"engine":"dbc"}}';
            async function attack() {
              await attempt("read", main, {});
              await attempt("read blindly", main, {mode: "no-cors"});
              await attempt("inject", main + "/transactions", {method: "POST", headers: json, body: '{"data":1}'});
              await attempt("inject as text", main + "/transactions",
                  {method: "POST", mode: "no-cors", headers: text, body: '{"data":2}'});
              await attempt("inject as form", node + "/inject",
                  {method: "POST", mode: "no-cors", headers: pairs, body: "data=3"});
              await attempt("inject with credentials", node + "/inject",
                  {method: "POST", mode: "no-cors", credentials: "include", headers: pairs, body: "data=4"});
              await attempt("create", node + "/v1/chains", {method: "POST", headers: json, body: orders});
              await attempt("create as text", node + "/v1/chains",
                  {method: "POST", mode: "no-cors", headers: text, body: orders});
              await attempt("create without a type", node + "/v1/chains",
                  {method: "POST", mode: "no-cors", body: new Blob([orders])});
              await attempt("leap", main + "/leaps", {method: "POST", mode: "no-cors"});
              await attempt("leap of the original", node + "/leap", {mode: "no-cors"});
              await attempt("freeze", main + "/freeze", {method: "POST", mode: "no-cors"});
              await attempt("freeze by CORS", main + "/freeze", {method: "POST", headers: json, body: ""});
              await attempt("remove", main + "?confirm=main", {method: "DELETE"});
              await attempt("a key", node + "/v1/access",
                  {method: "POST", mode: "no-cors", headers: text, body: '{"name":"a","roles":["admin"]}'});
              await attempt("a peer", node + "/discover",
                  {method: "POST", mode: "no-cors", headers: text, body: '{"host":"http://127.0.0.1:9"}'});
              await attempt("a call of peers", node + "/v1/peer/hello", {method: "POST", mode: "no-cors", body: "x"});
              told.beacon = String(navigator.sendBeacon(node + "/inject", new URLSearchParams("data=5")));
              await loaded(new Image(), image => { image.src = node + "/leap"; });
              await loaded(document.createElement("iframe"), frame => { frame.src = node + "/leap"; });
              await loaded(document.createElement("script"), script => { script.src = node + "/leap"; });
              await loaded(Object.assign(document.createElement("link"), {rel: "stylesheet"}),
                  link => { link.href = node + "/leap"; });
              await form(node + "/inject", "application/x-www-form-urlencoded", "data", "6");
              await form(main + "/transactions", "text/plain", '{"data":7,"type":"', '"}');
              await form(main + "/leaps", "multipart/form-data", "a", "b");
              await form(main + "/freeze", "text/plain", "a", "b");
              await fetch("/report", {method: "POST", body: JSON.stringify(told)});
            }
            attack();
            </script>
            """;

    /** What a page of a configured origin does: reads, injects with a key, and sees the answer and its fields. */
    private static final String WORK = """
            <!doctype html><meta charset="utf-8"><title>work</title><body><script>
            const node = "%s";
            async function work() {
              const told = {};
              try {
                const read = await fetch(node + "/v1/chains/main");
                told.read = read.status;
                const made = await fetch(node + "/v1/chains/main/transactions", {
                  method: "POST",
                  headers: {"Content-Type": "application/json", "Idempotency-Key": "from-a-page"},
                  body: '{"data":"from a page"}'});
                told.inject = made.status;
                told.location = made.headers.get("Location");
                told.id = (await made.json()).id;
              } catch (e) { told.failed = String(e); }
              await fetch("/report", {method: "POST", body: JSON.stringify(told)});
            }
            work();
            </script>
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void pagesOfOtherOriginsChangeAndReadNothing() throws Exception {
        Path browser = Browser.find();
        try (NodeProcess node = NodeProcess.start(plan());
                Pages pages = new Pages(ATTACK.formatted(node.url()));
                Pages byName = new Pages(
                        ATTACK.formatted("http://rebound.example:" + node.plan().port()))) {
            node.client().inject("\"waits\"").expect(202);
            String before = state(node.client());
            // The same machine on another port, another name of it, and a name that somebody points to it.
            for (String page : List.of(
                    "http://127.0.0.1:" + pages.port() + "/",
                    "http://localhost:" + pages.port() + "/",
                    "http://attacker.example:" + pages.port() + "/")) {
                refused(page, visit(browser, page, pages), node, before);
            }
            String page = "http://attacker.example:" + byName.port() + "/";
            refused(page, visit(browser, page, byName), node, before);
        }
    }

    @Test
    void pagesOfAConfiguredOriginWork() throws Exception {
        Path browser = Browser.find();
        int port = Ports.free();
        Plan plan = plan().environment("QBC_HTTP_ORIGINS", "http://app.example:" + port);
        try (NodeProcess node = NodeProcess.start(plan);
                Pages pages = new Pages(WORK.formatted(node.url()), port)) {
            JsonNode told = visit(browser, "http://app.example:" + port + "/", pages);
            assertThat(told.path("failed").asText()).isEmpty();
            assertThat(told.path("read").asInt()).isEqualTo(200);
            assertThat(told.path("inject").asInt()).isEqualTo(202);
            String path = "/v1/chains/main/transactions/" + told.path("id").asText();
            assertThat(told.path("location").asText()).endsWith(path);
            assertThat(node.client().get(path).expect(200).json().get("data").asText())
                    .isEqualTo("from a page");
            JsonNode other = visit(browser, "http://127.0.0.1:" + port + "/", pages);
            assertThat(other.path("failed").asText())
                    .as("the same server by another name")
                    .isNotEmpty();
        }
    }

    private Plan plan() {
        // What waits stays in the pool until somebody leaps.
        return Plan.in(directory.resolve("node"))
                .environment("QBC_LEAP_AGE", "0s")
                .environment("QBC_LEAP_TRANSACTIONS", "0")
                .environment("QBC_LEAP_BYTES", "0");
    }

    private static void refused(String page, JsonNode told, NodeProcess node, String before) {
        assertThat(told.size()).as(page).isGreaterThan(15);
        told.properties()
                .forEach(each -> assertThat(each.getValue().asText())
                        .as(page + " " + each.getKey())
                        .isIn("blocked", "opaque", "true"));
        assertThat(state(node.client())).as(page).isEqualTo(before);
    }

    /** All that a page could change. */
    private static String state(Client client) {
        return client.get("/v1/chains").expect(200).text()
                + client.get("/v1/peers").expect(200).text()
                + client.get("/v1/access").expect(200).text();
    }

    /** Opens a page and gives what it reports. */
    private JsonNode visit(Path browser, String page, Pages pages) throws Exception {
        CompletableFuture<String> report = pages.report();
        Path log = Files.createTempFile(directory, "browser", ".log");
        Process process = Browser.start(browser, directory, log, page);
        try {
            return JSON.readTree(report.get(Patience.PROCESS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("the page " + page + " reports nothing\n" + Files.readString(log), e);
        } finally {
            Browser.end(process);
        }
    }

    /** A server of one page on this machine, to which the page reports. */
    private static final class Pages implements AutoCloseable {
        private final HttpServer server;
        private final byte[] page;
        private volatile CompletableFuture<String> report = new CompletableFuture<>();

        Pages(String page) throws IOException {
            this(page, 0);
        }

        Pages(String page, int port) throws IOException {
            this.page = page.getBytes(StandardCharsets.UTF_8);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        /** What the next page to be opened reports. */
        CompletableFuture<String> report() {
            report = new CompletableFuture<>();
            return report;
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange;
                    InputStream body = exchange.getRequestBody()) {
                String path = exchange.getRequestURI().getPath();
                if (path.equals("/report")) {
                    report.complete(new String(body.readAllBytes(), StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                } else if (path.equals("/")) {
                    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                } else {
                    exchange.sendResponseHeaders(404, -1);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
