package io.qbc.http;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.api.ApiContext;
import io.qbc.api.ClusterMembership;
import io.qbc.api.Meters;
import io.qbc.api.access.Access;
import io.qbc.api.audit.AuditVerticle;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.tls.ServerTls;
import io.qbc.api.tls.TlsVerticle;
import io.qbc.bus.Bus;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.EventBusVerticle;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.spec.ChainSpecReader;
import io.qbc.tracing.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The REST and the event bus API on a free port beside a {@link FakeNode}, and a caller. */
public final class HttpFixture implements AutoCloseable {
    public final Vertx vertx = Vertx.vertx();
    public final FakeNode node;
    public final FakeChains chains;
    /** Where keys of callers are kept. */
    final Path data;

    final NodeConfig config;
    public final SharedLimits sharedLimits;
    public final ApiContext api;
    final Access access;
    final ServerTls tls;
    private final AtomicLong aheadMillis = new AtomicLong();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Patience.ANSWER)
            .build();

    public HttpFixture() {
        this(UnaryOperator.identity());
    }

    /** A node whose callers show keys. */
    public static HttpFixture required() {
        NodeConfig.Access access = new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1);
        return new HttpFixture(base -> Samples.with(base, access));
    }

    /** A new API key with roles. */
    public String key(String... grants) throws IOException {
        return keyOf("test", grants);
    }

    /** A new API key of a caller with this name, which is its scope too. */
    public String keyOf(String name, String... grants) throws IOException {
        List<Grant> all =
                Stream.of(grants).map(text -> Grant.parse(text).orElseThrow()).toList();
        return access.keys()
                .add(new ApiKey.Request(name, all, OptionalLong.empty()))
                .text();
    }

    /** Lets time pass for the node. */
    void pass(Duration time) {
        aheadMillis.addAndGet(time.toMillis());
    }

    /** Ends a key. */
    public void revoke(String id) throws IOException {
        access.keys().revoke(id);
    }

    public HttpFixture(UnaryOperator<NodeConfig> change) {
        data = temporary();
        config = change.apply(Samples.config(data, 0));
        sharedLimits = new SharedLimits(config);
        Bus.install(vertx);
        Bus bus = new Bus(vertx, Patience.ANSWER);
        node = new FakeNode(bus, main());
        chains = new FakeChains(bus, node);
        InstantSource clock = () -> Instant.now().plusMillis(aheadMillis.get());
        access = new Access(config, clock);
        tls = new ServerTls(config, clock);
        api = new ApiContext(
                config,
                Samples.SIGNER.key(),
                clock,
                chains,
                new Meters(clock),
                sharedLimits,
                access,
                tls,
                ClusterMembership.NONE,
                Tracing.off());
        wait(chains.serve());
        wait(vertx.deployVerticle(new TlsVerticle(tls, clock)));
        if (config.access().audit()) {
            chains.beginTrail();
            wait(vertx.deployVerticle(new AuditVerticle(config.access(), access.audit())));
        }
        wait(vertx.deployVerticle(() -> new HttpVerticle(api), new DeploymentOptions().setInstances(2)));
        wait(vertx.deployVerticle(new EventBusVerticle(api)));
    }

    /** A real spec, so that it can be forked. */
    private static ChainSpec main() {
        Bytes text = Bytes.utf8("{\"name\":\"main\",\"consensus\":{\"engine\":\"dbc\"}}");
        return ChainSpecReader.read(text, "the test", Samples.SIGNER.key(), Samples.GENESIS_TIME);
    }

    /** The defaults with another HTTP section or other limits. */
    static NodeConfig with(NodeConfig base, NodeConfig.Http http, NodeConfig.Limits limits) {
        return Samples.with(base, http, limits);
    }

    public static <T> T wait(Future<T> future) {
        try {
            return Patience.outcome(future);
        } catch (Exception e) {
            throw new AssertionError(e.getCause() == null ? e : e.getCause());
        }
    }

    public int port() {
        return sharedLimits.port();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Patience.ANSWER);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request.build(), body);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The refusal of a body that the server does not read; a caller too slow to see it is cut off, and tries again. */
    HttpResponse<String> sendTooMuch(HttpRequest.Builder request) {
        return Awaitility.await()
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> client.send(request.build(), BodyHandlers.ofString()), Objects::nonNull);
    }

    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    public HttpResponse<String> post(String path, String json, String... headers) {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(json));
        request.setHeader("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    HttpResponse<String> delete(String path) {
        return send(request(path).DELETE());
    }

    public HttpResponse<String> put(String path, String json) {
        return send(request(path).PUT(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> putJson(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    public static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    @Override
    public void close() {
        wait(vertx.close());
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("qbc-http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
