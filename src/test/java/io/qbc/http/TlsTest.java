package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.TrialTls;
import io.qbc.cli.TlsCommand.Made;
import io.qbc.config.CertificateDemand;
import io.qbc.config.NodeConfig;
import io.qbc.node.SelfSignedCertificate;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over TLS: protocols, and certificates that are replaced while it runs. */
class TlsTest {
    private static final String TRANSACTIONS = "/v1/chains/main/transactions";
    /** Several times as many as a connection may have in half a minute. */
    private static final int RESETS = 1_000;

    @TempDir
    Path directory;

    private final List<Made> known = new ArrayList<>();
    private HttpFixture httpFixture;
    private TrialTls files;
    private Made first;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin() throws IOException {
        files = new TrialTls(directory);
        first = files.put(TrialTls.made(90));
        NodeConfig.Tls tls = files.config(CertificateDemand.NONE);
        httpFixture = new HttpFixture(base -> Samples.with(base, base.http().with(tls)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + httpFixture.port() + path))
                .timeout(Patience.ANSWER);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> inject(HttpClient client, String data) throws Exception {
        return send(
                client,
                request(TRANSACTIONS)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"data\":" + data + "}")));
    }

    /** What a new connection is shown, by one that trusts all that there were. */
    private X509Certificate shown() throws IOException {
        try (SSLSocket socket = socket(known.toArray(Made[]::new))) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private SSLSocket socket(Made... trusted) throws IOException {
        return (SSLSocket) TrialTls.context(Optional.empty(), trusted)
                .getSocketFactory()
                .createSocket("127.0.0.1", httpFixture.port());
    }

    private JsonObject node(HttpClient client) throws Exception {
        return new JsonObject(send(client, request("/v1/node")).body());
    }

    @Test
    void bothVersionsOfHttpAreSpokenAndTheBetterOneIsAgreedOn() throws Exception {
        begin();
        HttpClient two = TrialTls.client(Version.HTTP_2, Optional.empty(), first);
        HttpClient one = TrialTls.client(Version.HTTP_1_1, Optional.empty(), first);
        HttpResponse<String> injected = inject(two, "1");
        assertThat(injected.version()).isEqualTo(Version.HTTP_2);
        assertThat(injected.statusCode()).isEqualTo(202);
        assertThat(inject(one, "2").version()).isEqualTo(Version.HTTP_1_1);
        String id = new JsonObject(injected.body()).getString("id");
        assertThat(send(two, request(TRANSACTIONS + "/" + id)).statusCode()).isEqualTo(200);
        HttpResponse<String> missing = send(two, request("/v1/nothing"));
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().map()).doesNotContainKey("connection");
        HttpResponse<String> unnamed = send(two, request(TRANSACTIONS).POST(BodyPublishers.ofString("{\"data\":1}")));
        assertThat(unnamed.statusCode()).isEqualTo(415);
        // What was refused before its body was read did not close what others share.
        assertThat(inject(two, "3").version()).isEqualTo(Version.HTTP_2);
    }

    @Test
    void aBodyThatIsTooLargeEndsItsStreamAlone() throws Exception {
        begin();
        io.vertx.core.http.HttpClient client = multiplexed();
        assertThat(status(client, "\"" + "x".repeat(2 << 20) + "\"")).isEqualTo(413);
        assertThat(status(client, "1")).isEqualTo(202);
        assertThat(httpFixture.sharedLimits.connections().inUse()).isEqualTo(1);
        HttpFixture.wait(client.close());
    }

    @Test
    void whoDoesNotReadAnAnswerLosesItsStreamAlone() throws Exception {
        files = new TrialTls(directory);
        first = files.put(TrialTls.made(90));
        NodeConfig.Tls tls = files.config(CertificateDemand.NONE);
        NodeConfig.Budgets impatient = new NodeConfig.Budgets(0, 0, Duration.ofMillis(300), 1, 100, List.of());
        httpFixture = new HttpFixture(base -> Samples.with(base, base.http().with(tls), impatient));
        io.vertx.core.http.HttpClient client = multiplexed();
        // More than the window of a stream holds.
        HttpClientResponse held = HttpFixture.wait(client.request(options(HttpMethod.GET, "/openapi.json"))
                .compose(HttpClientRequest::send)
                .onSuccess(HttpClientResponse::pause));
        assertThat(held.statusCode()).isEqualTo(200);
        await().until(() -> httpFixture.sharedLimits.stalledReaders().sum() == 1);
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
        assertThat(status(client, "1")).isEqualTo(202);
        assertThat(httpFixture.sharedLimits.connections().inUse()).isEqualTo(1);
        HttpFixture.wait(client.close());
    }

    @Test
    void whoResetsStreamsByTheHundredIsCutOff() throws Exception {
        begin();
        io.vertx.core.http.HttpClient client = multiplexed();
        AtomicBoolean cut = new AtomicBoolean();
        HttpClientRequest begun = HttpFixture.wait(client.request(options(HttpMethod.GET, "/v1/node")));
        begun.connection().closeHandler(closed -> cut.set(true));
        begun.reset();
        for (int i = 0; i < RESETS && !cut.get(); i++) {
            client.request(options(HttpMethod.GET, "/v1/node"))
                    .onSuccess(request -> request.writeHead().onComplete(sent -> request.reset()));
        }
        await().untilTrue(cut);
        // Nothing of it stays, and who comes anew is served.
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
        HttpFixture.wait(client.close());
        io.vertx.core.http.HttpClient other = multiplexed();
        assertThat(status(other, "1")).isEqualTo(202);
        HttpFixture.wait(other.close());
    }

    /** A client with one connection for all: a second one would have to wait for the first. */
    private io.vertx.core.http.HttpClient multiplexed() {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setSslHandshakeTimeout(Patience.ANSWER.toSeconds())
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                // The client's own default, 1 MiB, takes the whole answer before anybody reads it.
                .setInitialSettings(new Http2Settings())
                .setTrustOptions(new PemTrustOptions().addCertPath(files.certificate()));
        return httpFixture.vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
    }

    private RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setHost("localhost")
                .setPort(httpFixture.port())
                .setURI(path);
    }

    private int status(io.vertx.core.http.HttpClient client, String data) {
        RequestOptions injects = options(HttpMethod.POST, TRANSACTIONS).putHeader("Content-Type", "application/json");
        return HttpFixture.wait(client.request(injects).compose(request -> {
            assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
            return request.send("{\"data\":" + data + "}").map(HttpClientResponse::statusCode);
        }));
    }

    @Test
    void longAnswersAndEventsComeOverHttp2() throws Exception {
        begin();
        HttpClient two = TrialTls.client(Version.HTTP_2, Optional.empty(), first);
        HttpResponse<String> document = send(two, request("/openapi.json"));
        assertThat(document.version()).isEqualTo(Version.HTTP_2);
        assertThat(new JsonObject(document.body()).getString("openapi")).startsWith("3.");
        HttpResponse<InputStream> events =
                two.send(request("/v1/chains/main/events").build(), BodyHandlers.ofInputStream());
        assertThat(events.statusCode()).isEqualTo(200);
        assertThat(events.version()).isEqualTo(Version.HTTP_2);
        // Others come through while the stream is open.
        assertThat(inject(two, "1").statusCode()).isEqualTo(202);
        events.body().close();
        assertThat(inject(two, "2").statusCode()).isEqualTo(202);
    }

    @Test
    void foreignNamesAndPagesAreRefusedOverHttp2Too() throws Exception {
        begin();
        HttpClient two = TrialTls.client(Version.HTTP_2, Optional.empty(), first);
        HttpResponse<String> page = send(two, request("/v1/node").header("Origin", "https://evil.example"));
        assertThat(page.statusCode()).isEqualTo(403);
        String own = "https://localhost:" + httpFixture.port();
        assertThat(send(two, request("/v1/node").header("Origin", own)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void olderTlsAndPlainHttpAreNotSpoken() throws Exception {
        begin();
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = socket(first)) {
                socket.setEnabledProtocols(new String[] {protocol});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            }
        }
        assertThat(httpFixture.tls.options().orElseThrow().getEnabledSecureTransportProtocols())
                .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        assertThat(plain("GET /v1/node HTTP/1.1\r\nHost: localhost\r\n\r\n")).doesNotContain("HTTP/1.1 200");
    }

    @Test
    void whatOffersNoProtocolSpeaksHttp1() throws Exception {
        begin();
        try (SSLSocket socket = socket(first)) {
            SSLParameters parameters = socket.getSSLParameters();
            assertThat(parameters.getApplicationProtocols()).isEmpty();
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }
    }

    /** What a server answers to bytes without TLS, until it closes. */
    private String plain(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "cut off";
        }
    }

    @Test
    void http2WithoutTlsIsNotSpokenByDefault() throws Exception {
        httpFixture = new HttpFixture();
        assertThat(plain("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).doesNotStartWith("\0\0");
        HttpClient upgrading = HttpClient.newBuilder().version(Version.HTTP_2).build();
        HttpResponse<String> answer =
                upgrading.send(httpFixture.request("/health/live").build(), BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void http2WithoutTlsIsSpokenIfWished() throws Exception {
        httpFixture = new HttpFixture(
                base -> Samples.with(base, Samples.with(base.http(), Map.of("instances", 1, "http2ClearText", true))));
        HttpClient upgrading = HttpClient.newBuilder().version(Version.HTTP_2).build();
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer =
                    upgrading.send(httpFixture.request("/health/live").build(), BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        assertThat(httpFixture.post(TRANSACTIONS, "{\"data\":1}").statusCode()).isEqualTo(202);
    }

    @Test
    void aCertificateIsReplacedUnderLoadAndNoRequestFails() throws Exception {
        begin();
        Made second = TrialTls.made(180, "node1.example");
        known.addAll(List.of(first, second));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> loads = new ArrayList<>();
            // Two keep their connections, and two begin anew each time.
            for (int i = 0; i < 4; i++) {
                boolean kept = i < 2;
                Version version = i % 2 == 0 ? Version.HTTP_2 : Version.HTTP_1_1;
                loads.add(callers.submit(() -> {
                    HttpClient client = TrialTls.client(version, Optional.empty(), first, second);
                    while (!done.get()) {
                        HttpClient now = kept ? client : TrialTls.client(version, Optional.empty(), first, second);
                        assertThat(inject(now, "1").statusCode()).isEqualTo(202);
                        answered.incrementAndGet();
                    }
                    return null;
                }));
            }
            await().until(() -> answered.get() > 20);
            assertThat(shown()).isEqualTo(TrialTls.certificate(first));
            files.put(second);
            await().until(() -> shown().equals(TrialTls.certificate(second)));
            int then = answered.get();
            await().until(() -> answered.get() > then + 20);
            done.set(true);
            for (Future<?> load : loads) {
                load.get();
            }
        } finally {
            done.set(true);
            callers.shutdownNow();
        }
        await().until(() -> httpFixture.tls.state().orElseThrow().taken() == 1);
        HttpClient client = TrialTls.client(Version.HTTP_2, Optional.empty(), second);
        JsonObject tls = node(client).getJsonObject("tls");
        assertThat(tls.getString("subject")).isEqualTo("CN=node1.example");
        assertThat(tls.getLong("taken")).isEqualTo(1);
        assertThat(tls.getLong("endsAt"))
                .isEqualTo(
                        TrialTls.certificate(second).getNotAfter().toInstant().toEpochMilli());
        assertThat(send(client, request("/metrics")).body()).contains("qbc_tls_reloads_total{outcome=\"taken\"} 1.0");
    }

    @Test
    void filesThatCannotBeUsedLeaveWhatWasThereAndSaySo() throws Exception {
        begin();
        known.add(first);
        HttpClient client = TrialTls.client(Version.HTTP_1_1, Optional.empty(), first);
        Made other = TrialTls.made(90);
        for (String broken :
                List.of("no certificate", other.certificate(), TrialTls.made(0).certificate())) {
            long refused = httpFixture.tls.state().orElseThrow().refused();
            files.write(Path.of(files.certificate()), broken);
            await().until(() -> httpFixture.tls.state().orElseThrow().refused() > refused);
            assertThat(shown()).isEqualTo(TrialTls.certificate(first));
        }
        Files.delete(Path.of(files.certificate()));
        await().until(() -> httpFixture.tls.state().orElseThrow().refused() == 4);
        JsonObject node = node(client);
        assertThat(node.getJsonObject("tls").getString("fault")).contains("http.tls.certificate");
        assertThat(node.getJsonArray("warnings").getJsonObject(0).getString("code"))
                .isEqualTo("certificate_refused");
        assertThat(send(client, request("/metrics")).body()).contains("qbc_tls_reloads_total{outcome=\"refused\"} 4.0");
        Made right = files.put(TrialTls.made(90));
        known.add(right);
        await().until(() -> shown().equals(TrialTls.certificate(right)));
        await().until(() -> httpFixture.tls.state().orElseThrow().fault().isEmpty());
    }

    @Test
    void aCertificateThatEndsSoonIsWarnedOf() throws Exception {
        files = new TrialTls(directory);
        first = files.put(SelfSignedCertificate.make(
                List.of(),
                Instant.now().minus(Duration.ofDays(300)),
                Instant.now().plus(Duration.ofDays(13))));
        NodeConfig.Tls tls = files.config(CertificateDemand.NONE);
        httpFixture = new HttpFixture(base -> Samples.with(base, base.http().with(tls)));
        HttpClient client = TrialTls.client(Version.HTTP_1_1, Optional.empty(), first);
        JsonObject warning = node(client).getJsonArray("warnings").getJsonObject(0);
        assertThat(warning.getString("code")).isEqualTo("certificate_ending");
        assertThat(send(client, request("/health/ready")).statusCode()).isEqualTo(200);
    }

    @Test
    void filesThatCannotBeUsedKeepANodeFromStarting() throws Exception {
        begin();
        TrialTls broken = new TrialTls(Files.createDirectory(directory.resolve("broken")));
        broken.put(new Made(TrialTls.made(90).certificate(), TrialTls.made(90).key()));
        NodeConfig.Tls tls = broken.config(CertificateDemand.NONE);
        assertThatThrownBy(() ->
                        new HttpFixture(base -> Samples.with(base, base.http().with(tls))).close())
                .hasStackTraceContaining("http.tls.key must name the PEM file of the certificate's key");
        broken.put(TrialTls.made(90));
        Files.setPosixFilePermissions(Path.of(broken.key()), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() ->
                        new HttpFixture(base -> Samples.with(base, base.http().with(tls))).close())
                .hasStackTraceContaining("chmod 600");
    }
}
