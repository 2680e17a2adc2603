package io.qbc.http;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CommitOffset;
import io.qbc.bus.Catalogue.FetchEvents;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Catalogue.SubscriptionInfo;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** A stage of subscriptions with one subscription, whose events are the numbers below an end. */
final class FakeSubscription {
    final AtomicLong offset = new AtomicLong();
    final AtomicLong end = new AtomicLong();
    final AtomicLong generation = new AtomicLong();
    final List<String> released = new CopyOnWriteArrayList<>();
    volatile String kind = "stream";
    volatile Optional<Failure> refusal = Optional.empty();

    Future<?> serve(Bus bus) {
        return Future.all(
                bus.serve(Catalogue.FETCH_EVENTS, this::fetch),
                bus.serve(Catalogue.COMMIT_OFFSET, this::commit),
                bus.serve(Catalogue.RELEASE_SUBSCRIPTION, gone -> {
                    released.add(gone.holder().orElse(""));
                    return Future.succeededFuture(info());
                }));
    }

    /** Moves it to another place. */
    void seek(long to) {
        generation.incrementAndGet();
        offset.set(to);
    }

    private Future<FetchedEvents> fetch(FetchEvents wanted) {
        if (refusal.isPresent()) {
            return Future.failedFuture(refusal.get());
        }
        long now = generation.get();
        long from = wanted.ahead()
                .filter(ahead -> ahead.generation() == now)
                .map(Catalogue.AheadPlace::offset)
                .orElseGet(offset::get);
        long to = Math.min(end.get(), from + wanted.countMax());
        List<SubscribedEvent> events =
                LongStream.range(from, to).mapToObj(FakeSubscription::event).toList();
        return Future.succeededFuture(
                new FetchedEvents(kind, events, events.isEmpty() ? from : to, now, true, false, false));
    }

    private Future<SubscriptionInfo> commit(CommitOffset wanted) {
        if (wanted.generation().orElse(generation.get()) != generation.get()) {
            return Future.failedFuture(new Failure(Reason.SUBSCRIPTION_MOVED, "it was moved"));
        }
        offset.set(wanted.offset());
        return Future.succeededFuture(info());
    }

    private SubscriptionInfo info() {
        return new SubscriptionInfo(
                Hash.ZERO,
                "orders",
                Bytes.utf8("{}"),
                kind,
                "active",
                offset.get(),
                Optional.empty(),
                OptionalLong.empty(),
                generation.get(),
                end.get() - offset.get(),
                0,
                Optional.empty(),
                OptionalLong.empty(),
                0,
                0,
                List.of(),
                0,
                0,
                0);
    }

    private static SubscribedEvent event(long index) {
        return new SubscribedEvent(
                Long.toString(index),
                false,
                index,
                index + 1,
                1,
                Hash.ZERO,
                0,
                9,
                Optional.of(Hash.ZERO),
                Optional.empty(),
                Optional.of(Bytes.utf8("{\n\"n\":" + index + "}")));
    }
}
