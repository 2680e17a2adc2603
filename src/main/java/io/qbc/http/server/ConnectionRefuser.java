package io.qbc.http.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.api.limits.Permits;
import io.qbc.model.Reason;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A refuser of connections that are too many: it answers 503 instead of closing them without a word. */
final class ConnectionRefuser {
    /** So many are answered at once; beyond them a connection is closed, as refusing must stay cheaper than serving. */
    private static final int REFUSALS_MAX = 256;
    /** Closing on a request that was not read would take the answer away from the caller. */
    private static final long LINGER_MILLIS = 500;

    private final Permits refusals = new Permits(REFUSALS_MAX);
    private final byte[] answer = answer();

    /** Answers the first request and closes; false, and nothing done, if too many are being answered. */
    boolean refuse(HttpConnection connection) {
        // Nothing of what such a caller sent is lost by closing, and it knows that it may ask again.
        if (connection.protocolVersion() == HttpVersion.HTTP_2 || !refusals.take()) {
            return false;
        }
        Channel channel = CallerConnection.context(connection).channel();
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addFirst(new Refusing(answer));
        } else {
            channel.pipeline().addAfter(tls.name(), null, new Refusing(answer));
        }
        var unusedEnd = channel.closeFuture().addListener(closed -> refusals.release());
        Runnable close = () -> {
            CallerConnection.cut(connection);
        };
        var unusedTimer = channel.eventLoop().schedule(close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        return true;
    }

    private static byte[] answer() {
        Answer problem = Problems.answer(Reason.BUSY.refusal("too many connections are open"), Optional.empty());
        StringBuilder text = new StringBuilder("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n");
        MultiMap fields = HttpHeaders.headers().set(HttpHeaders.CONTENT_TYPE, problem.type());
        SecurityFields.set(fields);
        fields.addAll(problem.headers())
                .set(HttpHeaders.CONTENT_LENGTH, Long.toString(problem.body().size()));
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        text.append("\r\n").append(new String(problem.body().toArray(), StandardCharsets.UTF_8));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers what comes first, and lets it fall with all the rest. */
    private static final class Refusing extends ChannelInboundHandlerAdapter {
        private final byte[] answer;
        private boolean answered;

        Refusing(byte[] answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            if (!answered) {
                answered = true;
                var unusedSending = context.writeAndFlush(Unpooled.wrappedBuffer(answer));
            }
        }
    }
}
