package io.qbc.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimedRequestDecoderTest {
    /** The names that Vert.x's reader recognises by comparing several letters at once (CVE-2026-102479). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "content-length",
                "Content-Type",
                "content-type",
                "Host",
                "host",
                "Connection",
                "connection",
                "Accept",
                "accept"
            })
    void noOtherByteIsTakenForALetterOfAName(String name) {
        for (int at = 0; at < name.length(); at++) {
            for (int other = 0; other < 256; other++) {
                StringBuilder sent = new StringBuilder(name);
                sent.setCharAt(at, (char) other);
                if (!sent.toString().equalsIgnoreCase(name)) {
                    assertThat(isRead(sent.toString(), name))
                            .as("byte %d at %d", other, at)
                            .isFalse();
                }
            }
        }
        assertThat(isRead(name, name)).isTrue();
    }

    /** Whether a request with a field of the name sent is read as one with the other field. */
    private static boolean isRead(String sent, String name) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new TimedRequestDecoder(new Http1ServerConfig(), Duration.ofSeconds(1), () -> {}));
        channel.writeInbound(
                Unpooled.copiedBuffer("GET / HTTP/1.1\r\n" + sent + ": 0\r\n\r\n", StandardCharsets.ISO_8859_1));
        HttpRequest request = channel.readInbound();
        boolean read = request != null
                && request.decoderResult().isSuccess()
                && request.headers().contains(name);
        channel.finishAndReleaseAll();
        return read;
    }

    @Test
    void aHeaderThatDoesNotArriveInTimeClosesTheConnection() {
        boolean[] closed = {false};
        TimedRequestDecoder decoder =
                new TimedRequestDecoder(new Http1ServerConfig(), Duration.ofSeconds(1), () -> closed[0] = true);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        long later = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
        decoder.expire(later);
        assertThat(closed[0]).as("between requests").isFalse();
        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP", StandardCharsets.US_ASCII));
        decoder.expire(System.nanoTime());
        assertThat(closed[0]).as("in time").isFalse();
        decoder.expire(later);
        assertThat(closed[0]).as("too late").isTrue();
        channel.finishAndReleaseAll();
    }
}
