package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that callers see at another path, name and scheme than its own. */
class BehindProxyTest {
    private static final String TRANSACTIONS = "/v1/chains/main/transactions";

    private HttpFixture httpFixture;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin(String basePath, String... proxies) {
        httpFixture = new HttpFixture(base -> {
            NodeConfig.Http behind = Samples.with(
                    base.http(),
                    Map.of(
                            "instances",
                            1,
                            "hosts",
                            List.of("ledger.example"),
                            "proxies",
                            List.of(proxies),
                            "basePath",
                            basePath));
            return Samples.with(base, new NodeConfig.Access(AccessMode.OPEN, false, 0, 1, 0, 1), behind);
        });
    }

    private HttpResponse<String> get(String path, String... fields) {
        HttpRequest.Builder request = httpFixture.request(path);
        return httpFixture.send(fields.length == 0 ? request : request.headers(fields));
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    private static String server(HttpResponse<String> document) {
        JsonArray servers = HttpFixture.json(document).getJsonArray("servers");
        return servers.getJsonObject(0).getString("url");
    }

    @Test
    void aNodeBelowAPathIsThereAndAtTheRoot() {
        begin("/ledger");
        HttpResponse<String> injected = httpFixture.post("/ledger" + TRANSACTIONS, "{\"data\":1}");
        assertThat(injected.statusCode()).isEqualTo(202);
        assertThat(location(injected)).startsWith("/ledger" + TRANSACTIONS + "/");
        JsonObject found = HttpFixture.json(get(location(injected)));
        assertThat(found.getInteger("data")).isEqualTo(1);
        assertThat(HttpFixture.json(get(location(injected).substring("/ledger".length()))))
                .isEqualTo(found);
        assertThat(location(httpFixture.post(TRANSACTIONS, "{\"data\":2}"))).startsWith("/ledger/");
        for (String path : List.of("/v1/chains/main", "/stats", "/health/live", "/v1/chains/main/quants?from=0")) {
            assertThat(get("/ledger" + path).statusCode()).as(path).isEqualTo(200);
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
        }
        HttpResponse<String> made =
                httpFixture.post("/ledger/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
        assertThat(location(made)).isEqualTo("/ledger/v1/chains/orders");
        assertThat(server(get("/ledger/openapi.json"))).isEqualTo("/ledger");
        for (String none :
                List.of("/ledger", "/ledger/", "/ledgerv1/node", "/ledger/ledger/v1/node", "/other/v1/node")) {
            assertThat(get(none).statusCode()).as(none).isEqualTo(404);
        }
        HttpRequest.Builder patch = httpFixture.request("/ledger/v1/node").method("PATCH", BodyPublishers.noBody());
        assertThat(httpFixture.send(patch).statusCode()).isEqualTo(405);
    }

    @Test
    void aProxyThatIsBelievedSaysBelowWhichPath() {
        begin("", "127.0.0.1/32");
        String[] prefix = {"X-Forwarded-For", "192.0.2.7", "X-Forwarded-Prefix", "/books/"};
        assertThat(location(httpFixture.post(TRANSACTIONS, "{\"data\":1}", prefix)))
                .startsWith("/books" + TRANSACTIONS + "/");
        assertThat(server(get("/openapi.json", prefix))).isEqualTo("/books");
        assertThat(server(get("/openapi.json"))).isEqualTo("/");
    }

    @Test
    void nobodyElseIsBelieved() {
        begin("/ledger", "192.0.2.0/24");
        String[] told = {
            "X-Forwarded-Prefix", "/books", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example"
        };
        HttpResponse<String> answer = get("/openapi.json", told);
        assertThat(server(answer)).isEqualTo("/ledger");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
        String[] page = {"X-Forwarded-Host", "evil.example", "Origin", "https://evil.example"};
        assertThat(get("/stats", page).statusCode()).isEqualTo(403);
    }

    @Test
    void aPagesOwnOriginIsWhatTheProxySays() {
        begin("", "127.0.0.1/32");
        String from = "192.0.2.7";
        assertThat(get("/stats", "X-Forwarded-For", from, "Origin", "https://ledger.example")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> own = get(
                "/stats",
                "X-Forwarded-For",
                from,
                "X-Forwarded-Host",
                "ledger.example",
                "X-Forwarded-Proto",
                "https",
                "Origin",
                "https://ledger.example");
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        HttpResponse<String> rebound = get("/stats", "X-Forwarded-For", from, "X-Forwarded-Host", "evil.example");
        assertThat(HttpFixture.json(rebound).getString("code")).isEqualTo("host_refused");
    }

    @Test
    void whatABrowserMayShowIsSafeToShow() {
        begin("");
        List<HttpResponse<String>> shown = List.of(
                get("/v1/node"),
                get("/nothing"),
                get("/chain"),
                get("/metrics"),
                get("/v1/chains/main/quants"),
                httpFixture.post(TRANSACTIONS, "{", "Origin", "https://evil.example"),
                httpFixture.post(TRANSACTIONS, "{\"data\":1}", "Sec-Fetch-Site", "same-origin"));
        for (HttpResponse<String> answer : shown) {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'none'", "frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy"))
                    .contains("same-origin");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
        }
        assertThat(httpFixture.post(TRANSACTIONS, "{\"data\":1}").headers().firstValue("Content-Security-Policy"))
                .isEmpty();
    }
}
