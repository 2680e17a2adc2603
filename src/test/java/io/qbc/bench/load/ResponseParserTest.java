package io.qbc.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that come in pieces of any size. */
class ResponseParserTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsALengthAndAnEmptyAndAChunkedBody(int piece) {
        ResponseParser parser = new ResponseParser();

        feed(parser, "HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nX: y\r\n\r\nhello", piece);
        assertThat(parser.status()).isEqualTo(202);
        assertThat(parser.body()).isEqualTo("hello");
        assertThat(parser.retryAfter()).isFalse();

        parser.reset();
        feed(parser, "HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n", piece);
        assertThat(parser.status()).isEqualTo(503);
        assertThat(parser.retryAfter()).isTrue();
        assertThat(parser.body()).isEmpty();

        parser.reset();
        feed(
                parser,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
                piece);
        assertThat(parser.body()).isEqualTo("abc0123456789");
    }

    private static void feed(ResponseParser parser, String response, int piece) {
        byte[] bytes = response.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length; at += piece) {
            int count = Math.min(piece, bytes.length - at);
            boolean whole = parser.take(ByteBuffer.wrap(bytes, at, count));
            assertThat(whole).as("after byte %d", at + count).isEqualTo(at + count == bytes.length);
        }
    }
}
