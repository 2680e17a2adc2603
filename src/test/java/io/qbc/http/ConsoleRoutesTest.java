package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the pages for people are served. */
class ConsoleRoutesTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    private static HttpResponse<String> get(HttpFixture node, String path, String... headers) {
        HttpRequest.Builder request = node.request(path);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return node.send(request);
    }

    private static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "/docs/, text/html; charset=utf-8",
        "/docs/index.html, text/html; charset=utf-8",
        "/docs/docs.js, text/javascript; charset=utf-8",
        "/docs/docs.css, text/css; charset=utf-8",
        "/docs/icon.svg, image/svg+xml",
        "/docs/lib/swagger-ui.js, text/javascript; charset=utf-8",
        "/docs/lib/swagger-ui.css, text/css; charset=utf-8",
        "/console/lib/preact.js, text/javascript; charset=utf-8",
        "/console/lib/uplot.js, text/javascript; charset=utf-8",
        "/console/lib/uplot.css, text/css; charset=utf-8",
    })
    void everyFileIsServedAsWhatItIs(String path, String type) throws IOException {
        HttpResponse<String> plain = get(httpFixture, path);
        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(field(plain, "Content-Type")).isEqualTo(type);
        assertThat(field(plain, "Cache-Control")).isEqualTo("no-cache");
        assertThat(field(plain, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(field(plain, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(field(plain, "Content-Security-Policy"))
                .startsWith("default-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        HttpResponse<byte[]> packed = httpFixture.send(
                httpFixture.request(path).header("Accept-Encoding", "br, gzip"), BodyHandlers.ofByteArray());
        assertThat(packed.statusCode()).isEqualTo(200);
        if (field(packed, "Content-Encoding").equals("gzip")) {
            assertThat(packed.body().length).isLessThan(plain.body().length());
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(plain.body());
            }
            assertThat(field(packed, "ETag")).isEqualTo("W/" + field(plain, "ETag"));
            assertThat(field(plain, "Vary")).isEqualToIgnoringCase("Accept-Encoding");
        }
        for (HttpResponse<?> known : List.of(plain, packed)) {
            HttpResponse<String> again = get(httpFixture, path, "If-None-Match", field(known, "ETag"));
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
        HttpResponse<String> head = httpFixture.send(httpFixture.request(path).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(field(head, "Content-Type")).isEqualTo(type);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void whatIsLargeIsCompressed() {
        HttpResponse<byte[]> packed = httpFixture.send(
                httpFixture.request("/docs/lib/swagger-ui.js").header("Accept-Encoding", "gzip"),
                BodyHandlers.ofByteArray());
        assertThat(packed.body().length).isLessThan(600_000);
        assertThat(field(packed, "Content-Encoding")).isEqualTo("gzip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/none.js",
                "/console/lib/",
                "/console/lib",
                "/docs/../openapi.json",
                "/docs/%2e%2e/openapi.json",
                "/docs/..%2fopenapi.json",
                "/docs//docs.js",
                "/docs/./docs.js",
                "/docs/.docs.js",
                "/docs/docs.js/",
                "/docs/docs.js%00.js",
                "/docs/../io/qbc/Main.class",
                "/docs/lib/../docs.js",
                "/console/../docs/docs.js",
                "/console/..\\docs\\docs.js",
                "/consoles/index.html",
                "/docs/META-INF/LICENSE",
            })
    void nothingElseIsReached(String path) throws IOException {
        assertThat(RoutingTest.send(httpFixture, "GET " + path, ""))
                .containsPattern("^HTTP/1.1 40[04] ")
                .containsPattern("\"code\":\"(route_unknown|request_invalid)\"");
    }

    @Test
    void theRootLeadsBrowsersThereAndNobodyElse() {
        HttpResponse<String> lead = get(httpFixture, "/", "Accept", BROWSER);
        assertThat(lead.statusCode()).isEqualTo(302);
        assertThat(field(lead, "Location")).isEqualTo("/console/");
        assertThat(get(httpFixture, "/").statusCode()).isEqualTo(404);
        assertThat(get(httpFixture, "/", "Accept", "*/*").statusCode()).isEqualTo(404);
        assertThat(get(httpFixture, "/", "Accept", "application/json").statusCode())
                .isEqualTo(404);
        for (String page : List.of("/console", "/docs")) {
            assertThat(field(get(httpFixture, page), "Location")).isEqualTo(page + "/");
        }
    }

    @Test
    void whatIsNoReadIsRefused() {
        for (String path : List.of("/docs/", "/console/lib/uplot.css", "/console")) {
            HttpResponse<String> refused =
                    httpFixture.send(httpFixture.request(path).POST(BodyPublishers.ofString("x")));
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(field(refused, "Allow")).isEqualTo("GET, HEAD, OPTIONS");
        }
        assertThat(httpFixture
                        .send(httpFixture.request("/").POST(BodyPublishers.ofString("x")))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aLinkOfAnotherPageLeadsThereButItCannotReadOrEmbedThem() {
        String[] followed = {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"};
        assertThat(get(httpFixture, "/docs/", followed).statusCode()).isEqualTo(200);
        assertThat(get(httpFixture, "/v1/node", followed).statusCode()).isEqualTo(403);
        assertThat(get(httpFixture, "/docs/", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(httpFixture, "/docs/", "Origin", "http://elsewhere.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(field(get(httpFixture, "/docs/", followed), "Cross-Origin-Resource-Policy"))
                .isEqualTo("same-origin");
    }

    @Test
    void theyNeedNoCredentialWhereOneIsRequired() {
        try (HttpFixture node = HttpFixture.required()) {
            assertThat(get(node, "/docs/").statusCode()).isEqualTo(200);
            assertThat(get(node, "/console/lib/preact.js").statusCode()).isEqualTo(200);
            assertThat(get(node, "/", "Accept", BROWSER).statusCode()).isEqualTo(302);
            assertThat(get(node, "/v1/node").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void theyAreTurnedOff() {
        try (HttpFixture node = new HttpFixture(base -> Samples.with(base, new NodeConfig.Console(false)))) {
            for (String path : List.of("/console/", "/console", "/console/lib/preact.js", "/docs/")) {
                HttpResponse<String> refused = get(node, path, "Accept", BROWSER);
                assertThat(refused.statusCode()).isEqualTo(404);
                assertThat(refused.body())
                        .contains("\"code\":\"route_unknown\"")
                        .contains("console.enabled");
            }
            assertThat(get(node, "/", "Accept", BROWSER).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theyStandBelowAProxysPathToo() {
        try (HttpFixture node = new HttpFixture(base -> Samples.with(base, below(base.http(), "/ledger")))) {
            assertThat(field(get(node, "/ledger/", "Accept", BROWSER), "Location"))
                    .isEqualTo("/ledger/console/");
            assertThat(field(get(node, "/ledger", "Accept", BROWSER), "Location"))
                    .isEqualTo("/ledger/console/");
            assertThat(get(node, "/ledger").statusCode()).isEqualTo(404);
            assertThat(field(get(node, "/ledger/docs"), "Location")).isEqualTo("/ledger/docs/");
            assertThat(get(node, "/ledger/docs/docs.js").statusCode()).isEqualTo(200);
            assertThat(get(node, "/docs/docs.js").statusCode()).isEqualTo(200);
        }
    }

    private static NodeConfig.Http below(NodeConfig.Http http, String path) {
        return Samples.with(http, Map.of("basePath", path));
    }

    @Test
    void theyAreCountedAsOtherRequests() {
        get(httpFixture, "/docs/docs.js");
        get(httpFixture, "/docs/none.js");
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
        assertThat(httpFixture.get("/metrics").body())
                .contains("qbc_http_requests_total{code=\"200\",method=\"GET\",route=\"/docs/\"}")
                .contains("qbc_http_requests_total{code=\"404\",method=\"GET\",route=\"/docs/\"}");
    }

    @Test
    void aCallerIsToldWhoItIs() throws IOException {
        assertThat(httpFixture.get("/v1/access/self").body())
                .isEqualTo("{\"name\":\"local\",\"kind\":\"loopback\",\"roles\":[\"admin\"],\"mode\":\"loopback\"}\n");
        try (HttpFixture node = HttpFixture.required()) {
            assertThat(node.get("/v1/access/self").body())
                    .isEqualTo("{\"name\":\"nobody\",\"kind\":\"none\",\"roles\":[],\"mode\":\"required\"}\n");
            assertThat(get(node, "/v1/access/self", "Authorization", "Bearer qbc_0_0")
                            .statusCode())
                    .isEqualTo(401);
            String key = node.keyOf("shop", "writer@orders", "reader");
            assertThat(get(node, "/v1/access/self", "Authorization", "Bearer " + key)
                            .body())
                    .isEqualTo("{\"name\":\"shop\",\"kind\":\"key\",\"roles\":[\"writer@orders\",\"reader\"],"
                            + "\"mode\":\"required\"}\n");
        }
        NodeConfig.Access open = new NodeConfig.Access(AccessMode.OPEN, false, 0, 1, 0, 1);
        try (HttpFixture node = new HttpFixture(base -> Samples.with(base, open))) {
            assertThat(HttpFixture.json(node.get("/v1/access/self")).getString("kind"))
                    .isEqualTo("none");
        }
    }
}
