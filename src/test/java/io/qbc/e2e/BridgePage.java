package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** A server of a page that has the clients of npm and the example of the documents, and calls a node elsewhere. */
final class BridgePage implements AutoCloseable {
    private static final Path DOCUMENT = Path.of("src/docs/integrate.md");
    /** Of the version that the build names. */
    private static final String SOCKJS = "/META-INF/resources/webjars/sockjs-client/1.6.1/dist/sockjs.min.js";

    private static final String VERTX = "/client/vertx-eventbus.js";
    private static final String PAGE = """
            <!doctype html><meta charset="utf-8"><title>bridge</title><link rel="icon" href="data:,"><body>
            <script src="/sockjs.js"></script><script src="/vertx.js"></script><script src="/example.js"></script>
            <script src="/more.js"></script>
            """;

    /** What the tests do beside the example: count, and load the node until each number is acknowledged once. */
    private static final String MORE = """
            const told = {opened: 0, closed: 0, errors: [], events: []};
            bus.onclose = () => told.closed++;
            bus.onerror = error => told.errors.push(error.failureCode + " " + JSON.parse(error.message).code);
            const example = bus.onopen;
            bus.onopen = () => { told.opened++; if (window.withExample) { return example(); } };
            const code = (address, body) => ask(address, body).then(() => "answered", problem =>
              problem.status + " " + problem.code);
            const acknowledged = new Map();
            const pause = millis => new Promise(done => setTimeout(done, millis));
            async function inject(n) {
              while (!acknowledged.has(n)) {
                try {
                  const given = await Promise.race([
                    ask("qbc.v1.transactions.inject", {chain: "main", data: {n}, key: "load-" + n}),
                    pause(2000).then(() => { throw new Error("no answer"); })]);
                  acknowledged.set(n, given.id);
                } catch (e) { await pause(50); }
              }
            }
            async function load(lanes) {
              let next = 0;
              window.loading = true;
              await Promise.all(Array.from({length: lanes}, async () => {
                while (window.loading) { await inject(next++); }
              }));
            }
            """;

    private final HttpServer server;
    private final Map<String, byte[]> files;

    BridgePage(String node, String headers) throws IOException {
        String example = example("    const bus = ")
                .replace("http://127.0.0.1:5000", node)
                .replace("bus.defaultHeaders = {};", "bus.defaultHeaders = " + headers + ";");
        files = Map.of(
                "/", bytes(PAGE),
                "/sockjs.js", resource(SOCKJS),
                "/vertx.js", resource(VERTX),
                "/example.js", bytes(example),
                "/more.js", bytes(MORE));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The block of the document that begins with these words. */
    static String example(String begin) throws IOException {
        String text = Files.readString(DOCUMENT);
        int start = text.indexOf("\n" + begin) + 1;
        assertThat(start).as(begin).isPositive();
        return text.substring(start)
                .lines()
                .takeWhile(line -> line.isEmpty() || line.startsWith("    "))
                .map(line -> line.isEmpty() ? line : line.substring(4))
                .collect(Collectors.joining("\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BridgePage.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Opens the page, with or without the example's own work. */
    void open(BrowserPage page, boolean withExample) {
        page.call(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                        "source",
                        "window.withExample = " + withExample + "; window.printed = [];"
                                + "console.log = (...all) => printed.push(all.map(String).join(' '));"));
        page.open(origin() + "/");
    }

    /** The same once it is connected. */
    void connect(BrowserPage page) {
        open(page, false);
        page.await("told.opened === 1");
    }

    /** What the page is answered. */
    static JsonNode ask(BrowserPage page, String address, String body) {
        return page.evaluate("ask('" + address + "', " + body + ")");
    }

    /** With what status and code the page is refused. */
    static String code(BrowserPage page, String address, String body) {
        return page.evaluate("code('" + address + "', " + body + ")").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] file = files.get(path);
            if (file == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String type = path.equals("/") ? "text/html" : "text/javascript";
            exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
