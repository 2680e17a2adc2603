package io.qbc.api.stream;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.AcknowledgeEvents;
import io.qbc.bus.Catalogue.AheadPlace;
import io.qbc.bus.Catalogue.CommitOffset;
import io.qbc.bus.Catalogue.FetchEvents;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.ReleaseSubscription;
import io.qbc.bus.Catalogue.SubscriptionInfo;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed of one subscription for a consumer of its own, which has the lease while it lasts: events are fetched ahead of
 * their acknowledgements as far as the subscription allows, and the next ones when the last ones were taken.
 */
public final class SubscriptionFeed {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionFeed.class);
    private static final String STREAM = "stream";
    private static final int EVENTS_MAX = 100;
    private static final long WAIT_MILLIS = 15_000;
    /** Before the next fetch when one brought nothing, so that none goes round and round. */
    private static final long PAUSE_MILLIS = 50;

    private final Vertx vertx;
    private final Bus bus;
    private final Hash chain;
    private final String name;
    private final String holder = UUID.randomUUID().toString();
    private final Listener listener;
    private Optional<AheadPlace> ahead = Optional.empty();
    private long turns;
    private boolean closed;

    /** Who takes the events. */
    public interface Listener {
        /** The next events come when these were taken. */
        Future<Void> events(FetchedEvents fetched);

        /** The feed is at its end. */
        void failed(Throwable cause);
    }

    public SubscriptionFeed(Vertx vertx, Bus bus, Hash chain, String name, Listener listener) {
        this.vertx = vertx;
        this.bus = bus;
        this.chain = chain;
        this.name = name;
        this.listener = listener;
    }

    public Hash chain() {
        return chain;
    }

    /** What the consumer is called, by which it acknowledges. */
    public String holder() {
        return holder;
    }

    /** Takes the lease and fetches what is there already; fails if that may not be. */
    public Future<FetchedEvents> begin() {
        return fetch(0).compose(fetched -> {
            if (fetched.kind().equals(STREAM)) {
                return Future.succeededFuture(fetched);
            }
            close();
            return Future.failedFuture(new Failure(
                    Reason.SUBSCRIPTION_KIND, "the subscription delivers by " + fetched.kind() + ", not as a stream"));
        });
    }

    /** Goes on with what {@link #begin} fetched. */
    public void run(FetchedEvents first) {
        took(first, turns);
    }

    /** Delivers once more all that is not acknowledged. */
    public void rewind() {
        ahead = Optional.empty();
        next();
    }

    /** Acknowledges all events below an offset. */
    public Future<SubscriptionInfo> commit(long offset, OptionalLong generation) {
        return bus.ask(Catalogue.COMMIT_OFFSET, new CommitOffset(chain, name, Optional.of(holder), offset, generation));
    }

    /** Acknowledges one event, where consumers share the subscription. */
    public Future<SubscriptionInfo> acknowledge(String event, OptionalLong generation) {
        return bus.ask(
                Catalogue.ACKNOWLEDGE_EVENTS,
                new AcknowledgeEvents(chain, name, Optional.of(holder), List.of(event), generation));
    }

    /** Ends it and gives the lease back. */
    public void close() {
        if (!closed) {
            closed = true;
            bus.ask(
                            Catalogue.RELEASE_SUBSCRIPTION,
                            new ReleaseSubscription(chain, name, Optional.of(holder), Optional.empty()))
                    .onFailure(cause -> LOG.debug("the lease of {} ends by itself: {}", name, cause.toString()));
        }
    }

    private Future<FetchedEvents> fetch(long waitMillis) {
        return bus.ask(
                Catalogue.FETCH_EVENTS,
                new FetchEvents(chain, name, Optional.of(holder), ahead, EVENTS_MAX, waitMillis));
    }

    private void next() {
        if (closed) {
            return;
        }
        long turn = ++turns;
        fetch(WAIT_MILLIS).onSuccess(fetched -> took(fetched, turn)).onFailure(cause -> failed(cause, turn));
    }

    private void took(FetchedEvents fetched, long turn) {
        if (closed || turn != turns) {
            return;
        }
        boolean moved = ahead.filter(place -> place.generation() != fetched.generation())
                .isPresent();
        if (fetched.events().isEmpty()) {
            ahead = ahead.filter(place -> !moved);
            vertx.setTimer(PAUSE_MILLIS, over -> {
                if (turn == turns) {
                    next();
                }
            });
            return;
        }
        ahead = Optional.of(new AheadPlace(fetched.offset(), fetched.generation()));
        listener.events(fetched)
                .onSuccess(taken -> {
                    if (turn == turns) {
                        next();
                    }
                })
                .onFailure(cause -> failed(cause, turn));
    }

    private void failed(Throwable cause, long turn) {
        if (!closed && turn == turns) {
            close();
            listener.failed(cause);
        }
    }
}
