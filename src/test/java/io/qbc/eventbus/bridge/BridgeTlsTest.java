package io.qbc.eventbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.TrialTls;
import io.qbc.cli.TlsCommand.Made;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.BridgeConfig;
import io.qbc.config.CertificateDemand;
import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.http.HttpFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both bridges over TLS, with the certificate of the HTTP server. */
class BridgeTlsTest {
    private static final JsonObject MAIN = new JsonObject().put("chain", "main");
    private static final String INJECT = "qbc.v1.transactions.inject";

    @TempDir
    Path directory;

    private final Made reader = TrialTls.made(9, "reader.example");
    private HttpFixture fixture;
    private TrialTls files;
    private Made node;
    private int port;

    @AfterEach
    void end() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private static BridgeConfig bridges() {
        return new BridgeConfig(
                List.of(),
                1 << 16,
                1 << 16,
                8,
                2,
                Duration.ofSeconds(60),
                new BridgeConfig.Tcp(true, "127.0.0.1", 0, true, 4),
                new BridgeConfig.Sockjs(true, "/eventbus", 4));
    }

    private void begin(AccessMode mode) throws IOException {
        files = new TrialTls(directory);
        node = files.put(TrialTls.made(90));
        NodeConfig.Tls tls = files.config(CertificateDemand.REQUEST, reader.certificate());
        NodeConfig.Access access = new NodeConfig.Access(
                mode,
                false,
                0,
                1,
                0,
                1,
                List.of("DNS:reader.example=reader:reader"),
                false,
                AuditInjects.COUNTED,
                Duration.ofMinutes(1),
                100);
        fixture = new HttpFixture(
                base -> Samples.with(base, access, bridges(), base.http().with(tls)));
        TcpBridgeVerticle verticle = new TcpBridgeVerticle(fixture.api);
        HttpFixture.wait(fixture.vertx.deployVerticle(verticle));
        port = verticle.port();
    }

    private BridgeCaller call(Optional<Made> own, Made... trusted) throws IOException {
        SSLSocket socket =
                (SSLSocket) TrialTls.context(own, trusted).getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout((int) Patience.ANSWER.toMillis());
        socket.startHandshake();
        return new BridgeCaller(socket);
    }

    @Test
    void aCallerOverTlsInjects() throws IOException {
        begin(AccessMode.LOOPBACK);
        try (BridgeCaller caller = call(Optional.empty(), node)) {
            JsonObject answer = caller.ask(INJECT, MAIN.copy().put("data", 1));
            assertThat(answer.getJsonObject("body").getString("state")).isEqualTo("pending");
        }
    }

    @Test
    void whoSpeaksPlainlyIsNotHeard() throws IOException {
        begin(AccessMode.LOOPBACK);
        try (BridgeCaller plain = BridgeCaller.call(port)) {
            plain.send(BridgeCaller.message("send", "qbc.v1.chains.list")
                    .put("replyAddress", "r1")
                    .put("body", new JsonObject()));
            byte[] told = plain.socket().getInputStream().readAllBytes();
            // An alert of TLS, or nothing.
            assertThat(told.length == 0 || told[0] == 21).isTrue();
        }
        assertThat(fixture.api.meters().bridge("tcp").received().sum()).isZero();
    }

    @Test
    void aCertificateShowsWhoCalls() throws IOException {
        begin(AccessMode.REQUIRED);
        try (BridgeCaller nobody = call(Optional.empty(), node)) {
            assertThat(BridgeCaller.code(nobody.ask("qbc.v1.chains.find", MAIN)))
                    .isEqualTo("credential_required");
        }
        try (BridgeCaller known = call(Optional.of(reader), node)) {
            assertThat(known.ask("qbc.v1.chains.find", MAIN).getString("type")).isEqualTo("message");
            assertThat(BridgeCaller.code(known.ask(INJECT, MAIN.copy().put("data", 1))))
                    .isEqualTo("role_missing");
        }
        Optional<Made> foreign = Optional.of(TrialTls.made(9, "reader.example"));
        assertThatThrownBy(() -> {
                    try (BridgeCaller stranger = call(foreign, node)) {
                        stranger.ask("qbc.v1.chains.find", MAIN);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aCertificateIsReplacedWhileTheBridgeRuns() throws IOException {
        begin(AccessMode.LOOPBACK);
        try (BridgeCaller before = call(Optional.empty(), node)) {
            Made second = files.put(TrialTls.made(60));
            await().atMost(Patience.CONDITION).until(() -> shown(node, second).equals(TrialTls.certificate(second)));
            assertThat(before.ask("qbc.v1.chains.find", MAIN).getString("type")).isEqualTo("message");
        }
    }

    private X509Certificate shown(Made... trusted) throws IOException {
        try (BridgeCaller caller = call(Optional.empty(), trusted)) {
            return (X509Certificate) ((SSLSocket) caller.socket()).getSession().getPeerCertificates()[0];
        }
    }

    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            messages.add(text.toString());
            socket.request(1);
            return null;
        }

        JsonObject next() throws InterruptedException {
            String text = messages.poll(Patience.ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(text).isNotNull();
            return new JsonObject(text);
        }
    }

    private WebSocket open(Heard heard, HttpClient client) {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + fixture.port() + "/eventbus/websocket"), heard)
                .join();
    }

    private static JsonObject ask(WebSocket socket, Heard heard, String address, JsonObject body)
            throws InterruptedException {
        String text = BridgeCaller.message("send", address)
                .put("replyAddress", "r1")
                .put("body", body)
                .encode();
        socket.sendText(text, true).join();
        return heard.next();
    }

    @Test
    void theSockJsBridgeHasTheCertificateOfTheHttpServer() throws Exception {
        begin(AccessMode.REQUIRED);
        Heard heard = new Heard();
        WebSocket known = open(heard, TrialTls.client(HttpClient.Version.HTTP_1_1, Optional.of(reader), node));
        assertThat(ask(known, heard, "qbc.v1.chains.find", MAIN).getString("type"))
                .isEqualTo("rec");
        assertThat(BridgeCaller.code(ask(known, heard, INJECT, MAIN.copy().put("data", 1))))
                .isEqualTo("role_missing");
        known.abort();
        WebSocket nobody = open(heard, TrialTls.client(HttpClient.Version.HTTP_1_1, Optional.empty(), node));
        assertThat(BridgeCaller.code(ask(nobody, heard, "qbc.v1.chains.find", MAIN)))
                .isEqualTo("credential_required");
        nobody.abort();
        HttpClient distrustful =
                TrialTls.client(HttpClient.Version.HTTP_1_1, Optional.empty(), TrialTls.made(9, "localhost"));
        assertThatThrownBy(() -> open(heard, distrustful)).isInstanceOf(CompletionException.class);
    }

    @Test
    void withoutACertificateTheTcpBridgeHasNoTls() {
        NodeConfig base = Samples.config(directory, 0);
        assertThatThrownBy(() -> Samples.with(base, bridges()))
                .rootCause()
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.tls.certificate");
    }
}
