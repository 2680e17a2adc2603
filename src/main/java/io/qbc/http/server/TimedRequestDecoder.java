package io.qbc.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import java.util.List;

/**
 * Request decoder that takes the place of Vert.x's own for HTTP/1, and closes a connection whose header does not arrive
 * in time: the idle timeout alone would let a caller send one letter at a time for ever. A header with folded lines or
 * too many fields is refused.
 */
final class TimedRequestDecoder extends VertxHttpRequestDecoder implements Deadlines.Timed {
    /** More would only cost time to look through. */
    private static final int FIELDS_MAX = 100;

    private final Duration headerTimeout;
    private final Runnable close;
    private boolean inHeader = true;
    private boolean awaitsRequest;
    /** Whether the request line of the header that comes is read. */
    private boolean lineRead;

    private boolean folded;
    private boolean nameless;
    private int fields;
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
            lineRead = false;
            folded = false;
            nameless = false;
            fields = 0;
            since = System.nanoTime();
        }
        if (inHeader && !folded) {
            folded = isFolded(in);
        }
        int before = out.size();
        super.decode(context, in, out);
        for (int i = before; i < out.size(); i++) {
            Object part = out.get(i);
            if (part instanceof HttpRequest request) {
                CallerConnection.began(context.channel());
                inHeader = false;
                awaitsRequest = false;
                refuse(request);
            }
            if (part instanceof LastHttpContent) {
                awaitsRequest = true;
            }
        }
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        fields++;
        nameless |= length == 0;
        return super.splitHeaderName(line, start, length);
    }

    private void refuse(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return;
        }
        if (folded) {
            request.setDecoderResult(DecoderResult.failure(new RefusedHeader("a header field stands on one line")));
        } else if (nameless) {
            request.setDecoderResult(DecoderResult.failure(new RefusedHeader("a header field has a name")));
        } else if (fields > FIELDS_MAX) {
            request.setDecoderResult(
                    DecoderResult.failure(new RefusedHeader("up to " + FIELDS_MAX + " header fields are taken")));
        }
    }

    /**
     * Whether a field goes on in a line that begins with white space (RFC 9112 section 5.2), which another reader of
     * the same bytes may take for a field. What is left of the header stands at the beginning of a line, as whole lines
     * are taken out.
     */
    private boolean isFolded(ByteBuf in) {
        int end = in.writerIndex();
        int line = in.readerIndex();
        while (!lineRead && line < end && in.getByte(line) <= ' ') {
            line++;
        }
        while (line < end) {
            byte first = in.getByte(line);
            if (lineRead && (first == ' ' || first == '\t')) {
                return true;
            }
            int feed = in.indexOf(line, end, HttpConstants.LF);
            if (feed < 0 || (lineRead && first <= ' ')) {
                return false;
            }
            lineRead = true;
            line = feed + 1;
        }
        return false;
    }

    @Override
    public void expire(long now) {
        if (inHeader && Deadlines.passed(since, headerTimeout, now)) {
            close.run();
        }
    }
}
