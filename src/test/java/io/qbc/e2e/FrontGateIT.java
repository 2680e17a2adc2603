package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.TrialTls;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A front end before a node that asks for keys")
class FrontGateIT {
    private static final Pattern KEY = Pattern.compile("qbc_[0-9a-zA-Z]+_[0-9a-zA-Z_-]+");
    private static final String TRANSACTIONS = "/v1/chains/orders/transactions";
    private static final int LARGE_BYTES = 700_000;
    private static final int LARGE_COUNT = 40;
    private static final int IDLE_READERS = 6;

    @TempDir
    Path home;

    private FrontCluster cluster;
    private FrontProcess front;
    private String bearer;

    @BeforeEach
    void start() {
        cluster = new FrontCluster(home, 2);
        NodeProcess node = cluster.node(plan -> plan.environment("QBC_ACCESS_MODE", "required"));
        Matcher key = KEY.matcher(node.output());
        assertThat(key.find()).isTrue();
        bearer = "Bearer " + key.group();
        node.client()
                .post("/v1/chains", FrontCluster.CHAIN, "Authorization", bearer)
                .expect(201);
    }

    private void open(String... environment) {
        front = cluster.front(plan -> {
            Plan all = plan.environment("QBC_ACCESS_MODE", "required");
            for (int i = 0; i < environment.length; i += 2) {
                all = all.environment(environment[i], environment[i + 1]);
            }
            return all;
        });
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    @DisplayName("passes on keys, keeps nothing, and says what a node says of a body that is too long")
    void keys() throws IOException {
        open("QBC_HTTP_HEADER_TIMEOUT", "1s");
        Client client = front.client();
        assertThat(client.get("/v1/chains").expect(401).json().get("code").textValue())
                .isEqualTo("credential_required");
        client.get("/v1/chains", "Authorization", bearer).expect(200);
        client.post(TRANSACTIONS, "{\"data\":1}").expect(401);
        client.post(TRANSACTIONS, "{\"data\":1}", "Authorization", bearer).expect(202);
        // Nobody's word is taken for being on this machine.
        client.get("/metrics", "X-Forwarded-For", "127.0.0.1").expect(403);
        client.get("/metrics").expect(200);

        String large = "{\"data\":\"" + "x".repeat(3 << 20) + "\"}";
        Answer direct = cluster.node(0).client().post(TRANSACTIONS, large, "Authorization", bearer);
        Answer passed = client.post(TRANSACTIONS, large, "Authorization", bearer);
        assertThat(passed.status()).isEqualTo(direct.status()).isEqualTo(413);
        assertThat(passed.json().get("code")).isEqualTo(direct.json().get("code"));
        client.get("/v1/chains", "Authorization", bearer).expect(200);

        String options = String.join(
                "\r\n",
                "OPTIONS /v1/node HTTP/1.1",
                "Host: 127.0.0.1",
                "Authorization: " + bearer,
                "Connection: close",
                "",
                "");
        assertThat(client.raw(options)).startsWith("HTTP/1.1 204").doesNotContainIgnoringCase("transfer-encoding");
        assertThat(client.raw("GET /v1/chains HTTP/1.1\r\nHost: a")).isEmpty();
        assertThat(client.raw("GET /v1/chains HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        String upgradeWithBody = String.join(
                "\r\n",
                "GET /socket HTTP/1.1",
                "Host: a",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Content-Length: 1000000000",
                "",
                "");
        assertThat(client.raw(upgradeWithBody)).startsWith("HTTP/1.1 400");

        try (Stream<Path> kept = Files.list(front.plan().home())) {
            assertThat(kept.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("front.log", "tmp");
        }
    }

    @Test
    @DisplayName("speaks HTTP/2 under TLS with the certificate of the configuration")
    void tls() throws IOException {
        TrialTls tls = new TrialTls(home);
        tls.put(TrialTls.made(2, "localhost", "127.0.0.1"));
        open("QBC_HTTP_TLS_CERTIFICATE", tls.certificate(), "QBC_HTTP_TLS_KEY", tls.key());
        speaksHttp2(new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false));
    }

    @Test
    @DisplayName("speaks HTTP/2 in clear text if the configuration says so")
    void clearText() {
        open("QBC_HTTP_HTTP2_CLEAR_TEXT", "true");
        speaksHttp2(new HttpClientOptions());
    }

    private void speaksHttp2(HttpClientOptions options) {
        Vertx vertx = Vertx.vertx();
        try {
            HttpClient client = vertx.createHttpClient(options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setDefaultHost("127.0.0.1")
                    .setDefaultPort(front.plan().port()));
            for (int i = 0; i < 10; i++) {
                HttpClientResponse injected = http2(client, HttpMethod.POST, TRANSACTIONS, "{\"data\":" + i + "}");
                assertThat(injected.version()).isEqualTo(HttpVersion.HTTP_2);
                assertThat(injected.statusCode()).isEqualTo(202);
            }
            HttpClientResponse chains = http2(client, HttpMethod.GET, "/v1/chains", "");
            assertThat(chains.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(chains.statusCode()).isEqualTo(200);
            assertThat(chains.getHeader("Qbc-Node")).isNotEmpty();
        } finally {
            Patience.get(vertx.close());
        }
    }

    private HttpClientResponse http2(HttpClient client, HttpMethod method, String path, String body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setURI(path)
                .putHeader("Authorization", bearer)
                .putHeader("Content-Type", "application/json");
        return Patience.get(client.request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(answer -> answer.body().map(answer)));
    }

    @Test
    @DisplayName("gives a caller of HTTP/1.0 each event as it comes")
    void oldCallers() throws IOException {
        open();
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), front.plan().port())) {
            socket.setSoTimeout((int) Patience.CONDITION.toMillis());
            String request = "GET /v1/chains/orders/events HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: " + bearer
                    + "\r\nAccept: text/event-stream\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).startsWith("HTTP/1.0 200");
            front.client()
                    .post(TRANSACTIONS, "{\"data\":1}", "Authorization", bearer)
                    .expect(202);
            String line = lines.readLine();
            while (!line.startsWith("data:")) {
                line = lines.readLine();
            }
            assertThat(line).contains("\"height\"");
        }
    }

