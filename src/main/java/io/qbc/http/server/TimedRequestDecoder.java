package io.qbc.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import java.util.List;

/**
 * Request decoder that takes the place of Vert.x's own for HTTP/1, and closes a connection whose header does not arrive
 * in time: the idle timeout alone would let a caller send one letter at a time for ever.
 */
final class TimedRequestDecoder extends VertxHttpRequestDecoder implements Deadlines.Timed {
    private final Duration headerTimeout;
    private final Runnable close;
    private boolean inHeader = true;
    private boolean awaitsRequest;
    private long since = System.nanoTime();

    TimedRequestDecoder(Http1ServerConfig limits, Duration headerTimeout, Runnable close) {
        super(limits);
        this.headerTimeout = headerTimeout;
        this.close = close;
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
                CallerConnection.began(context.channel());
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
}
