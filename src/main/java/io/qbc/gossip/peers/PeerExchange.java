package io.qbc.gossip.peers;

import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.protocol.effect.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a peer while it is under way. It ends with the answer's frame, or when the peer takes too long in all, is
 * slower than it may be, or sends more than it may; then the connection is closed. Confined to one event loop.
 */
final class PeerExchange {
    private static final Logger LOG = LoggerFactory.getLogger(PeerExchange.class);
    private static final long WATCH_MILLIS_MAX = 250;
    private static final long WATCHES = 20;

    private final Vertx vertx;
    private final Limits limits;
    private final AnswerBudget budget;
    private final String what;
    private final Promise<Bytes> end = Promise.promise();
    private final long begun = System.nanoTime();
    private final long watch;
    private Optional<HttpClientRequest> request = Optional.empty();
    private Optional<BoundedBody> body = Optional.empty();
    private long answeredAt;
    private long reserved;

    /**
     * What the call may take.
     *
     * @param bytesMax the answer's bytes
     * @param total the call's time from its beginning to its end
     * @param grace how long an answer may come as slowly as it likes
     * @param rate bytes a second that it must have brought afterwards
     */
    record Limits(int bytesMax, Duration total, Duration grace, int rate) {}

    /**
     * A call that begins.
     *
     * @param what the call in words, for messages
     */
    PeerExchange(Vertx vertx, Limits limits, AnswerBudget budget, String what) {
        this.vertx = vertx;
        this.limits = limits;
        this.budget = budget;
        this.what = what;
        long pause = Math.min(WATCH_MILLIS_MAX, limits.total().toMillis() / WATCHES);
        watch = vertx.setPeriodic(Math.max(1, pause), timer -> watch());
    }

    /** Sends the frame once the request is there; the answer's frame, or a {@link PeerCallFailure}. */
    Future<Bytes> run(Future<HttpClientRequest> connected, Bytes frame) {
        connected.onFailure(this::broken).onSuccess(made -> {
            request = Optional.of(made);
            if (end.future().isComplete()) {
                abandon(made);
            } else {
                made.send(Buffer.buffer(frame.toArray()))
                        .onFailure(this::broken)
                        .onSuccess(this::answered);
            }
        });
        return end.future();
    }

    private void answered(HttpClientResponse response) {
        if (end.future().isComplete()) {
            return;
        }
        long stated = stated(response);
        if (stated > limits.bytesMax()) {
            tooLong();
            return;
        }
        long bytes = stated < 0 ? limits.bytesMax() : stated;
        if (!budget.take(bytes)) {
            fail(new Failure(Reason.BUSY, "too many bytes of peers' answers are under way"));
            return;
        }
        reserved = bytes;
        answeredAt = System.nanoTime();
        BoundedBody taken = new BoundedBody(limits.bytesMax(), (int) Math.max(0, stated));
        body = Optional.of(taken);
        response.exceptionHandler(this::broken)
                .handler(piece -> {
                    if (!end.future().isComplete() && !taken.add(piece)) {
                        tooLong();
                    }
                })
                .endHandler(ended -> over(response.statusCode(), taken));
    }

    /** How long the body is by its own words; below zero if it does not say. */
    private static long stated(HttpClientResponse response) {
        String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private void over(int status, BoundedBody taken) {
        if (status == 200) {
            if (settle()) {
                end.complete(taken.bytes());
            }
        } else {
            Fault.Kind other = status < 500 ? Fault.Kind.DECLINED : Fault.Kind.SILENT;
            settle(status == 503 ? Fault.Kind.BUSY : other, "status " + status);
        }
    }

    private void watch() {
        long now = System.nanoTime();
        if (now - begun > limits.total().toNanos()) {
            slow("it takes longer than " + limits.total().toMillis() + " ms");
            return;
        }
        body.ifPresent(taken -> {
            long nanos = now - answeredAt;
            double seconds = nanos / 1e9;
            if (nanos > limits.grace().toNanos() && taken.size() < limits.rate() * seconds) {
                slow("it brings less than " + limits.rate() + " bytes a second");
            }
        });
    }

    private void slow(String why) {
        fail(new PeerCallFailure(Fault.Kind.SLOW, what + why));
    }

    private void tooLong() {
        String why = what + "the answer is longer than " + limits.bytesMax() + " bytes";
        fail(new PeerCallFailure(Fault.Kind.SILENT, why));
    }

    private void broken(Throwable cause) {
        if (!end.future().isComplete()) {
            settle(kind(cause), String.valueOf(cause.getMessage()));
        }
    }

    private static Fault.Kind kind(Throwable cause) {
        if (cause instanceof ConnectionPoolTooBusyException) {
            // Too many calls to it wait here, which is not its fault.
            return Fault.Kind.BUSY;
        }
        return cause instanceof ConnectException ? Fault.Kind.REFUSED : Fault.Kind.SILENT;
    }

    private void settle(Fault.Kind kind, String why) {
        if (settle()) {
            end.fail(new PeerCallFailure(kind, what + why));
        }
    }

    /** Ends a call whose rest nobody wants. */
    private void fail(Throwable cause) {
        if (settle()) {
            end.fail(cause);
            request.ifPresent(PeerExchange::abandon);
        }
    }

    /** Takes everything back; false if that was done before. */
    private boolean settle() {
        if (end.future().isComplete()) {
            return false;
        }
        vertx.cancelTimer(watch);
        budget.release(reserved);
        reserved = 0;
        return true;
    }

    private static void abandon(HttpClientRequest made) {
        made.reset().onFailure(cause -> LOG.debug("a call cannot be reset: {}", cause.toString()));
    }
}
