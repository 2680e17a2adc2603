package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.Operation;
import io.qbc.api.access.Access;
import io.qbc.api.limits.CallerShares;
import io.qbc.api.limits.CallerShares.Kind;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node that requires credentials tells whom. */
class AccessTest {
    private HttpFixture httpFixture;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin(NodeConfig.Access access, String... proxies) {
        httpFixture = new HttpFixture(base -> {
            NodeConfig.Http named = Samples.with(
                    base.http(),
                    Map.of("instances", 1, "origins", List.of("https://app.example"), "proxies", List.of(proxies)));
            return Samples.with(base, access, named);
        });
    }

    private void required() {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1));
    }

    private String key(String... grants) throws IOException {
        return key(OptionalLong.empty(), grants);
    }

    private String key(OptionalLong life, String... grants) throws IOException {
        List<Grant> all =
                Stream.of(grants).map(text -> Grant.parse(text).orElseThrow()).toList();
        return "Bearer "
                + httpFixture
                        .access
                        .keys()
                        .add(new ApiKey.Request("test", all, life))
                        .text();
    }

    private HttpResponse<String> get(String path, String... fields) {
        HttpRequest.Builder request = httpFixture.request(path);
        return httpFixture.send(fields.length == 0 ? request : request.headers(fields));
    }

    private HttpResponse<String> as(String authorization, String path) {
        return get(path, "Authorization", authorization);
    }

    private static String code(HttpResponse<String> answer) {
        return HttpFixture.json(answer).getString("code", "");
    }

    @Test
    void allThatIsNoValidCredentialIsAnsweredAlike() throws IOException {
        required();
        String right = key("admin");
        String wrong = right.substring(0, right.length() - 1) + (right.endsWith("0") ? "1" : "0");
        String unknown = "Bearer qbc_000000000000_" + "0".repeat(64);
        String ended = key(OptionalLong.of(-1), "admin");
        HttpResponse<String> none = get("/v1/node");
        for (HttpResponse<String> answer : List.of(
                none,
                as(wrong, "/v1/node"),
                as(unknown, "/v1/node"),
                as(ended, "/v1/node"),
                as("Basic cWJj", "/v1/node"),
                get("/nothing"),
                get("/v1/nothing"),
                httpFixture.send(httpFixture.request("/v1/node").method("PATCH", BodyPublishers.noBody())))) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"qbc\"");
            assertThat(answer.body()).isEqualTo(none.body());
        }
        assertThat(as(right, "/v1/node").statusCode()).isEqualTo(200);
        assertThat(as(right.replace("Bearer", "bearer"), "/v1/node").statusCode())
                .isEqualTo(200);
        assertThat(as(right, "/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").statusCode()).isEqualTo(401);
    }

    @Test
    void metricsMayBeShownToAnybody() {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, true, 0, 1, 0, 1));
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
        assertThat(get("/v1/node").statusCode()).isEqualTo(401);
    }

    @Test
    void aChainIsSeenByThoseAloneWhoHaveARoleAtIt() throws IOException {
        required();
        String admin = key("admin");
        HttpRequest.Builder made = httpFixture
                .request("/v1/chains")
                .headers("Authorization", admin, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}"));
        String id = HttpFixture.json(httpFixture.send(made)).getString("id");
        String reader = key("reader@orders");
        for (String name : List.of("orders", id, "orders@0", id + "@0")) {
            assertThat(as(reader, "/v1/chains/" + name).statusCode()).as(name).isEqualTo(200);
        }
        assertThat(as(key("reader@" + id), "/v1/chains/orders").statusCode()).isEqualTo(200);
        assertThat(names(as(reader, "/v1/chains"))).containsExactly("orders");
        assertThat(names(as(key("reader@orders", "reader@main"), "/v1/chains"))).containsExactly("main", "orders");
        assertThat(names(as(admin, "/v1/chains"))).containsExactly("main", "orders");
        for (String path : List.of("", "/quants", "/quants/0", "/quants/x", "/transactions/00", "/events", "/diff")) {
            HttpResponse<String> hidden = as(reader, "/v1/chains/main" + path);
            HttpResponse<String> absent = as(reader, "/v1/chains/none" + path);
            assertThat(hidden.statusCode()).as(path).isEqualTo(404);
            assertThat(hidden.body().replace("main", "none")).as(path).isEqualTo(absent.body());
            assertThat(hidden.headers().map().keySet())
                    .isEqualTo(absent.headers().map().keySet());
        }
        assertThat(as(reader, "/v1/chains/orders/diff?with=main").statusCode()).isEqualTo(404);
        assertThat(as(reader, "/v1/chains/orders/diff?with=orders").statusCode())
                .isEqualTo(200);
        assertThat(as(reader, "/stats").statusCode()).isEqualTo(404);
        assertThat(as(reader, "/stats?chain=orders").statusCode()).isEqualTo(200);
        assertThat(as(reader, "/stats?chain=main&chain=orders").statusCode()).isEqualTo(404);
        assertThat(as(reader, "/stats?chain=orders&chain=main").body())
                .isEqualTo(as(reader, "/stats?chain=orders").body());
    }

    private static List<String> names(HttpResponse<String> list) {
        JsonArray chains = HttpFixture.json(list).getJsonArray("chains");
        return chains.stream()
                .map(chain -> ((JsonObject) chain).getString("name"))
                .toList();
    }

    /** Without a chain called main the routes at the root are about the first one, whosever it is. */
    @Test
    void aRoleForMainIsNoneForTheChainThatStandsInForIt() throws IOException {
        required();
        String admin = key("admin");
        httpFixture.send(httpFixture
                .request("/v1/chains")
                .headers("Authorization", admin, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}")));
        String reader = key("reader@main");
        assertThat(as(reader, "/stats").statusCode()).isEqualTo(200);
        HttpRequest.Builder gone = httpFixture
                .request("/v1/chains/main?confirm=main")
                .header("Authorization", admin)
                .DELETE();
        assertThat(httpFixture.send(gone).statusCode()).isEqualTo(200);
        assertThat(as(admin, "/stats").statusCode()).isEqualTo(200);
        assertThat(as(reader, "/stats").statusCode()).isEqualTo(404);
    }

    @Test
    void keysAreMadeAndEndedByAdmins() throws IOException {
        required();
        String admin = key("admin");
        HttpRequest.Builder add = httpFixture
                .request("/v1/access")
                .headers("Authorization", admin, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"name\":\"shop\",\"roles\":[\"writer@main\",\"reader@main\"],\"expires\":\"90d\"}"));
        HttpResponse<String> answer = httpFixture.send(add);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject made = HttpFixture.json(answer);
        String key = "Bearer " + made.getString("key");
        assertThat(as(key, "/v1/chains/main").statusCode()).isEqualTo(200);
        assertThat(as(key, "/v1/access").statusCode()).isEqualTo(403);
        String list = as(admin, "/v1/access").body();
        assertThat(list).contains("\"shop\"", made.getString("id")).doesNotContain(made.getString("key"));
        HttpRequest.Builder end = httpFixture
                .request("/v1/access/" + made.getString("id"))
                .header("Authorization", admin)
                .DELETE();
        assertThat(httpFixture.send(end).statusCode()).isEqualTo(200);
        assertThat(as(key, "/v1/chains/main").statusCode()).isEqualTo(401);
        assertThat(httpFixture.send(end).statusCode()).isEqualTo(404);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgain() throws IOException {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, 1, 2, 0, 1));
        String greedy = key("reader");
        List<HttpResponse<String>> answers = Stream.generate(() -> as(greedy, "/v1/peers"))
                .limit(20)
                .filter(answer -> answer.statusCode() == 429)
                .toList();
        assertThat(answers).isNotEmpty();
        HttpResponse<String> refused = answers.get(0);
        assertThat(code(refused)).isEqualTo("rate_limited");
        assertThat(HttpFixture.json(refused).getBoolean("retryable")).isTrue();
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.headers().firstValue("RateLimit")).contains("\"key\";r=0;t=1");
        assertThat(refused.headers().firstValue("RateLimit-Policy")).contains("\"key\";q=2;w=2");
        assertThat(as(key("reader"), "/v1/peers").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void everyAnswerTellsWhatIsLeft() throws IOException {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, 1, 1000, 0, 1));
        String key = key("reader");
        HttpResponse<String> served = as(key, "/v1/peers");
        assertThat(served.headers().firstValue("RateLimit")).contains("\"key\";r=999;t=1");
        assertThat(served.headers().firstValue("RateLimit-Policy")).contains("\"key\";q=1000;w=1000");
        HttpResponse<String> refused = as(key, "/v1/access");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("RateLimit")).isPresent();
        assertThat(get("/health/live").headers().firstValue("RateLimit")).isEmpty();
        assertThat(get("/v1/peers").headers().firstValue("RateLimit")).isEmpty();
    }

    @Test
    void aKeyHasNoMoreStreamsThanItsShare() throws IOException {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1));
        String greedy = key("reader");
        String id = greedy.split("_", -1)[1];
        CallerShares callers = httpFixture.sharedLimits.callers();
        int most = callers.most(Kind.STREAMS);
        for (int i = 0; i < most; i++) {
            assertThat(callers.take(Kind.STREAMS, id)).isTrue();
        }
        HttpResponse<String> refused = as(greedy, "/v1/chains/main/events");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(code(refused)).isEqualTo("rate_limited");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.headers().firstValue("RateLimit")).contains("\"key-streams\";r=0;t=1");
        assertThat(refused.headers().firstValue("RateLimit-Policy"))
                .contains("\"key-streams\";q=" + most + ";qu=\"concurrent-requests\"");
        assertThat(httpFixture.sharedLimits.streams().inUse()).isZero();
        assertThat(as(key("reader"), "/v1/chains/main/quants").statusCode()).isEqualTo(200);
        callers.release(Kind.STREAMS, id);
        assertThat(as(greedy, "/v1/chains/main/quants").statusCode()).isEqualTo(200);
        await().until(() -> callers.inUse(Kind.STREAMS, id) == most - 1);
        String metrics = as(key("reader"), "/metrics").body();
        assertThat(metrics).contains("qbc_access_exceeded_total{limit=\"key-streams\"} 1.0");
    }

    @Test
    void aKeyHasNoMoreConnectionsThanItsShare() throws IOException {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1));
        String greedy = key("reader");
        String id = greedy.split("_", -1)[1];
        CallerShares callers = httpFixture.sharedLimits.callers();
        assertThat(as(greedy, "/v1/peers").statusCode()).isEqualTo(200);
        assertThat(callers.inUse(Kind.CONNECTIONS, id)).isEqualTo(1);
        assertThat(as(key("reader"), "/v1/peers").statusCode()).isEqualTo(200);
        // The caller's one connection is another key's now.
        assertThat(callers.inUse(Kind.CONNECTIONS, id)).isZero();
        for (int i = 0; i < callers.most(Kind.CONNECTIONS); i++) {
            assertThat(callers.take(Kind.CONNECTIONS, id)).isTrue();
        }
        HttpResponse<String> refused = as(greedy, "/v1/peers");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("RateLimit")).contains("\"key-connections\";r=0;t=1");
        assertThat(as(key("reader"), "/v1/peers").statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyThatCameInTheClearIsToldOnce() throws IOException {
        begin(new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1), "127.0.0.1/32");
        String key = key("reader");
        assertThat(exposed(key)).isEmpty();
        assertThat(exposed(key, "X-Forwarded-For", "192.0.2.7", "X-Forwarded-Proto", "https"))
                .isEmpty();
        assertThat(exposed("Bearer qbc_", "X-Forwarded-For", "192.0.2.8")).isEmpty();
        assertThat(exposed(key, "X-Forwarded-For", "192.0.2.9", "X-Forwarded-Proto", "http"))
                .containsExactly("192.0.2.9");
        assertThat(exposed(key, "X-Forwarded-For", "192.0.2.9")).containsExactly("192.0.2.9");
        String ready = get("/health/ready").body();
        assertThat(ready).contains("credential_exposed").doesNotContain("192.0.2.9");
    }

    private List<String> exposed(String key, String... fields) {
        HttpRequest.Builder request = httpFixture.request("/v1/node").setHeader("Authorization", key);
        if (fields.length == 0) {
            request.headers("X-Forwarded-For", "::1", "X-Forwarded-Proto", "http");
        } else {
            request.headers(fields);
        }
        httpFixture.send(request);
        return httpFixture.access.exposures().addresses();
    }

    @Test
    void optionsNeedACredentialAndABrowsersQuestionDoesNot() throws IOException {
        required();
        HttpRequest.Builder options =
                httpFixture.request("/v1/chains/main/transactions").method("OPTIONS", BodyPublishers.noBody());
        assertThat(httpFixture.send(options).statusCode()).isEqualTo(401);
        HttpResponse<String> shown = httpFixture.send(options.setHeader("Authorization", key("reader")));
        assertThat(shown.statusCode()).isEqualTo(204);
        assertThat(shown.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS, POST");
        assertThat(preflight("https://app.example").statusCode()).isEqualTo(204);
        HttpRequest.Builder write = httpFixture
                .request("/v1/chains/main/transactions")
                .headers("Origin", "https://app.example", "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"data\":1}"));
        HttpResponse<String> unproved = httpFixture.send(write);
        assertThat(unproved.statusCode()).isEqualTo(401);
        // Without these a page could not read why it is refused.
        assertThat(unproved.headers().firstValue("Access-Control-Allow-Origin")).contains("https://app.example");
        assertThat(httpFixture
                        .send(write.setHeader("Authorization", key("writer")))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void wrongCredentialsAreAnsweredMoreAndMoreSeldom() throws IOException {
        required();
        String wrong = "Bearer qbc_000000000000_" + "0".repeat(64);
        Optional<HttpResponse<String>> refused = Stream.generate(() -> as(wrong, "/v1/node"))
                .limit(40)
                .filter(answer -> answer.statusCode() != 401)
                .findFirst();
        assertThat(refused.map(HttpResponse::statusCode)).contains(429);
        assertThat(refused.flatMap(answer -> answer.headers().firstValue("Retry-After")))
                .isPresent();
        // One more that seems to come after the pause, so that the next one is longer.
        long later = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        Operation any = httpFixture.access.operation("GET", "/v1/node");
        httpFixture.access.identify(
                any, new Access.Shown(Optional.of(wrong), Optional.empty()), InetAddress.getLoopbackAddress(), later);
        String wait = as(wrong, "/v1/node").headers().firstValue("Retry-After").orElse("");
        assertThat(Integer.parseInt(wait)).isGreaterThan(1);
        assertThat(as(key("reader"), "/v1/node").statusCode()).isEqualTo(200);
    }

    @Test
    void pagesOfOthersAreRefusedWhateverTheModeIs() {
        begin(NodeConfig.Access.LOOPBACK);
        assertThat(code(get("/leap", "Origin", "https://evil.example"))).isEqualTo("origin_refused");
        assertThat(code(get("/leap", "Origin", "null"))).isEqualTo("origin_refused");
        assertThat(code(get("/leap", "Sec-Fetch-Site", "cross-site"))).isEqualTo("origin_refused");
        assertThat(code(get("/leap", "Sec-Fetch-Site", "same-site"))).isEqualTo("origin_refused");
        assertThat(get("/stats", "Sec-Fetch-Site", "none").statusCode()).isEqualTo(200);
        HttpResponse<String> shared = get("/stats", "Origin", "https://app.example", "Sec-Fetch-Site", "cross-site");
        assertThat(shared.statusCode()).isEqualTo(200);
        assertThat(shared.headers().firstValue("Access-Control-Allow-Origin")).contains("https://app.example");
        assertThat(shared.headers().firstValue("Vary")).contains("origin");
        HttpResponse<String> peer = httpFixture.post("/v1/peer/hello", "x", "Origin", "https://app.example");
        assertThat(code(peer)).isEqualTo("origin_refused");
        assertThat(httpFixture.post("/v1/peer/hello", "x").statusCode()).isNotEqualTo(403);
    }

    @Test
    void aBrowserThatAsksBeforehandIsToldWhetherItsPageMay() {
        required();
        HttpResponse<String> shared = preflight("https://app.example");
        assertThat(shared.statusCode()).isEqualTo(204);
        assertThat(shared.headers().firstValue("Access-Control-Allow-Origin")).contains("https://app.example");
        assertThat(shared.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("Authorization", "Idempotency-Key");
        assertThat(shared.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
                .contains("DELETE");
        HttpResponse<String> foreign = preflight("https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    private HttpResponse<String> preflight(String origin) {
        return httpFixture.send(httpFixture
                .request("/v1/chains/main/transactions")
                .headers("Origin", origin, "Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));
    }

    @Test
    void whoComesByAProxyIsNoCallerOfThisMachine() {
        begin(NodeConfig.Access.LOOPBACK);
        for (String field :
                List.of("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")) {
            HttpResponse<String> answer = get("/v1/node", field, "for=127.0.0.1");
            assertThat(answer.statusCode()).as(field).isEqualTo(403);
            assertThat(code(answer)).as(field).isEqualTo("proxy_refused");
        }
        assertThat(get("/v1/node").statusCode()).isEqualTo(200);
    }

    @Test
    void aProxyThatIsBelievedSaysForWhomItSpeaks() {
        begin(NodeConfig.Access.LOOPBACK, "127.0.0.1/32");
        assertThat(code(get("/v1/node", "X-Forwarded-For", "192.0.2.7"))).isEqualTo("proxy_refused");
        assertThat(code(get("/v1/node", "X-Forwarded-For", "192.0.2.7", "Forwarded", "for=127.0.0.1")))
                .isEqualTo("proxy_refused");
        assertThat(code(get("/v1/node"))).isEqualTo("proxy_refused");
        assertThat(get("/v1/node", "X-Forwarded-For", "::1").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void theModeIsShown() {
        begin(new NodeConfig.Access(AccessMode.OPEN, false, 0, 1, 0, 1));
        assertThat(HttpFixture.json(get("/v1/node")).getJsonObject("access").getString("mode"))
                .isEqualTo("open");
    }

    @Test
    void aBodyMustSayWhatItIs() {
        begin(NodeConfig.Access.LOOPBACK);
        HttpRequest.Builder untyped =
                httpFixture.request("/v1/chains/main/transactions").POST(BodyPublishers.ofString("{\"data\":1}"));
        assertThat(httpFixture.send(untyped).statusCode()).isEqualTo(415);
        HttpRequest.Builder original = httpFixture.request("/inject").POST(BodyPublishers.ofString("{\"data\":1}"));
        assertThat(httpFixture.send(original).statusCode()).isEqualTo(200);
    }
}