    @Test
    @DisplayName("holds little of large answers that nobody reads, and gives whoever reads the whole")
    void slowReaders() throws IOException {
        cluster.close();
        front = null;
        cluster = new FrontCluster(home.resolve("small"), 2);
        NodeProcess node = cluster.node(plan -> plan.environment("QBC_ACCESS_MODE", "open")
                .environment("QBC_BUDGETS_STALL_TIMEOUT", "10m")
                // Room for all at once: a node ends an answer for which it has none, which is not what this is about.
                .environment("QBC_BUDGETS_ADDRESS_PERCENT", "100")
                .environment("QBC_BUDGETS_STREAM_BYTES", "128MiB")
                .jvm("-Xmx512m"));
        node.client().post("/v1/chains", FrontCluster.CHAIN).expect(201);
        front = cluster.front(plan -> plan.environment("QBC_ACCESS_MODE", "open")
                .environment("QBC_HTTP_STREAMS_MAX", "64")
                .environment("QBC_BUDGETS_STALL_TIMEOUT", "10m")
                .jvm("-Xmx40m"));
        Client client = front.client();
        String data = "{\"data\":\"" + "x".repeat(LARGE_BYTES) + "\"}";
        for (int i = 0; i < LARGE_COUNT; i++) {
            Await.until("it is taken", () -> client.post(TRANSACTIONS, data).status() == 202);
        }
        ChainClient chain = new ChainClient(node.client(), "orders");
        Await.until("all is in the chain", () -> chain.waiting() == 0);
        List<HttpResponse<InputStream>> unread = new ArrayList<>();
        for (int i = 0; i < IDLE_READERS; i++) {
            unread.add(client.stream("/v1/chains/orders/quants", "Accept", "application/x-ndjson"));
        }
        try (InputStream all = client.stream("/v1/chains/orders/quants", "Accept", "application/x-ndjson")
                .body()) {
            assertThat(count(all)).isGreaterThan((long) LARGE_BYTES * LARGE_COUNT);
        }
        assertThat(front.metric("qbc_front_requests_in_progress")).isEqualTo(IDLE_READERS);
        for (HttpResponse<InputStream> each : unread) {
            each.body().close();
        }
        Await.asserted(
                "those who left are counted out",
                () -> assertThat(front.metric("qbc_front_requests_in_progress")).isZero());
        assertThat(front.log()).doesNotContain("OutOfMemory");
    }

    private static long count(InputStream from) throws IOException {
        byte[] piece = new byte[1 << 16];
        long count = 0;
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            count += read;
        }
        return count;
    }
}
