package io.qbc.api.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Patience;
import io.qbc.config.JwtConfig;
import io.qbc.model.Bytes;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys of an issuer over TLS, whoever may be at its address. */
class JwksAddressTest {
    private static final String CERTIFICATE = "src/test/resources/tls/localhost.pem";
    private static final String KEY = "src/test/resources/tls/localhost.key.pem";
    private static final Bytes KEYS = TokenMaker.keys(TokenMaker.EC);

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private int port;

    @BeforeEach
    void begin() {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions().addCertPath(CERTIFICATE).addKeyPath(KEY));
        HttpServer server = Patience.get(
                vertx.createHttpServer(options).requestHandler(this::answer).listen(0, "localhost"));
        port = server.actualPort();
    }

    @AfterEach
    void end() throws Exception {
        Patience.outcome(vertx.close());
    }

    private void answer(HttpServerRequest request) {
        asked.computeIfAbsent(request.path(), path -> new AtomicInteger()).incrementAndGet();
        switch (request.path()) {
            case "/keys" -> request.response().end(Buffer.buffer(KEYS.toArray()));
            case "/moved" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/keys")
                        .end();
            case "/long" -> request.response().end(Buffer.buffer(new byte[JwkSet.BYTES_MAX + 1]));
            case "/silent" -> {
                // Whoever asks may wait for ever.
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private Bytes read(String host, String path, String trust, Duration timeout) throws Exception {
        JwtConfig base = TokenMaker.config("roles");
        JwtConfig config = new JwtConfig(
                base.issuer(),
                base.audience(),
                "https://" + host + ":" + port + path,
                trust,
                base.algorithms(),
                base.skew(),
                base.refresh(),
                base.name(),
                base.roles(),
                base.map());
        return Patience.outcome(new JwksAddress(vertx, config, timeout).read());
    }

    private Bytes read(String path) throws Exception {
        return read("localhost", path, CERTIFICATE, Patience.ANSWER);
    }

    @Test
    void theKeysAreRead() throws Exception {
        assertThat(read("/keys")).isEqualTo(KEYS);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> read("/none")).hasMessageContaining("404");
        assertThatThrownBy(() -> read("/long")).hasMessageContaining("longer than 262144 bytes");
        assertThatThrownBy(() -> read("/moved")).hasMessageContaining("302");
        assertThat(asked.keySet()).doesNotContain("/keys");
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedFor() {
        assertThatThrownBy(() -> read("localhost", "/silent", CERTIFICATE, Duration.ofMillis(100)))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void whoCannotProveToBeTheIssuerIsNotAsked() {
        assertThatThrownBy(() -> read("localhost", "/keys", "", Patience.ANSWER))
                .hasMessageContaining("SSL");
        assertThatThrownBy(() -> read("127.0.0.1", "/keys", CERTIFICATE, Patience.ANSWER))
                .isInstanceOf(ExecutionException.class);
        assertThat(asked).isEmpty();
    }
}
