package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over a bare socket, well formed or not. */
class FramingTest {
    private static final String CHAIN = "GET /v1/chains HTTP/1.1\r\n";
    private static final String POST = "POST /v1/chains/main/transactions HTTP/1.1\r\n";
    private static final String INJECT = POST + "Content-Type: application/json\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final int CONNECTIONS = 8;
    /** What a test waits for that wants to see a timeout. */
    private static final Duration SHORT = Patience.stretch(Duration.ofMillis(600));

    private static HttpFixture httpFixture;
    private static HttpFixture shortHeader;
    private static HttpFixture shortBody;

    @BeforeAll
    static void begin() {
        httpFixture = fixture(Patience.ANSWER, Patience.ANSWER);
        shortHeader = fixture(SHORT, Patience.ANSWER);
        shortBody = fixture(Patience.ANSWER, SHORT);
    }

    @AfterAll
    static void end() {
        httpFixture.close();
        shortHeader.close();
        shortBody.close();
    }

    private static NodeConfig.Http http(NodeConfig.Http base, Duration headerTimeout, Duration bodyTimeout) {
        return Samples.with(
                base,
                Map.of(
                        "headerTimeout",
                        headerTimeout,
                        "bodyTimeout",
                        bodyTimeout,
                        "idleTimeout",
                        Patience.ANSWER,
                        "connections",
                        CONNECTIONS));
    }

    private static HttpFixture fixture(Duration headerTimeout, Duration bodyTimeout) {
        return new HttpFixture(
                base -> HttpFixture.with(base, http(base.http(), headerTimeout, bodyTimeout), base.limits()));
    }

    /** All that comes back until the server closes. */
    private static String send(String request) throws IOException {
        return send(httpFixture, request);
    }

    private static String send(HttpFixture to, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> statuses(String answer) {
        return Pattern.compile("HTTP/1\\.[01] (\\d+)")
                .matcher(answer)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String body = "{\"data\":1}";
        String answer = send(INJECT + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body
                + "HEAD /v1/chains HTTP/1.1\r\n" + HOST + "\r\n" + CHAIN + HOST + "Connection: close\r\n\r\n");
        assertThat(statuses(answer)).containsExactly("202", "200", "200");
    }

    @ParameterizedTest
    @CsvSource({"[::1]:5000,200", "localhost:1,200", "node_1:5000,421", "_a.b_c,421"})
    void aHostIsAnyNameOrAddressButServedAreTheNodesOwn(String host, String status) throws IOException {
        assertThat(statuses(send(CHAIN + "Host: " + host + "\r\nConnection: close\r\n\r\n")))
                .containsExactly(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: localhost\r\nHost: there\r\n",
                "Host: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
                "Host: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Host: localhost\r\nTransfer-Encoding: chunked, identity\r\n",
                "Host: localhost\r\nContent-Length: +5\r\n",
                "Host: localhost\r\nContent-Length : 5\r\n",
                "Host: localhost\r\nContent\rLength: 5\r\n",
            })
    void aRequestWhoseFramingIsInDoubtIsRefusedAndTheConnectionClosed(String fields) throws IOException {
        String smuggled = "x=1\r\nGET /v1/chains HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String answer = send("POST /inject HTTP/1.1\r\n" + fields + "Connection: close\r\n\r\n" + smuggled);
        assertThat(statuses(answer)).containsExactly("400");
        assertThat(answer).contains("application/problem+json").contains("\"code\":\"request_invalid\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Folded: a\r\n b\r\n",
                "X-Folded: a\r\n\tb\r\n",
                "X-Folded: a\r\n \r\n",
                "X-Folded: a\n b\n",
                " X-First: a\r\n",
            })
    void aFieldThatIsFoldedIsRefused(String folded) throws IOException {
        String body = "{\"data\":\n 1}";
        String length = "Content-Length: " + body.length() + "\r\nConnection: close\r\n";
        for (String fields : List.of(folded + HOST + length, HOST + length + folded)) {
            assertThat(statuses(send(INJECT + fields + "\r\n" + body)))
                    .as(fields)
                    .containsExactly("400");
        }
        // Lines of a body may begin with white space, and so may what stands before a request line.
        String fine = "\r\n" + INJECT + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        assertThat(statuses(send(fine + INJECT + HOST + length + "\r\n" + body)))
                .containsExactly("202", "202");
        assertThat(statuses(send(fine + INJECT + HOST + length + folded + "\r\n" + body)))
                .containsExactly("202", "400");
    }

    @Test
    void aFoldedFieldIsSeenHoweverItArrives() throws IOException {
        String request = "GET /v1/chains HTTP/1.1\r\nHost: localhost\r\nX-Folded: a\r\n b\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            socket.setTcpNoDelay(true);
            for (int i = 0; i < request.length(); i++) {
                socket.getOutputStream().write(request.charAt(i));
            }
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(statuses(answer)).containsExactly("400");
        }
    }

