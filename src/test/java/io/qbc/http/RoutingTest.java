package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which address leads where. */
class RoutingTest {
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    /** The answer to a request line that an HTTP client might refuse to send. */
    private static String send(String line, String body) throws IOException {
        return send(httpFixture, line, body);
    }

    static String send(HttpFixture node, String line, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            String request = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/chains/",
                "/v1//chains",
                "/v1/chains/main/",
                "/v1/./chains",
                "/v1/chains/main/../main",
                "/v1/chains//quants",
                "/V1/chains",
                "/stats/",
                "/v1/chains/main/quants/head/x",
            })
    void thereIsOneAddressForEachThing(String path) throws IOException {
        String answer = send("GET " + path, "");
        assertThat(answer).startsWith("HTTP/1.1 404").contains("\"code\":\"route_unknown\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chains/%zz",
                "/v1/chains/main%",
                "/v1/chains/main/quants/%4",
                "/v1/chains/main/quants?from=%zz",
                "/v1/chains/main/quants?from=%",
                "/stats?chain=%g0",
            })
    void anAddressThatIsMalformedIsRefused(String path) throws IOException {
        assertThat(send("GET " + path, "")).startsWith("HTTP/1.1 400").contains("\"code\":\"request_invalid\"");
        assertThat(send("POST " + path, "{}")).startsWith("HTTP/1.1 400");
        assertThat(send("POST /inject?chain=%zz", "{\"data\":1}")).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chains|GET, HEAD, OPTIONS, POST",
                "/v1/chains/main|DELETE, GET, HEAD, OPTIONS",
                "/v1/chains/main/transactions|GET, HEAD, OPTIONS, POST",
                "/v1/chains/main/following|DELETE, OPTIONS, PUT",
                "/v1/chains/main/quants/head|GET, HEAD, OPTIONS",
                "/inject|OPTIONS, POST, PUT",
                "/discover|GET, HEAD, OPTIONS, POST",
            })
    void otherMethodsAreToldWhichThereAre(String path, String allowed) {
        HttpResponse<String> response =
                httpFixture.send(httpFixture.request(path).method("PATCH", BodyPublishers.ofString("x")));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains(allowed);
        assertThat(HttpFixture.json(response).getString("code")).isEqualTo("method_not_allowed");
        HttpResponse<String> options =
                httpFixture.send(httpFixture.request(path).method("OPTIONS", BodyPublishers.noBody()));
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).contains(allowed);
        assertThat(options.body()).isEmpty();
    }

    @Test
    void theServerAsAWholeTellsItsMethodsToo() throws IOException {
        assertThat(send("OPTIONS *", ""))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("\r\nallow: DELETE, GET, HEAD, OPTIONS, POST, PUT\r\n");
        assertThat(send("OPTIONS /nothing", "")).startsWith("HTTP/1.1 404");
    }

    @Test
    void theShortWayAndTheRouterLeadToTheSame() throws IOException {
        for (String path : List.of(
                "/v1/chains/main/transactions", "/v1/chains/ma%69n/transactions", "/v1/chains/main/transactions?x=1")) {
            assertThat(send("POST " + path, "{\"data\":1}")).as(path).startsWith("HTTP/1.1 202");
        }
        assertThat(send("POST /v1/chains/a/b/transactions", "{\"data\":1}")).startsWith("HTTP/1.1 404");
        assertThat(send("POST /v1/chains//transactions", "{\"data\":1}")).startsWith("HTTP/1.1 404");
        assertThat(send("POST /v1/chains/no%2Fmain/transactions", "{\"data\":1}"))
                .startsWith("HTTP/1.1 404")
                .contains("\"code\":\"chain_unknown\"");
        assertThat(send("GET http://localhost/v1/chains/main", "")).startsWith("HTTP/1.1 200");
        assertThat(send("GET http://here/v1/chains/main", "")).startsWith("HTTP/1.1 400");
        assertThat(send("GET http://localhost.here/v1/chains/main", "")).startsWith("HTTP/1.1 400");
    }

    @Test
    void theShortWayToATransactionAndTheRouterLeadToTheSame() throws IOException {
        String id = HttpFixture.json(httpFixture.post("/v1/chains/main/transactions", "{\"data\":1}"))
                .getString("id");
        for (String path : List.of(
                "/v1/chains/main/transactions/" + id,
                "/v1/chains/main/transactions/" + id.toUpperCase(Locale.ROOT),
                "/v1/chains/main@0/transactions/" + id,
                "/v1/chains/ma%69n/transactions/" + id,
                "/v1/chains/main/transactions/" + id + "?x=1",
                "/v1/chains/" + httpFixture.node.spec.id().hex() + "/transactions/" + id)) {
            String state = path.contains("@") ? "404" : "200";
            assertThat(send("GET " + path, "")).as(path).startsWith("HTTP/1.1 " + state);
            assertThat(send("HEAD " + path, "")).as(path).startsWith("HTTP/1.1 " + state);
            assertThat(send("DELETE " + path, "")).as(path).startsWith("HTTP/1.1 405");
        }
        for (String path : List.of("main/" + id, id, "none/transactions/" + id, "main/transactions/" + id + "/")) {
            assertThat(send("GET /v1/chains/" + path, "")).as(path).startsWith("HTTP/1.1 404");
        }
        assertThat(send("GET /v1/chains/main/transactions/" + id + "?x=%zz", ""))
                .startsWith("HTTP/1.1 400");
        assertThat(send("GET /v1/chains/main/transactions/" + "z".repeat(64), ""))
                .startsWith("HTTP/1.1 404")
                .contains("\"code\":\"transaction_unknown\"");
    }

    @Test
    void everyRequestIsCountedOutAgain() {
        httpFixture.get("/nothing");
        httpFixture.get("/v1/chains");
        httpFixture.send(httpFixture.request("/v1/chains").method("PATCH", BodyPublishers.ofString("x")));
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
        assertThat(httpFixture.get("/metrics").body())
                .contains("qbc_http_requests_total{code=\"200\",method=\"GET\",route=\"/v1/chains\"}")
                .contains("qbc_http_requests_total{code=\"404\",method=\"none\",route=\"none\"}")
                .contains("qbc_http_requests_total{code=\"405\",method=\"none\",route=\"none\"}");
    }
}
