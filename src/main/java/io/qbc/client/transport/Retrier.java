package io.qbc.client.transport;

import io.qbc.client.answer.QbcException;
import io.qbc.client.request.ClientOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The tries of calls: at which node, after which pause, and until when. */
public final class Retrier {
    private static final long PAUSE_MILLIS_MIN = 50;
    private static final long PAUSE_MILLIS_MAX = 5000;
    private static final int DOUBLINGS_MAX = 7;

    private final Vertx vertx;
    private final ClientOptions options;
    private final int nodes;
    private final CallLimiter limiter;
    /** At which node calls begin: the last one that answered. */
    private final AtomicInteger preferred = new AtomicInteger();

    private volatile boolean closed;

    public Retrier(Vertx vertx, ClientOptions options, int nodes) {
        this.vertx = vertx;
        this.options = options;
        this.nodes = nodes;
        this.limiter = new CallLimiter(options.inFlightMax(), options.waitingMax());
    }

    /** One try at a node, within a time. */
    @FunctionalInterface
    public interface Try<T> {
        Future<T> at(int node, long millis);
    }

    /**
     * Tries until it succeeds, is refused for good, or the time is over.
     *
     * @param repeatable whether it may be sent again when it may have been done
     * @param wait for which the node may wait before it answers
     */
    public <T> Future<T> run(boolean repeatable, Duration wait, Try<T> attempt) {
        if (closed) {
            return Future.failedFuture(closedFailure());
        }
        return limiter.take()
                .compose(turn -> new Run<>(repeatable, wait, attempt).begin().onComplete(done -> limiter.release()));
    }

    /** At which node to begin. */
    public int first() {
        return preferred.get();
    }

    /** The node to go to after one that does not answer. */
    public int after(int node) {
        int next = (node + 1) % nodes;
        preferred.compareAndSet(node, next);
        return next;
    }

    /** How long to leave a node alone that failed so many times in a row; never the same, so that callers spread. */
    public static long pauseMillis(int failures) {
        long most = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(failures, DOUBLINGS_MAX));
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }

    public void close() {
        closed = true;
        limiter.close(closedFailure());
    }

    public static QbcException closedFailure() {
        return QbcException.own(QbcException.CLIENT_CLOSED, "The client is closed", "it was closed before the answer");
    }

    private final class Run<T> {
        private final boolean repeatable;
        private final Try<T> attempt;
        private final long tryMillis;
        private final long endNanos;
        private final Promise<T> promise = Promise.promise();
        /** Before when each node is not asked again, and how often it failed. */
        private final long[] notBefore = new long[nodes];

        private final int[] failures = new int[nodes];
        /** Why the last try failed that told more than that its time was over, which the last one of all often does. */
        private Optional<QbcException> reason = Optional.empty();

        Run(boolean repeatable, Duration wait, Try<T> attempt) {
            this.repeatable = repeatable;
            this.attempt = attempt;
            this.tryMillis = options.tryTimeout().plus(wait).toMillis();
            long now = System.nanoTime();
            this.endNanos = now + options.callTimeout().plus(wait).toNanos();
            Arrays.fill(notBefore, now);
        }

        Future<T> begin() {
            attempt(first() % nodes);
            return promise.future();
        }

        private void attempt(int node) {
            long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            Future<T> result;
            try {
                result = attempt.at(node, Math.max(1, Math.min(tryMillis, left)));
            } catch (RuntimeException e) {
                result = Future.failedFuture(e);
            }
            result.onSuccess(answer -> {
                        preferred.set(node);
                        promise.tryComplete(answer);
                    })
                    .onFailure(cause -> failed(node, TryFailure.of(cause)));
        }

        private void failed(int node, TryFailure failure) {
            if (closed || !failure.isPassing() || (failure.isLost() && !repeatable)) {
                promise.tryFail(closed ? closedFailure() : failure.failure());
                return;
            }
            if (reason.isEmpty() || !failure.failure().code().equals(QbcException.TIMED_OUT)) {
                reason = Optional.of(failure.failure());
            }
            if (failure.isSilence()) {
                after(node);
            }
            long pause = Math.max(failure.pauseMillis(), pauseMillis(failures[node]++));
            notBefore[node] = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
            int next = earliest(node);
            long now = System.nanoTime();
            long rest = Math.max(0, TimeUnit.NANOSECONDS.toMillis(notBefore[next] - now));
            if (now + TimeUnit.MILLISECONDS.toNanos(rest) - endNanos >= 0) {
                promise.tryFail(reason.orElseThrow());
            } else if (rest == 0) {
                attempt(next);
            } else {
                vertx.setTimer(rest, timer -> attempt(next));
            }
        }

        /** The node that may be asked first, of several the next in order. */
        private int earliest(int node) {
            int best = (node + 1) % nodes;
            for (int i = 2; i <= nodes; i++) {
                int other = (node + i) % nodes;
                if (notBefore[other] - notBefore[best] < 0) {
                    best = other;
                }
            }
            return best;
        }
    }
}
