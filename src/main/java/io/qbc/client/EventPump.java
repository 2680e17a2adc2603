package io.qbc.client;

import io.qbc.client.answer.EventBatch;
import io.qbc.client.answer.QbcException;
import io.qbc.client.answer.SubscriptionEvent;
import io.qbc.client.answer.SubscriptionEvent.Reverted;
import io.qbc.client.request.ConsumeOptions;
import io.qbc.client.transport.Retrier;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The loop of a consumer: it fetches events, has them handled one after the other, and acknowledges them; all but the
 * offset is of one context. No more is fetched before all was handled.
 */
final class EventPump implements EventConsumer {
    /** Well below a lease, so that none ends while its events are being handled. */
    private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long RELEASE_MILLIS = 1000;
    /** Another consumer has it, or it does not deliver at present: that passes. */
    private static final Set<String> WAITED_FOR = Set.of("subscription_leased", "subscription_paused");
    /** What was fetched is void, and comes again. */
    private static final Set<String> FETCHED_AGAIN =
            Set.of("subscription_moved", "subscription_offset", "subscription_leased");

    private final Vertx vertx;
    private final Context context;
    private final SubscriptionClient subscriptions;
    private final String name;
    private final ConsumeOptions how;
    private final Function<SubscriptionEvent, Future<?>> handler;
    private final Promise<EventConsumer> opened = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private volatile OptionalLong acknowledged = OptionalLong.empty();
    private long committedNanos;
    private int failures;
    private boolean handling;
    private boolean over;
    /** Whether it may have a lease. */
    private boolean fetches;

    private boolean ending;

    EventPump(
            Vertx vertx,
            SubscriptionClient subscriptions,
            String name,
            ConsumeOptions how,
            Function<SubscriptionEvent, Future<?>> handler) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.subscriptions = subscriptions;
        this.name = name;
        this.how = how;
        this.handler = handler;
    }

    /** Begins; complete when the subscription is there. */
    Future<EventConsumer> begin() {
        context.runOnContext(any -> fetch());
        return opened.future();
    }

    private void fetch() {
        if (over) {
            // Closed while the last acknowledgement was under way.
            end(Optional.empty());
            return;
        }
        fetches = true;
        // The first answer tells whether the subscription is there, so it is not waited for an event.
        Duration wait = opened.future().isComplete() ? how.waitTime() : Duration.ZERO;
        then(subscriptions.fetch(name, how.consumer(), how.batch(), wait), this::fetched, this::failed);
    }

    private void fetched(EventBatch batch) {
        failures = 0;
        opened.tryComplete(this);
        if (over) {
            return;
        }
        committedNanos = System.nanoTime();
        handle(batch, 0);
    }

    /** Has the events of a batch handled from this one on. */
    private void handle(EventBatch batch, int at) {
        if (over) {
            // Closed while an acknowledgement was under way.
            end(Optional.empty());
            return;
        }
        if (at == batch.events().size()) {
            handling = false;
            fetch();
            return;
        }
        handling = true;
        SubscriptionEvent event = batch.events().get(at);
        then(handled(event), done -> taken(batch, at), cause -> stop(batch, at, Optional.of(cause)));
    }

    private Future<?> handled(SubscriptionEvent event) {
        try {
            return handler.apply(event);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void taken(EventBatch batch, int at) {
        if (over) {
            stop(batch, at + 1, Optional.empty());
            return;
        }
        boolean last = at + 1 == batch.events().size();
        boolean due = System.nanoTime() - committedNanos > COMMIT_NANOS;
        // What was undone is acknowledged alone, before anything that follows.
        boolean undone = batch.events().get(at) instanceof Reverted;
        if (last || due || undone) {
            long offset = last ? batch.offset() : batch.events().get(at).next();
            then(commit(batch, offset), done -> handle(batch, at + 1), this::uncommitted);
        } else {
            handle(batch, at + 1);
        }
    }

    private Future<?> commit(EventBatch batch, long offset) {
        return subscriptions
                .commit(name, how.consumer(), offset, batch.generation())
                .onSuccess(done -> {
                    acknowledged = OptionalLong.of(offset);
                    committedNanos = System.nanoTime();
                });
    }

    private void uncommitted(Throwable cause) {
        handling = false;
        if (!over && FETCHED_AGAIN.contains(code(cause))) {
            fetch();
        } else {
            failed(cause);
        }
    }

    /** Ends it before this event of a batch, with what was handled acknowledged. */
    private void stop(EventBatch batch, int before, Optional<Throwable> cause) {
        over = true;
        if (before == 0
                || acknowledged.equals(
                        OptionalLong.of(batch.events().get(before - 1).next()))) {
            end(cause);
            return;
        }
        // Where the acknowledgement is lost, the events come again: they are delivered at least once.
        then(commit(batch, batch.events().get(before - 1).next()), done -> end(cause), failure -> end(cause));
    }

    private void failed(Throwable cause) {
        String code = code(cause);
        if (over) {
            end(Optional.empty());
        } else if (code.equals(DefaultSubscriptionClient.UNKNOWN)
                && how.document().isPresent()) {
            then(make(how.document().get()), made -> fetch(), this::notMade);
        } else if (WAITED_FOR.contains(code)) {
            opened.tryComplete(this);
            again();
        } else if (opened.future().isComplete() && isPassing(cause)) {
            again();
        } else {
            end(Optional.of(cause));
        }
    }

    /** At another node it begins behind what this consumer has acknowledged. */
    private Future<?> make(String document) {
        if (acknowledged.isEmpty()) {
            return subscriptions.put(name, document);
        }
        try {
            JsonObject moved = new JsonObject(document).put("from", acknowledged.getAsLong());
            return subscriptions.put(name, moved.encode());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void notMade(Throwable cause) {
        if (!over && opened.future().isComplete() && isPassing(cause)) {
            again();
        } else {
            end(Optional.of(cause));
        }
    }

    private void again() {
        vertx.setTimer(Retrier.pauseMillis(failures++), timer -> context.runOnContext(any -> fetch()));
    }

    private static boolean isPassing(Throwable cause) {
        return cause instanceof QbcException refused && refused.retryable();
    }

    private static String code(Throwable cause) {
        return cause instanceof QbcException refused ? refused.code() : "";
    }

    private void end(Optional<Throwable> cause) {
        over = true;
        opened.tryFail(cause.orElseGet(Retrier::closedFailure));
        if (!ending) {
            ending = true;
            // Where that fails, another consumer waits until the lease is over.
            release()
                    .timeout(RELEASE_MILLIS, TimeUnit.MILLISECONDS)
                    .onComplete(any -> cause.ifPresentOrElse(ended::tryFail, ended::tryComplete));
        }
    }

    private Future<?> release() {
        return fetches ? subscriptions.release(name, how.consumer()) : Future.succeededFuture();
    }

    @Override
    public OptionalLong offset() {
        return acknowledged;
    }

    @Override
    public Future<Void> ended() {
        return ended.future();
    }

    @Override
    public Future<Void> close() {
        context.runOnContext(any -> {
            over = true;
            if (!handling) {
                end(Optional.empty());
            }
        });
        return ended.future().transform(any -> Future.succeededFuture());
    }

    /** Goes on in the context of the loop. */
    private <T> void then(Future<T> future, Consumer<T> success, Consumer<Throwable> failure) {
        future.onComplete(done -> context.runOnContext(any -> {
            if (future.succeeded()) {
                success.accept(future.result());
            } else {
                failure.accept(future.cause());
            }
        }));
    }
}
