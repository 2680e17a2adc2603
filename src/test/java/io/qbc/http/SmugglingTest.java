package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that another reader of the same bytes, a proxy, may take for other requests. Each hides a second one in what
 * one of both takes for a body; it is refused and the connection closed, so that what is hidden is never a request.
 */
class SmugglingTest {
    private static final String POST = "POST /v1/chains/main/transactions HTTP/1.1\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String TYPE = "Content-Type: application/json\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String HIDDEN = "GET /v1/chains HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
    private static final String CHUNK = "a\r\n{\"data\":1}\r\n";
    private static final String LAST = "0\r\n\r\n";

    /** So many callers at once: each is let read its refusal for a while before its connection is closed. */
    private static final int CALLERS = 16;

    private static final ExecutorService CALLING = Executors.newFixedThreadPool(CALLERS);
    private static final Map<String, Future<String>> SENT = new ConcurrentHashMap<>();
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
        framings().map(each -> (String) each.get()[1]).forEach(fields -> framed(fields)
                .forEach(SmugglingTest::sending));
    }

    @AfterAll
    static void end() {
        CALLING.shutdownNow();
        SENT.clear();
        httpFixture.close();
    }

    static Stream<Arguments> framings() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("two lengths", "Content-Length: 10\r\nContent-Length: 64\r\n");
        fields.put("two equal lengths", "Content-Length: 10\r\nContent-Length: 10\r\n");
        fields.put("a list of lengths", "Content-Length: 10, 10\r\n");
        fields.put("a length and chunks", "Content-Length: 10\r\n" + CHUNKED);
        fields.put("chunks and a length", CHUNKED + "Content-Length: 10\r\n");
        fields.put("a length with a sign", "Content-Length: +10\r\n");
        fields.put("a negative length", "Content-Length: -1\r\n");
        fields.put("a length in hexadecimal digits", "Content-Length: 0x0a\r\n");
        fields.put("a length with a space in it", "Content-Length: 1 0\r\n");
        fields.put("a length with a fraction", "Content-Length: 10.0\r\n");
        fields.put("an empty length", "Content-Length: \r\n");
        fields.put("a length above 64 bits", "Content-Length: 18446744073709551626\r\n");
        fields.put("a space before the colon of the length", "Content-Length : 10\r\n");
        fields.put("a space before the colon of the coding", "Transfer-Encoding : chunked\r\n");
        fields.put("a coding in a folded line", "Transfer-Encoding:\r\n chunked\r\n");
        fields.put("a coding after a control character", "Transfer-Encoding: \u000bchunked\r\n");
        fields.put("a coding twice", CHUNKED + CHUNKED);
        fields.put("a coding twice in one field", "Transfer-Encoding: chunked, chunked\r\n");
        fields.put("a coding that is taken back", CHUNKED + "Transfer-Encoding: identity\r\n");
        fields.put("a coding in quotes", "Transfer-Encoding: \"chunked\"\r\n");
        fields.put("a coding behind another one", "Transfer-Encoding: identity, chunked\r\n");
        fields.put("a zero byte in a field", "X-Field: a\u0000b\r\nContent-Length: 10\r\n");
        fields.put("a carriage return in a field", "X-Field: a\rContent-Length: 10\r\n" + CHUNKED);
        fields.put("a field without a name", ": x\r\nContent-Length: 10\r\n");
        fields.put("a space in a name", "Content Length: 10\r\n" + CHUNKED);
        fields.put("a zero byte in a name", "Content-\u0000Length: 10\r\n" + CHUNKED);
        fields.put("a control character in a name", "\u000bContent-Length: 10\r\n" + CHUNKED);
        fields.put("a field without a colon", "Content-Length\r\n" + CHUNKED);
        fields.put("two hosts", "Host: other\r\n" + CHUNKED);
        return fields.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void whatFramesABodyInTwoWaysIsRefused(String name, String fields) throws Exception {
        for (String request : framed(fields)) {
            assertRefused(name, sending(request).get(Patience.CONDITION.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** The requests with these fields, behind others and before them. */
    private static List<String> framed(String fields) {
        return List.of(
                POST + HOST + TYPE + fields + "\r\n" + CHUNK + LAST + HIDDEN,
                POST + fields + HOST + TYPE + "\r\n" + CHUNK + LAST + HIDDEN);
    }

    /** What comes back for a request, which is sent once. */
    private static Future<String> sending(String request) {
        return SENT.computeIfAbsent(request, text -> CALLING.submit(() -> send(text)));
    }

    static Stream<Arguments> chunks() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("lines that end without a carriage return", "a\n{\"data\":1}\n0\n\n");
        bodies.put("a size with a sign", "+a\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("a size with a prefix", "0xa\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("a size above 64 bits", "1000000000000000a\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("a negative size", "-a\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("a size with something behind it", "a b\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("an empty size", "\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("a chunk longer than its size", "5\r\n{\"data\":1}\r\n" + LAST);
        bodies.put("an extension with a line feed in it", "a;x\ny\r\n{\"data\":1}\r\n" + LAST);
        return bodies.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chunks")
    void chunksThatMayBeReadInTwoWaysAreRefused(String name, String body) throws IOException {
        assertRefused(name, send(POST + HOST + TYPE + CHUNKED + "\r\n" + body + HIDDEN));
    }

    /** What a chunk says beside its size, and what comes after the last one, frames nothing. */
    @Test
    void extensionsAndTrailersFrameNothing() throws IOException {
        for (String body : List.of(
                "a;length=99\r\n{\"data\":1}\r\n" + LAST,
                CHUNK + "0\r\nContent-Length: 99\r\n\r\n",
                CHUNK + "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                CHUNK + "0\r\nHost: other\r\n\r\n")) {
            assertThat(statuses(send(POST + HOST + TYPE + CHUNKED + "\r\n" + body + HIDDEN)))
                    .as(body)
                    .containsExactly("202", "200");
        }
    }

    /** Something in front may have read the first version of HTTP, in which there are no chunks. */
    @Test
    void chunksInTheFirstVersionOfHttpEndTheConnection() throws IOException {
        String first = POST.replace("1.1", "1.0") + HOST + TYPE + CHUNKED + "\r\n" + CHUNK + LAST + HIDDEN;
        assertThat(statuses(send(first))).hasSizeLessThanOrEqualTo(1);
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                        "GET http://other.example/v1/chains HTTP/1.1",
                        "GET //other.example/v1/chains HTTP/1.1",
                        "GET /v1/chains HTTP/1.1 HTTP/1.1",
                        "GET /v1/chains x HTTP/1.1",
                        "GET /v1/chains HTTP/1.1x",
                        "GET /v1/chains http/1.1",
                        "GET /v1/chains HTTP/2.0",
                        "GET /v1/chains HTTP/0.9",
                        "GET /v1/chains",
                        "G ET /v1/chains HTTP/1.1",
                        "GET /v1/\u0001chains HTTP/1.1",
                        "GET /v1/../v1/chains HTTP/1.1",
                        "GET /v1/chains/..%2f..%2fv1/chains HTTP/1.1",
                        "GET /v1//chains HTTP/1.1",
                        "GET /v1/chains/ HTTP/1.1",
                        "GET \\v1\\chains HTTP/1.1",
                        "CONNECT localhost:1 HTTP/1.1")
                .map(Arguments::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void aRequestLineThatMayBeReadInTwoWaysIsNotServed(String line) throws IOException {
        String answer = send(line + "\r\n" + HOST + "Connection: close\r\n\r\n");
        assertThat(statuses(answer)).hasSizeLessThanOrEqualTo(1);
        assertThat(answer).doesNotContain("\"chains\":[").doesNotContain(" 500 ");
    }

    /** It may stand among other options of the connection; nothing after it is a request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "close",
                "keep-alive, close",
                "Close , TE",
                "TE\r\nConnection: close",
                "x,close\r\nConnection: y"
            })
    void whoAsksForTheEndOfTheConnectionHasNoSecondRequest(String options) throws IOException {
        String last = "GET /v1/chains HTTP/1.1\r\n" + HOST + "Connection: " + options + "\r\n\r\n";
        assertThat(statuses(send(last + HIDDEN))).containsExactly("200");
    }

    @Test
    void nobodyIsMovedToAnotherProtocol() throws IOException {
        String upgrade = "GET /v1/chains HTTP/1.1\r\n" + HOST
                + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n";
        assertThat(statuses(send(upgrade))).containsExactly("200");
        String socket = "GET /v1/chains HTTP/1.1\r\n" + HOST + "Connection: Upgrade, close\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        assertThat(statuses(send(socket))).doesNotContain("101").hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void theHiddenRequestIsOneThatWouldBeAnswered() throws IOException {
        String plain = POST + HOST + TYPE + CHUNKED + "\r\n" + CHUNK + LAST + HIDDEN;
        assertThat(statuses(send(plain))).containsExactly("202", "200");
    }

    private static void assertRefused(String name, String answer) {
        List<String> statuses = statuses(answer);
        assertThat(statuses).as(name).hasSizeLessThanOrEqualTo(1).isSubsetOf("400", "501");
    }

    /** All that comes back until the server closes; a connection that is reset brings no more. */
    private static String send(String request) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpFixture.port())) {
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] some = new byte[4096];
            for (int read = socket.getInputStream().read(some); read >= 0; ) {
                answer.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
                read = socket.getInputStream().read(some);
            }
        } catch (SocketException reset) {
            answer.append('\n');
        }
        return answer.toString();
    }

    private static List<String> statuses(String answer) {
        return Pattern.compile("HTTP/1\\.[01] (\\d+)")
                .matcher(answer)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