    @Test
    void aHundredFieldsAreEnough() throws IOException {
        for (int count : List.of(98, 99)) {
            String fields = IntStream.range(0, count)
                    .mapToObj(n -> "X-" + n + ": y\r\n")
                    .collect(Collectors.joining());
            String answer = send(CHAIN + HOST + fields + "Connection: close\r\n\r\n");
            assertThat(statuses(answer)).as("%d fields", count + 2).containsExactly(count == 98 ? "200" : "400");
        }
        String again = CHAIN + HOST + "X: y\r\n".repeat(60) + "\r\n";
        assertThat(statuses(send(again + again + CHAIN + HOST + "Connection: close\r\n\r\n")))
                .containsExactly("200", "200", "200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "foo, chunked", "gzip, foo, chunked", "gzip", "foo"})
    void aTransferCodingThatIsUnknownIsRefused(String coding) throws IOException {
        String answer = send(INJECT + HOST + "Transfer-Encoding: " + coding + "\r\n\r\n"
                + "a\r\n{\"data\":1}\r\n0\r\n\r\n" + CHAIN + HOST + "\r\n");
        assertThat(statuses(answer)).containsExactly(coding.contains(",") ? "501" : "400");
        assertThat(statuses(send(INJECT + HOST + "Connection: close\r\nTransfer-Encoding: Chunked\r\n\r\n"
                        + "a\r\n{\"data\":1}\r\n0\r\n\r\n")))
                .containsExactly("202");
    }

    @Test
    void healthIsToldInTheFirstVersionOfHttpToo() throws IOException {
        for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
            assertThat(statuses(send("GET " + path + " HTTP/1.0\r\n\r\n"))).containsExactly("200");
            assertThat(statuses(send("HEAD " + path + " HTTP/1.0\r\n\r\n"))).containsExactly("200");
            assertThat(statuses(send("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n")))
                    .containsExactly("400");
            assertThat(statuses(send("POST " + path + " HTTP/1.0\r\n\r\n"))).containsExactly("400");
        }
        assertThat(statuses(send("GET /v1/chains HTTP/1.0\r\n\r\n"))).containsExactly("400");
        assertThat(statuses(send("GET /v1/chains HTTP/1.0\r\nHost: localhost\r\n\r\n")))
                .containsExactly("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-xength", "Content-_ength", "CONTENT-XENGTH", "Xontent-Length"})
    void aFieldWhoseNameOnlyLooksLikeTheLengthFramesNothing(String name) throws IOException {
        String answer = send(INJECT + HOST + name + ": 10\r\n\r\n" + CHAIN + HOST + "Connection: close\r\n\r\n");
        assertThat(statuses(answer)).containsExactly("400", "200");
        assertThat(answer).contains("\"code\":\"json_invalid\"");
    }

    @Test
    void fieldNamesMayBeWrittenInAnyCase() throws IOException {
        String body = "{\"data\":1}";
        for (String name : List.of("Content-Length", "content-length", "Content-length", "CONTENT-LENGTH")) {
            String answer = send(INJECT + "hOST: localhost\r\nConnection: close\r\n" + name + ": " + body.length()
                    + "\r\n\r\n" + body);
            assertThat(statuses(answer)).as(name).containsExactly("202");
        }
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        String line = send("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(statuses(line)).containsExactly("414");
        assertThat(line).contains("\"code\":\"uri_too_long\"");
        String fields = IntStream.range(0, 500)
                .mapToObj(n -> "X-" + n + ": " + "y".repeat(20) + "\r\n")
                .collect(Collectors.joining());
        String header = send(CHAIN + HOST + fields + "\r\n");
        assertThat(statuses(header)).containsExactly("431");
        assertThat(header).contains("\"code\":\"headers_too_large\"");
    }

    @Test
    void methodsThatAreNotServedAreNamed() throws IOException {
        String trace = send("TRACE /v1/chains HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        assertThat(statuses(trace)).containsExactly("405");
        assertThat(trace).containsIgnoringCase("allow: GET, HEAD");
        String strange = send("BREW /inject HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        assertThat(statuses(strange)).containsExactly("501");
        String none = send("GET /nothing/here HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        assertThat(none).contains("\"code\":\"route_unknown\"").contains(" 404 ");
    }

    @Test
    void noiseIsRefusedAndDoesNoHarm() throws IOException {
        for (String noise :
                List.of("\u0016\u0003\u0001\u0002\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET\r\n\r\n")) {
            assertThat(statuses(send(noise)))
                    .as(noise)
                    .hasSizeLessThanOrEqualTo(1)
                    .doesNotContain("200", "500");
        }
        assertThat(statuses(send("GET /health/live HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")))
                .containsExactly("200");
    }

    @Test
    void aHeaderThatCreepsIsCutOff() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), shortHeader.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(CHAIN.getBytes(StandardCharsets.US_ASCII));
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                try {
                    out.write("X-a: b\r\n".getBytes(StandardCharsets.US_ASCII));
                    return socket.getInputStream().available() < 0;
                } catch (IOException closed) {
                    return true;
                }
            });
        }
        assertThat(send(shortHeader, "GET /v1")).isEmpty();
    }

    @Test
    void aBodyThatDoesNotArriveInTimeIsAnswered408() throws IOException {
        String answer = send(shortBody, INJECT + HOST + "Content-Length: 100\r\n\r\n{\"data\"");
        assertThat(statuses(answer)).containsExactly("408");
        assertThat(answer).contains("\"code\":\"timed_out\"");
    }

    @Test
    void aBatchThatFallsSilentIsCutOff() throws IOException {
        String begun = POST + HOST + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "b\r\n{\"data\":1}\n\r\n";
        // A server that is slower than the caller may be silent has not begun its answer by then.
        String answer = await().until(() -> send(shortBody, begun), some -> !some.isEmpty());
        assertThat(statuses(answer)).containsExactly("200");
        assertThat(answer).doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void aCallerWhoWaitsToBeAskedForItsBodyIsAsked() throws IOException {
        String answer = send(INJECT + HOST + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"
                + "{\"data\":1}");
        assertThat(statuses(answer)).containsExactly("100", "202");
        String large =
                send(INJECT + HOST + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        assertThat(statuses(large)).containsExactly("413");
    }

    @Test
    void thereAreOnlySoManyConnections() throws IOException {
        await().until(() -> httpFixture.sharedLimits.connections().inUse() == 0);
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), httpFixture.port()));
            }
            await().until(() -> httpFixture.sharedLimits.connections().inUse() == CONNECTIONS);
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
                assertThat(silent.getInputStream().read()).isEqualTo(-1);
            }
            String body = "{\"data\":1}";
            String inject = INJECT + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
            // A connection too many is closed after a while also when its caller was too slow to be answered.
            String answer = await().ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> send(inject), some -> !some.isEmpty());
            assertThat(statuses(answer)).containsExactly("503");
            assertThat(answer).containsIgnoringCase("retry-after: ").contains("\"code\":\"busy\"");
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        await().until(() -> httpFixture.sharedLimits.connections().inUse() == 0);
    }

    @Test
    void thereAreOnlySoManyRequestsWaitersAndStreams() {
        try (HttpFixture small = new HttpFixture(base -> HttpFixture.with(base, none(base.http()), base.limits()))) {
            assertThat(small.get("/v1/chains/main/events").statusCode()).isEqualTo(503);
            assertThat(small.get("/v1/chains/main/quants").statusCode()).isEqualTo(503);
            assertThat(small.post("/v1/chains/main/transactions", "{\"data\":1}", "Prefer", "wait=5")
                            .statusCode())
                    .isEqualTo(503);
            await().until(() -> small.sharedLimits.requests().take());
            assertThat(HttpFixture.json(small.get("/v1/chains")).getString("code"))
                    .isEqualTo("busy");
            assertThat(small.get("/health/live").statusCode()).isEqualTo(200);
            small.sharedLimits.requests().release();
            assertThat(small.get("/v1/chains").statusCode()).isEqualTo(200);
        }
    }

    private static NodeConfig.Http none(NodeConfig.Http base) {
        return Samples.with(base, Map.of("streamsMax", 0, "waitersMax", 0, "requestsMax", 1));
    }
}
