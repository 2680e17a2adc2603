package io.qbc.client.transport;

import io.qbc.client.answer.ChainEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/** The delivery of events to a handler, one after the other; used on one context only, but for the place. */
public final class EventDelivery {
    private final Context context;
    private final Function<ChainEvent, Future<?>> handler;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final Promise<Void> ended = Promise.promise();
    private volatile Optional<String> place;
    private Promise<Void> idle = Promise.promise();
    private Runnable whenTaken = () -> {};
    private boolean busy;
    private boolean over;

    private record Delivery(ChainEvent event, Optional<String> place) {}

    public EventDelivery(Context context, Function<ChainEvent, Future<?>> handler, Optional<String> place) {
        this.context = context;
        this.handler = handler;
        this.place = place;
        idle.complete();
    }

    /** What to do whenever an event was handled. */
    public void whenTaken(Runnable task) {
        whenTaken = task;
    }

    /** Delivers an event; with it handled, its place is where the stream goes on. */
    public void deliver(ChainEvent event, Optional<String> after) {
        waiting.add(new Delivery(event, after));
        next();
    }

    /** The place of a stream before whose first event nothing is to be handled. */
    public void beginAt(String begin) {
        if (waiting.isEmpty() && !busy) {
            place = Optional.of(begin);
        }
    }

    /** How many events wait. */
    public int waiting() {
        return waiting.size();
    }

    public Optional<String> place() {
        return place;
    }

    public boolean isOver() {
        return over;
    }

    public Future<Void> ended() {
        return ended.future();
    }

    /** No event is delivered any more; complete when the last one is handled. */
    public Future<Void> end(Optional<Throwable> cause) {
        over = true;
        waiting.clear();
        Future<Void> quiet = idle.future();
        quiet.onComplete(
                handled -> cause.ifPresentOrElse(failure -> ended.tryFail(failure), () -> ended.tryComplete()));
        return quiet;
    }

    private void next() {
        if (busy || over || waiting.isEmpty()) {
            return;
        }
        busy = true;
        idle = Promise.promise();
        Delivery delivery = waiting.poll();
        Future<?> handled;
        try {
            handled = handler.apply(delivery.event());
        } catch (RuntimeException e) {
            handled = Future.failedFuture(e);
        }
        Future<?> outcome = handled;
        outcome.onComplete(done -> context.runOnContext(any -> done(delivery, outcome)));
    }

    private void done(Delivery delivery, Future<?> outcome) {
        busy = false;
        if (outcome.succeeded()) {
            delivery.place().ifPresent(after -> place = Optional.of(after));
        }
        idle.complete();
        if (outcome.failed()) {
            end(Optional.of(outcome.cause()));
        } else {
            next();
        }
        whenTaken.run();
    }
}
