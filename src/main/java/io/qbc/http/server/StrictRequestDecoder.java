package io.qbc.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import java.util.List;

/**
 * Takes the place of Vert.x's own HTTP/1 decoder on each connection, for two things that it lacks.
 *
 * <p>The decoder of 5.2.0 recognises the common field names without looking at every letter, so that {@code
 * Content-Xength} would frame the body (CVE-2026-102479); here a name that is not the one that was recognised makes the
 * request invalid. And a header that does not arrive in time closes the connection: the idle timeout alone would let a
 * caller send one letter at a time for ever.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder implements Deadlines.Timed {
    private final Duration headerTimeout;
    private final Runnable close;
    private boolean inHeader = true;
    private boolean awaitsRequest;
    private long since = System.nanoTime();

    StrictRequestDecoder(Http1ServerConfig limits, Duration headerTimeout, Runnable close) {
        super(limits);
        this.headerTimeout = headerTimeout;
        this.close = close;
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        AsciiString name = super.splitHeaderName(bytes, start, length);
        if (name.length() != length || !same(name, bytes, start)) {
            throw new IllegalArgumentException("a header field name that looks like " + name + " and is not");
        }
        return name;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (!inHeader && awaitsRequest) {
            inHeader = true;
            since = System.nanoTime();
        }
        int before = out.size();
        super.decode(context, in, out);
        for (int i = before; i < out.size(); i++) {
            Object part = out.get(i);
            if (part instanceof HttpRequest) {
                inHeader = false;
                awaitsRequest = false;
            }
            if (part instanceof LastHttpContent) {
                awaitsRequest = true;
            }
        }
    }

    @Override
    public void expire(long now) {
        if (inHeader && Deadlines.passed(since, headerTimeout, now)) {
            close.run();
        }
    }

    private static boolean same(AsciiString name, byte[] bytes, int start) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.toLowerCase(name.charAt(i)) != Character.toLowerCase((char) bytes[start + i])) {
                return false;
            }
        }
        return true;
    }
}
