package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.TrialTls;
import io.qbc.config.WebhookSettings;
import io.qbc.model.Bytes;
import io.qbc.subscription.CloudEvents;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A sender against real receivers, which fail in each way. */
class WebhookSenderTest {
    private static final Instant NOW = Instant.parse("2026-11-29T03:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);
    private static final List<String> HERE = List.of("127.0.0.0/8", "::1/128");

    private final Vertx vertx = Vertx.vertx();
    private final WorkerExecutor workers = vertx.createSharedWorkerExecutor("resolver", 2);
    private Duration timeout = LONG;
    private final WebhookSecret secret = WebhookSecret.make(new SecureRandom());
    private final WebhookSecret old = WebhookSecret.make(new SecureRandom());

    @AfterEach
    void close() {
        Patience.get(vertx.close());
    }

    private static WebhookSettings settings(String ca, List<String> allowed, String... ports) {
        return new WebhookSettings(allowed, List.of(ports), ca, 2, RETRY_AFTER_MAX);
    }

    private WebhookSender sender(WebhookSettings settings, int ownPort) {
        return new WebhookSender(vertx, settings, "127.0.0.1", () -> ownPort, workers, InstantSource.fixed(NOW));
    }

    private WebhookSender sender(Duration timeout) {
        this.timeout = timeout;
        return sender(settings(WebhookSettings.SYSTEM_CA, HERE, "1-65535"), 0);
    }

    private int receiver(Consumer<HttpServerRequest> handler) {
        return Patience.get(
                        vertx.createHttpServer().requestHandler(handler::accept).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private int sockets(Consumer<NetSocket> handler) {
        return Patience.get(
                        vertx.createNetServer().connectHandler(handler::accept).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private WebhookMessage message(String url) {
        assertThat(WebhookTarget.read(url)).as(url).isInstanceOf(WebhookTarget.Read.Fine.class);
        WebhookTarget target = ((WebhookTarget.Read.Fine) WebhookTarget.read(url)).target();
        return new WebhookMessage(
                target,
                "orders:7",
                CloudEvents.EVENT,
                Bytes.utf8("{\"a\":\"ü\"}"),
                new TreeMap<>(Map.of("authorization", "Bearer x")),
                List.of(secret, old),
                timeout);
    }

    /** Sends on an event loop, as the product does. */
    private WebhookOutcome send(WebhookSender sender, String url) {
        WebhookMessage message = message(url);
        return Patience.get(on(() -> sender.send(message)));
    }

    private <T> Future<T> on(Supplier<Future<T>> work) {
        return Future.future(promise -> vertx.runOnContext(run -> work.get().onComplete(promise)));
    }

    private static String at(int port) {
        return "http://127.0.0.1:" + port + "/hook?x=1";
    }

    @Test
    void aMessageIsSignedAndComesWhole() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        Buffer body = Buffer.buffer();
        int port = receiver(request -> {
            headers.addAll(request.headers()).add("uri", request.method() + " " + request.uri());
            request.body().onSuccess(all -> {
                body.appendBuffer(all);
                request.response().setStatusCode(204).end();
            });
        });
        assertThat(send(sender(LONG), at(port))).isEqualTo(new WebhookOutcome.Delivered(204));
        assertThat(headers.get("uri")).isEqualTo("POST /hook?x=1");
        assertThat(headers.get("host")).isEqualTo("127.0.0.1:" + port);
        assertThat(headers.get("content-type")).isEqualTo("application/cloudevents+json");
        assertThat(headers.get("webhook-id")).isEqualTo("orders:7");
        assertThat(headers.get("webhook-timestamp")).isEqualTo(Long.toString(NOW.getEpochSecond()));
        assertThat(headers.get("webhook-signature"))
                .isEqualTo(WebhookSignatureTest.expected(secret, "orders:7", NOW.getEpochSecond(), body.getBytes())
                        + " " + WebhookSignatureTest.expected(old, "orders:7", NOW.getEpochSecond(), body.getBytes()));
        assertThat(headers.get("authorization")).isEqualTo("Bearer x");
        assertThat(body.toString()).isEqualTo("{\"a\":\"ü\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "200, Delivered",
        "201, Delivered",
        "202, Delivered",
        "204, Delivered",
        "299, Delivered",
        "300, Failed",
        "301, Failed",
        "302, Failed",
        "304, Failed",
        "307, Failed",
        "308, Failed",
        "400, Failed",
        "401, Failed",
        "403, Failed",
        "404, Failed",
        "408, Failed",
        "415, Failed",
        "410, Gone",
        "429, Throttled",
        "500, Failed",
        "501, Failed",
        "502, Throttled",
        "503, Throttled",
        "504, Throttled",
        "599, Failed"
    })
    void eachStatusMeansOneThing(int status, String outcome) {
        AtomicInteger followed = new AtomicInteger();
        int elsewhere = receiver(request -> {
            followed.incrementAndGet();
            request.response().end();
        });
        int port = receiver(request -> request.response()
                .setStatusCode(status)
                .putHeader("location", at(elsewhere))
                .putHeader("retry-after", "120")
                .end());
        WebhookOutcome got = send(sender(LONG), at(port));
        assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
        if (got instanceof WebhookOutcome.Throttled throttled) {
            assertThat(throttled.after()).contains(Duration.ofMinutes(2));
        }
        assertThat(followed).hasValue(0);
    }

    @Test
    void aReceiverThatSaysNothingIsLeft() {
        AtomicInteger ended = new AtomicInteger();
        int port = sockets(socket -> socket.closeHandler(closed -> ended.incrementAndGet()));
        assertThat(send(sender(Duration.ofMillis(300)), at(port)))
                .isEqualTo(new WebhookOutcome.Failed("no answer within 300 ms"));
        await().untilAsserted(() -> assertThat(ended).hasValue(1));
    }

    @Test
    void aReceiverThatHangsUpOrIsNotThereIsAFailure() {
        int hangs = sockets(NetSocket::close);
        assertThat(send(sender(LONG), at(hangs))).isInstanceOf(WebhookOutcome.Failed.class);
        int speaks = sockets(socket -> socket.end(Buffer.buffer("SSH-2.0\r\n\r\n")));
        assertThat(send(sender(LONG), at(speaks))).isInstanceOf(WebhookOutcome.Failed.class);
        int gone = Patience.get(vertx.createNetServer()
                .connectHandler(NetSocket::close)
                .listen(0, "127.0.0.1")
                .compose(server -> server.close().map(server.actualPort())));
        assertThat(send(sender(LONG), at(gone)))
                .isInstanceOfSatisfying(
                        WebhookOutcome.Failed.class,
                        failed -> assertThat(failed.why()).startsWith("the receiver cannot be reached: "));
    }

    @Test
    void aHugeAnswerIsCutOff() {
        AtomicInteger cut = new AtomicInteger();
        int port = receiver(request -> {
            request.connection().closeHandler(closed -> cut.incrementAndGet());
            request.response().setChunked(true);
            Buffer piece = Buffer.buffer(new byte[64 * 1024]);
            vertx.setPeriodic(1, timer -> {
                if (request.response().closed()) {
                    vertx.cancelTimer(timer);
                } else if (!request.response().writeQueueFull()) {
                    request.response().write(piece);
                }
            });
        });
        assertThat(send(sender(LONG), at(port))).isEqualTo(new WebhookOutcome.Delivered(200));
        await().untilAsserted(() -> assertThat(cut).hasValue(1));
    }

    @Test
    void aSlowAnswerIsNotWaitedFor() {
        AtomicInteger cut = new AtomicInteger();
        int port = receiver(request -> {
            request.connection().closeHandler(closed -> cut.incrementAndGet());
            request.response().setChunked(true).write("x");
        });
        assertThat(send(sender(LONG), at(port))).isEqualTo(new WebhookOutcome.Delivered(200));
        await().untilAsserted(() -> assertThat(cut).hasValue(1));
    }

    @Test
    void connectionsAreUsedAgain() {
        AtomicInteger connections = new AtomicInteger();
        int port = Patience.get(vertx.createHttpServer()
                        .connectionHandler(connection -> connections.incrementAndGet())
                        .requestHandler(request -> request.response().end("thanks"))
                        .listen(0, "127.0.0.1"))
                .actualPort();
        WebhookSender sender = sender(LONG);
        for (int i = 0; i < 20; i++) {
            assertThat(send(sender, at(port))).isEqualTo(new WebhookOutcome.Delivered(200));
        }
        assertThat(connections.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void aCertificateMustBeVouchedFor(@TempDir Path home) throws Exception {
        TrialTls tls = new TrialTls(home);
        tls.put(TrialTls.made(30, "localhost"));
        int port = Patience.get(vertx.createHttpServer(new HttpServerOptions()
                                .setSsl(true)
                                .setKeyCertOptions(new PemKeyCertOptions()
                                        .setCertPath(tls.certificate())
                                        .setKeyPath(tls.key())))
                        .requestHandler(request -> request.response().end())
                        .listen(0, "0.0.0.0"))
                .actualPort();
        WebhookSender trusting = sender(settings(tls.certificate(), HERE, "1-65535"), 0);
        assertThat(send(trusting, "https://localhost:" + port)).isEqualTo(new WebhookOutcome.Delivered(200));
        assertThat(send(trusting, "https://127.0.0.2:" + port)).isInstanceOf(WebhookOutcome.Failed.class);
        assertThat(send(sender(LONG), "https://localhost:" + port)).isInstanceOf(WebhookOutcome.Failed.class);
    }

    static List<String> spellings() {
        return List.of(
                "http://127.0.0.1:PORT/",
                "https://127.0.0.1:PORT/",
                "http://localhost:PORT/",
                "https://LOCALHOST:PORT/",
                "https://localhost.:PORT/",
                "https://127.1:PORT/",
                "https://2130706433:PORT/",
                "https://0x7f000001:PORT/",
                "https://0177.0.0.1:PORT/",
                "https://127.0.0.1.:PORT/",
                "https://127.0.0.1%2e:PORT/",
                "https://0:PORT/",
                "https://0.0.0.0:PORT/",
                "https://[::]:PORT/",
                "https://[::1]:PORT/",
                "https://[::ffff:127.0.0.1]:PORT/",
                "https://[::ffff:7f00:1]:PORT/",
                "https://[::127.0.0.1]:PORT/",
                "https://[64:ff9b::7f00:1]:PORT/",
                "https://[2002:7f00:1::]:PORT/",
                "https://[::1%25lo]:PORT/",
                "https://user@127.0.0.1:PORT/",
                "https://example.org:80@127.0.0.1:PORT/",
                "https://127.0.0.1:PORT\\@example.org/",
                "https://127.0.0.1\t:PORT/",
                "https:127.0.0.1:PORT/",
                "//127.0.0.1:PORT/",
                "https://\uff11\uff12\uff17.0.0.1:PORT/",
                "https://\u2460\u2461\u2466.0.0.1:PORT/",
                "https://127\u30020\u30020\u30021:PORT/");
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void aSenderThatMayNotCallThisMachineDoesNotInAnySpelling(String spelling) {
        AtomicInteger connections = new AtomicInteger();
        int port = sockets(socket -> connections.incrementAndGet());
        String url = spelling.replace("PORT", Integer.toString(port));
        for (WebhookSender sender : List.of(
                sender(settings(WebhookSettings.SYSTEM_CA, List.of("10.0.0.0/8"), "1-65535"), 0),
                sender(settings(WebhookSettings.SYSTEM_CA, HERE, port + 1 + "-65535"), 0),
                sender(settings(WebhookSettings.SYSTEM_CA, HERE, "1-65535"), port),
                new WebhookSender(
                        vertx,
                        settings(WebhookSettings.SYSTEM_CA, List.of("0.0.0.0/0", "::/0"), "1-65535"),
                        "10.0.0.1",
                        () -> 0,
                        workers,
                        InstantSource.fixed(NOW)))) {
            if (WebhookTarget.read(url) instanceof WebhookTarget.Read.Fine) {
                assertThat(send(sender, url)).isInstanceOf(WebhookOutcome.Failed.class);
            }
        }
        assertThat(connections).hasValue(0);
    }

    @Test
    void addressesOfTheLinkAreNeverCalled() {
        WebhookSender sender = sender(settings(WebhookSettings.SYSTEM_CA, List.of("0.0.0.0/0", "::/0"), "1-65535"), 0);
        assertThat(send(sender, "https://169.254.169.254/latest/meta-data"))
                .isEqualTo(new WebhookOutcome.Failed("169.254.169.254:443 is outside subscriptions.webhook.allowed"
                        + " and subscriptions.webhook.ports"));
        assertThat(send(sender, "https://[fe80::1]/")).isInstanceOf(WebhookOutcome.Failed.class);
    }

    @Test
    void whatANameStandsForIsNotTold() {
        WebhookSender sender = sender(settings(WebhookSettings.SYSTEM_CA, List.of("10.0.0.0/8"), "1-65535"), 0);
        assertThat(send(sender, "https://localhost/"))
                .isEqualTo(new WebhookOutcome.Failed("the name localhost is not found"));
        assertThat(send(sender, "https://nobody.invalid/"))
                .isEqualTo(new WebhookOutcome.Failed("the name nobody.invalid is not found"));
    }

    @Test
    void retryAfterIsCapped() {
        assertThat(WebhookSender.outcome(429, Optional.of("99999"), NOW, RETRY_AFTER_MAX))
                .isEqualTo(new WebhookOutcome.Throttled("the receiver answered 429", Optional.of(RETRY_AFTER_MAX)));
        assertThat(WebhookSender.outcome(503, Optional.of("soon"), NOW, RETRY_AFTER_MAX))
                .isEqualTo(new WebhookOutcome.Throttled("the receiver answered 503", Optional.empty()));
    }
}
