package io.qbc.api.jwt;

import io.qbc.model.Bytes;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer, as they were last read: one reading at a time, and none before the pause of the place
 * is over, however many ask. A reading that fails leaves what is known, for a day.
 */
final class IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final long STALE_NANOS = Duration.ofDays(1).toNanos();
    private static final int ERROR_CHARS_MAX = 200;

    private final Set<TokenAlgorithm> algorithms;
    private final InstantSource clock;
    private final LongAdder refreshes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private Optional<Place> place = Optional.empty();
    private Optional<Future<Void>> running = Optional.empty();
    private volatile Known known = new Known(JwkSet.EMPTY, Optional.empty(), Optional.empty());
    private boolean tried;
    private long triedNanos;
    private long readNanos;

    private record Place(Vertx vertx, JwksSource source) {}

    private record Known(JwkSet keys, Optional<Long> readAt, Optional<String> error) {}

    IssuerKeys(Set<TokenAlgorithm> algorithms, InstantSource clock) {
        this.algorithms = algorithms;
        this.clock = clock;
    }

    JwkSet keys() {
        return known.keys();
    }

    /** When the keys were last read, in milliseconds since 1970. */
    Optional<Long> readAt() {
        return known.readAt();
    }

    /** Why the last reading failed, if it did. */
    Optional<String> error() {
        return known.error();
    }

    long refreshes() {
        return refreshes.sum();
    }

    long failures() {
        return failures.sum();
    }

    /** Reads the keys for the first time; complete when that is over, whether it succeeded or not. */
    synchronized Future<Void> begin(Vertx vertx, JwksSource source, long nowNanos) {
        place = Optional.of(new Place(vertx, source));
        return refresh(nowNanos).orElseGet(Future::succeededFuture);
    }

    /** Reads them again if it is time to; what failed is tried again after the pause. */
    synchronized void look(long nowNanos) {
        Optional<Duration> wait = place.map(at ->
                known.error().isPresent() ? at.source().pause() : at.source().period());
        if (known.error().isPresent()
                && nowNanos - readNanos > STALE_NANOS
                && known.keys().size() > 0) {
            known = new Known(JwkSet.EMPTY, known.readAt(), known.error());
            LOG.error("the keys of the issuer of tokens could not be read for a day, and do not count any more");
        }
        if (wait.filter(time -> passed(time, nowNanos)).isPresent()) {
            refresh(nowNanos);
        }
    }

    /** A reading that is under way or may begin now, complete when it is over; empty if one was tried of late. */
    synchronized Optional<Future<Void>> refresh(long nowNanos) {
        if (running.isEmpty()
                && place.filter(at -> passed(at.source().pause(), nowNanos)).isPresent()) {
            tried = true;
            triedNanos = nowNanos;
            Promise<Void> over = Promise.promise();
            running = Optional.of(over.future());
            read(place.get()).onComplete(done -> {
                settle(done, nowNanos);
                over.complete();
            });
            return Optional.of(over.future());
        }
        return running;
    }

    private boolean passed(Duration time, long nowNanos) {
        return !tried || nowNanos - triedNanos >= time.toNanos();
    }

    private Future<JwkSet> read(Place from) {
        JwkSet before = keys();
        return from.source()
                .read()
                .compose(document -> before.isOf(document)
                        ? Future.succeededFuture(before)
                        : from.vertx().executeBlocking(() -> parse(document), false));
    }

    private JwkSet parse(Bytes document) {
        JwkSet keys = JwkSet.parse(document, algorithms);
        if (keys.size() == 0) {
            throw new IllegalArgumentException("none of the issuer's keys can be used");
        }
        return keys;
    }

    private synchronized void settle(AsyncResult<JwkSet> done, long nowNanos) {
        running = Optional.empty();
        if (done.succeeded()) {
            refreshes.increment();
            readNanos = nowNanos;
            if (done.result() != known.keys()) {
                LOG.info("the issuer of tokens has {} keys", done.result().size());
            }
            known = new Known(done.result(), Optional.of(clock.millis()), Optional.empty());
            return;
        }
        failures.increment();
        Optional<String> error = Optional.of(message(done.cause()));
        if (!error.equals(known.error())) {
            LOG.warn("the keys of the issuer of tokens cannot be read: {}", error.get());
        }
        known = new Known(known.keys(), known.readAt(), error);
    }

    private static String message(Throwable cause) {
        String text = Optional.ofNullable(cause.getMessage()).orElseGet(cause::toString);
        return text.length() > ERROR_CHARS_MAX ? text.substring(0, ERROR_CHARS_MAX) : text;
    }
}
