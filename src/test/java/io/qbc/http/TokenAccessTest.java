package io.qbc.http;

import static io.qbc.api.jwt.TokenMaker.NEXT;
import static io.qbc.api.jwt.TokenMaker.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.jwt.FakeJwks;
import io.qbc.api.jwt.TokenMaker;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.PublicAddresses;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens of an identity provider at both doors. */
class TokenAccessTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private HttpFixture httpFixture;
    private FakeJwks issuer;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    /** @param ago how long ago the issuer's keys were read, which is not done twice within an hour */
    private void begin(int callerRate, Duration ago) {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, callerRate, 1, 0, 1, TokenMaker.config("roles")), ago);
    }

    private void begin(NodeConfig.Access access, Duration ago) {
        httpFixture = new HttpFixture(base -> Samples.with(base, access));
        issuer = new FakeJwks(HOUR, TokenMaker.keys(RSA));
        long at = System.nanoTime() - ago.toNanos();
        HttpFixture.wait(httpFixture.access.jwt().orElseThrow().begin(httpFixture.vertx, issuer, at));
    }

    private void begin() {
        begin(0, Duration.ZERO);
    }

    private static String token(RSAKey key, String name, String... roles) {
        return TokenMaker.signed(key, TokenMaker.claims(System.currentTimeMillis(), name, roles));
    }

    private HttpResponse<String> get(String token, String path) {
        return httpFixture.send(httpFixture.request(path).header("Authorization", "Bearer " + token));
    }

    private HttpRequest.Builder inject(String token, String data) {
        return httpFixture
                .request("/v1/chains/main/transactions")
                .headers("Authorization", "Bearer " + token, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"data\":\"" + data + "\"}"));
    }

    private Future<JsonObject> asked(String token) {
        return asked(token, PublicAddresses.CHAINS_FIND, new JsonObject().put("chain", "main"));
    }

    private Future<JsonObject> asked(String token, String address, JsonObject ask) {
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(Patience.CONDITION.toMillis())
                .addHeader("authorization", "Bearer " + token);
        return httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request(address, ask, options)
                .map(message -> message.body());
    }

    @Test
    void aTokenMayWhatItsRolesMay() throws Exception {
        begin();
        String token = token(RSA, "shop", "writer@main");
        assertThat(httpFixture.send(inject(token, "a")).statusCode()).isEqualTo(202);
        HttpResponse<String> leap = httpFixture.send(httpFixture
                .request("/v1/chains/main/leaps")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
        assertThat(leap.statusCode()).isEqualTo(403);
        assertThat(HttpFixture.json(leap).getString("code")).isEqualTo("role_missing");
        assertThat(get(token, "/v1/chains/other").statusCode()).isEqualTo(404);
        assertThat(get(token(RSA, "ops", "admin"), "/v1/access").statusCode()).isEqualTo(200);
        // Keys count as before.
        assertThat(get(httpFixture.key("reader"), "/v1/chains/main").statusCode())
                .isEqualTo(200);
    }

    @Test
    void allThatIsWrongIsAnsweredAlike() {
        begin();
        HttpResponse<String> none = httpFixture.get("/v1/node");
        String right = token(RSA, "shop", "reader");
        String expired = TokenMaker.signed(RSA, TokenMaker.claims(0, "shop", "reader"));
        Stream.of(
                        expired,
                        right.substring(0, right.lastIndexOf('.') + 1),
                        right + ".",
                        token(NEXT, "shop", "reader"),
                        token(RSA, "shop", "king"))
                .map(token -> get(token, "/v1/node"))
                .filter(answer -> answer.statusCode() != 429)
                .forEach(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(401);
                    assertThat(answer.body()).isEqualTo(none.body());
                    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"qbc\"");
                });
        assertThat(get(right, "/v1/node").statusCode()).isEqualTo(200);
    }

    @Test
    void wrongTokensAreAnsweredMoreAndMoreSeldom() {
        begin();
        String wrong = token(NEXT, "shop", "reader");
        Optional<HttpResponse<String>> refused = Stream.generate(() -> get(wrong, "/v1/node"))
                .limit(40)
                .filter(answer -> answer.statusCode() != 401)
                .findFirst();
        assertThat(refused.map(HttpResponse::statusCode)).contains(429);
        assertThat(get(token(RSA, "shop", "reader"), "/v1/node").statusCode()).isEqualTo(200);
        assertThat(issuer.reads()).isEqualTo(1);
    }

    /** The body comes while the issuer is asked, and must neither be lost nor be served before. */
    @Test
    void aTokenWithANewKeyWaitsForTheIssuer() {
        begin(0, HOUR);
        String token = token(NEXT, "shop", "writer");
        Promise<Bytes> answer = issuer.hold();
        List<CompletableFuture<HttpResponse<String>>> waiting = Stream.of("a", "b".repeat(300_000))
                .map(data -> CompletableFuture.supplyAsync(() -> httpFixture.send(inject(token, data))))
                .toList();
        CompletableFuture<HttpResponse<String>> lost =
                CompletableFuture.supplyAsync(() -> get(token(NEXT, "shop", "reader"), "/v1/nothing"));
        Future<JsonObject> asked = asked(token(NEXT, "shop", "reader"));
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 4);
        assertThat(issuer.reads()).isEqualTo(2);
        assertThat(asked.isComplete()).isFalse();
        // Nobody else waits.
        assertThat(get(token(RSA, "shop", "reader"), "/v1/node").statusCode()).isEqualTo(200);
        answer.complete(TokenMaker.keys(RSA, NEXT));
        assertThat(waiting)
                .allSatisfy(sent -> assertThat(sent.join().statusCode())
                        .as(sent.join().body())
                        .isEqualTo(202));
        assertThat(lost.join().statusCode()).isEqualTo(404);
        assertThat(HttpFixture.wait(asked).getString("name")).isEqualTo("main");
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
    }

    private static JsonObject spec(String name) {
        return new JsonObject().put("name", name).put("consensus", new JsonObject().put("engine", "dbc"));
    }

    @Test
    void whatWaitedForTheIssuerIsRecordedAsAllElse() throws Exception {
        NodeConfig.Access audited = new NodeConfig.Access(
                AccessMode.REQUIRED,
                false,
                0,
                1,
                0,
                1,
                List.of(),
                true,
                AuditInjects.COUNTED,
                HOUR,
                100,
                TokenMaker.config("roles"));
        begin(audited, HOUR);
        String admin = httpFixture.key("admin");
        String token = token(NEXT, "ops", "admin");
        Promise<Bytes> answer = issuer.hold();
        CompletableFuture<HttpResponse<String>> made = CompletableFuture.supplyAsync(
                () -> httpFixture.post("/v1/chains", spec("orders").encode(), "Authorization", "Bearer " + token));
        Future<JsonObject> madeOverTheBus = asked(token, PublicAddresses.CHAINS_CREATE, spec("bills"));
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 2);
        answer.complete(TokenMaker.keys(RSA, NEXT));
        assertThat(made.join().statusCode()).as(made.join().body()).isEqualTo(201);
        assertThat(HttpFixture.wait(madeOverTheBus).getString("name")).isEqualTo("bills");
        JsonArray trail =
                HttpFixture.json(get(admin, "/v1/audit?operation=createChain")).getJsonArray("entries");
        assertThat(trail.stream()
                        .map(JsonObject.class::cast)
                        .map(told -> told.getJsonObject("entry"))
                        .map(entry -> entry.getString("event") + " " + entry.getString("by") + " "
                                + entry.getString("name") + " " + entry.getString("role")))
                .containsExactlyInAnyOrder(
                        "begun rest ops admin", "ended rest ops admin", "begun bus ops admin", "ended bus ops admin");
    }

    /** The lines of a stream of events as they come. */
    private final class Reader {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Void> reading;

        Reader(String credential) {
            HttpRequest.Builder request =
                    httpFixture.request("/v1/chains/main/events").header("Authorization", "Bearer " + credential);
            HttpResponse<Stream<String>> response = httpFixture.send(request, BodyHandlers.ofLines());
            // Readers of streams would take the common pool's threads, of which there may be one.
            reading = CompletableFuture.runAsync(
                    () -> response.body().forEach(lines::add), reader -> new Thread(reader).start());
        }

        long events() {
            return lines.stream().filter(line -> line.startsWith("event: ")).count();
        }
    }

    @Test
    void whatWasBegunWithACredentialEndsWithIt() throws Exception {
        begin();
        String token = token(RSA, "shop", "reader@main");
        String key = httpFixture.key("reader@main");
        String revoked = httpFixture.key("reader@main");
        Reader ofToken = new Reader(token);
        Reader ofKey = new Reader(key);
        Reader ofRevoked = new Reader(revoked);
        Queue<JsonObject> overTheBus = new ConcurrentLinkedQueue<>();
        JsonObject main = new JsonObject().put("chain", "main");
        String address = HttpFixture.wait(asked(token, PublicAddresses.EVENTS_SUBSCRIBE, main))
                .getString("address");
        httpFixture.vertx.eventBus().<JsonObject>consumer(address, message -> overTheBus.add(message.body()));
        httpFixture.node.leap(List.of());
        await().untilAsserted(() -> assertThat(
                        List.of(ofToken.events(), ofKey.events(), ofRevoked.events(), (long) overTheBus.size()))
                .containsOnly(1L));
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(4);
        httpFixture.pass(Duration.ofMinutes(6));
        httpFixture.revoke(revoked.split("_", -1)[1]);
        httpFixture.node.leap(List.of());
        await().untilAsserted(() -> assertThat(ofKey.events()).isEqualTo(2));
        await().until(ofToken.reading::isDone);
        await().until(ofRevoked.reading::isDone);
        await().until(() -> httpFixture.sharedLimits.streams().inUse() == 1);
        assertThat(List.of(ofToken.events(), ofRevoked.events(), (long) overTheBus.size()))
                .containsOnly(1L);
    }

    @Test
    void aKeyThatTheIssuerDoesNotHaveEitherIsRefusedAfterOneReading() {
        begin(0, HOUR);
        HttpResponse<String> refused = httpFixture.send(inject(token(NEXT, "shop", "writer"), "b"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(issuer.reads()).isEqualTo(2);
        ReplyException failure = HttpFixture.wait(asked(token(NEXT, "shop", "reader"))
                .map(answer -> new ReplyException(null))
                .recover(cause -> Future.succeededFuture((ReplyException) cause)));
        assertThat(failure.failureCode()).isEqualTo(401);
        assertThat(issuer.reads()).isEqualTo(2);
    }

    @Test
    void theLimitIsOfTheNameWhicheverTokenItShows() {
        begin(1, Duration.ZERO);
        HttpResponse<String> first = get(token(RSA, "modest", "reader"), "/v1/peers");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("RateLimit-Policy")).contains("\"token\";q=1;w=1");
        Optional<HttpResponse<String>> refused = Stream.iterate(0, i -> i + 1)
                .map(i -> get(token(RSA, "greedy", "reader", "sealer@a" + i), "/v1/peers"))
                .limit(20)
                .filter(answer -> answer.statusCode() == 429)
                .findFirst();
        assertThat(refused.flatMap(answer -> answer.headers().firstValue("RateLimit")))
                .contains("\"token\";r=0;t=1");
        assertThat(get(token(RSA, "other", "reader"), "/v1/peers").statusCode()).isEqualTo(200);
    }

    @Test
    void theIssuerIsShown() {
        begin();
        String token = token(RSA, "ops", "admin");
        get(token, "/v1/chains");
        JsonObject shown =
                HttpFixture.json(get(token, "/v1/node")).getJsonObject("access").getJsonObject("jwt");
        assertThat(shown.getString("issuer")).isEqualTo(TokenMaker.ISSUER);
        assertThat(shown.getInteger("keys")).isEqualTo(1);
        assertThat(shown.getLong("refreshedAt")).isPositive();
        assertThat(shown.containsKey("lastError")).isTrue();
        assertThat(shown.getValue("lastError")).isNull();
        MetricsText page = new MetricsText(get(token, "/metrics").body());
        assertThat(page.value("qbc_token_keys", Map.of())).contains(1.0);
        assertThat(page.value("qbc_tokens_total", Map.of("result", "accepted"))).contains(3.0);
        assertThat(page.value("qbc_tokens_total", Map.of("result", "signature")))
                .contains(0.0);
        assertThat(page.value("qbc_token_key_refreshes_total", Map.of("result", "read")))
                .contains(1.0);
    }
}
