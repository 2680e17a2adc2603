package io.qbc.http.server;

import io.netty.handler.codec.http.HttpHeaderValues;
import io.qbc.api.limits.ByteBudget;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
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

/**
 * A reader of requests' bodies, up to a limit and within a time. What has arrived of all bodies together, and not what
 * they say that they will be, is counted in one budget, until their requests are over and nobody works on them.
 */
public final class BodyReader {
    /** Bodies up to this size are not counted, as the number of requests in work bounds them. */
    private static final int UNCOUNTED_BYTES = 4096;

    private final Duration timeout;
    private final Duration grace;

    public BodyReader(NodeConfig.Http limits) {
        this.timeout = limits.bodyTimeout();
        this.grace = limits.headerTimeout();
    }

    /** The whole body. To be called in the turn in which the request came. */
    public Future<Bytes> read(Exchange exchange, int bytesMax) {
        int most = (int) Math.min(bytesMax, exchange.bodyBytes().most());
        if (tooLong(exchange, most)) {
            exchange.closeAfter();
            return Future.failedFuture(tooLarge(most));
        }
        Body body = new Body(exchange, most);
        body.begin();
        return body.promise.future();
    }

    /** Whether the request says that it is longer; otherwise the caller is asked to go on, if it waits for that. */
    public static boolean tooLong(Exchange exchange, long bytesMax) {
        long stated = exchange.header(HttpHeaders.CONTENT_LENGTH)
                .map(BodyReader::length)
                .orElse(0L);
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
        private final ByteBudget budget;
        private final Promise<Bytes> promise = Promise.promise();
        private final long since = System.nanoTime();
        private byte[] bytes = {};
        private int size;
        private long counted;
        private boolean over;

        Body(Exchange exchange, int bytesMax) {
            this.exchange = exchange;
            this.bytesMax = bytesMax;
            this.budget = exchange.bodyBytes();
        }

        @Override
        public void expire(long now) {
            boolean lame = exchange.connection().pace().tooSlow(size, now - since, grace);
            if (lame || Deadlines.passed(since, timeout, now)) {
                exchange.closeAfter();
                exchange.problem(408, Reason.TIMED_OUT.refusal("the body did not arrive in time"));
                done();
            }
        }

        void begin() {
            HttpServerRequest request = exchange.request();
            exchange.connection().deadlines().watch(this);
            request.exceptionHandler(cause -> {
                done();
                promise.tryFail(new Failure(Reason.REQUEST_INVALID, "the body ended too early"));
            });
            request.handler(this::chunk);
            request.endHandler(end -> {
                done();
                promise.tryComplete(Bytes.wrap(bytes, 0, size));
            });
        }

        private void chunk(Buffer chunk) {
            if (over) {
                return;
            }
            int length = chunk.length();
            if (length > bytesMax - size) {
                refuse(tooLarge(bytesMax));
            } else if (!makeRoom(size + length)) {
                refuse(new Failure(Reason.BUSY, "too many bytes of bodies are under way"));
            } else if (size == 0) {
                bytes = chunk.getBytes();
                size = length;
            } else {
                chunk.getBytes(0, length, bytes, size);
                size += length;
            }
        }

        /** Room for a body that has grown to this size; false if there is none. The first piece brings its own. */
        private boolean makeRoom(int needed) {
            if (size > 0 && needed <= bytes.length) {
                return true;
            }
            int room = size == 0 ? needed : (int) Math.min(bytesMax, Math.max(needed, 2L * bytes.length));
            if (room > UNCOUNTED_BYTES && !count(room)) {
                return false;
            }
            if (size > 0) {
                bytes = Arrays.copyOf(bytes, room);
            }
            return true;
        }

        private boolean count(int room) {
            boolean first = counted == 0;
            boolean grown = budget.grow(counted, room - counted);
            counted = grown ? room : 0;
            if (first && grown) {
                exchange.whenSettled(() -> budget.release(counted));
            }
            return grown;
        }

        private void refuse(Failure failure) {
            done();
            bytes = new byte[0];
            size = 0;
            exchange.closeAfter();
            promise.tryFail(failure);
        }

        private void done() {
            over = true;
            exchange.connection().deadlines().forget(this);
        }
    }
}
