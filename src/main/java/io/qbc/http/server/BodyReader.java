package io.qbc.http.server;

import io.netty.handler.codec.http.HttpHeaderValues;
import io.qbc.bus.Failure;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A reader of requests' bodies, up to a limit and within a time. */
public final class BodyReader {
    private final Deadlines deadlines;
    private final Duration timeout;

    public BodyReader(Deadlines deadlines, Duration timeout) {
        this.deadlines = deadlines;
        this.timeout = timeout;
    }

    /** The whole body. To be called in the turn in which the request came. */
    public Future<Bytes> read(Exchange exchange, int bytesMax) {
        if (tooLong(exchange, bytesMax)) {
            exchange.closeAfter();
            return Future.failedFuture(tooLarge(bytesMax));
        }
        return begin(new Body(exchange, bytesMax, 0));
    }

    /**
     * The same of a body that its caller has counted before: the length that it states is taken in one piece of memory,
     * where others grow as they come.
     */
    public Future<Bytes> readCounted(Exchange exchange, int bytesMax) {
        if (tooLong(exchange, bytesMax)) {
            exchange.closeAfter();
            return Future.failedFuture(tooLarge(bytesMax));
        }
        return begin(new Body(exchange, bytesMax, stated(exchange).orElse(0L).intValue()));
    }

    private static Future<Bytes> begin(Body body) {
        body.begin();
        return body.promise.future();
    }

    /** How long the body is by the request's own words; nothing if it does not say. */
    public static Optional<Long> stated(Exchange exchange) {
        return exchange.header(HttpHeaders.CONTENT_LENGTH).map(BodyReader::length);
    }

    /** Whether the request says that it is longer; otherwise the caller is asked to go on, if it waits for that. */
    public static boolean tooLong(Exchange exchange, long bytesMax) {
        long stated = stated(exchange).orElse(0L);
        if (stated <= bytesMax
                && exchange.header(HttpHeaders.EXPECT)
                        .filter(HttpHeaderValues.CONTINUE::contentEqualsIgnoreCase)
                        .isPresent()) {
            exchange.response().writeContinue().onFailure(exchange::fail);
        }
        return stated > bytesMax;
    }

    public static Failure tooLarge(long bytesMax) {
        return new Failure(Reason.BODY_TOO_LARGE, "up to " + bytesMax + " bytes are taken");
    }

    private static long length(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** A member of a small JSON object that must be a string. */
    public static String field(Bytes body, String name, JsonLimits limits) {
        JsonObjectText text = StrictJson.object(body, limits);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        return text.string(name)
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "a string named " + name + " is required"));
    }

    /** The body of one request as it comes. */
    private final class Body implements Deadlines.Timed {
        private final Exchange exchange;
        private final int bytesMax;
        private final int expected;
        private final Promise<Bytes> promise = Promise.promise();
        private final long since = System.nanoTime();
        private byte[] held = {};
        private int size;
        private boolean over;

        /** @param expected for so many bytes there is room from the beginning on */
        Body(Exchange exchange, int bytesMax, int expected) {
            this.exchange = exchange;
            this.bytesMax = bytesMax;
            this.expected = expected;
        }

        @Override
        public void expire(long now) {
            if (Deadlines.passed(since, timeout, now)) {
                exchange.closeAfter();
                exchange.problem(408, Reason.TIMED_OUT.refusal("the body did not arrive in time"));
                done();
            }
        }

        void begin() {
            HttpServerRequest request = exchange.request();
            deadlines.watch(this);
            request.exceptionHandler(cause -> {
                done();
                promise.tryFail(new Failure(Reason.REQUEST_INVALID, "the body ended too early"));
            });
            request.handler(this::chunk);
            request.endHandler(end -> {
                done();
                promise.tryComplete(Bytes.wrap(size == held.length ? held : Arrays.copyOf(held, size)));
            });
        }

        private void chunk(Buffer chunk) {
            if (over) {
                return;
            }
            if (chunk.length() > bytesMax - size) {
                done();
                exchange.closeAfter();
                promise.tryFail(tooLarge(bytesMax));
                return;
            }
            int needed = size + chunk.length();
            if (needed > held.length) {
                // Most bodies come in one piece, and need no more room than that.
                long grown = size == 0 ? needed : 2L * needed;
                held = Arrays.copyOf(held, (int) Math.min(bytesMax, Math.max(expected, grown)));
            }
            chunk.getBytes(held, size);
            size = needed;
        }

        private void done() {
            over = true;
            deadlines.forget(this);
        }
    }
}
