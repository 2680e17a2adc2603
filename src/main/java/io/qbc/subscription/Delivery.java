package io.qbc.subscription;

import io.qbc.bus.Catalogue.SubscribedEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A way by which this node brings events to whom they are for, one instance a subscription. */
public interface Delivery {
    /** Offers events in order, and says what became of them; the next offer comes after that. */
    Future<Outcome> offer(Offer offer);

    /** How many offers may be under way at once at most. */
    default int parallelMax() {
        return Integer.MAX_VALUE;
    }

    /** Lets go of what it holds; an offer under way may fail. */
    default void close() {}

    /**
     * Events that are to be brought.
     *
     * @param attempt how often the first of them was offered before
     * @param secrets what to sign with, the newest first
     */
    record Offer(Subscription subscription, List<SubscribedEvent> events, long attempt, List<String> secrets) {
        public Offer {
            events = List.copyOf(events);
            secrets = List.copyOf(secrets);
        }
    }

    /**
     * What became of an offer.
     *
     * @param taken how many of the events were taken, from the first one on
     * @param then how to go on
     */
    record Outcome(int taken, Then then) {
        /** All of them were taken. */
        public static Outcome all(Offer offer) {
            return new Outcome(offer.events().size(), new Then.GoOn());
        }

        /** None was, and it may be tried again. */
        public static Outcome retry(String reason, Optional<Duration> after) {
            return new Outcome(0, new Then.Retry(reason, after));
        }

        /** None was, and none will be. */
        public static Outcome disable(String reason) {
            return new Outcome(0, new Then.Disable(reason));
        }
    }

    /** How a subscription goes on after an offer. */
    sealed interface Then {
        /** With the next event at once. */
        record GoOn() implements Then {}

        /**
         * With the first that was not taken, as the schedule says.
         *
         * @param after the least time to wait, if whoever refused it says so
         */
        record Retry(String reason, Optional<Duration> after) implements Then {}

        /** Not before somebody resumes it. */
        record Disable(String reason) implements Then {}
    }

    /** Makes deliveries of a kind. */
    interface Maker {
        /** Whether this kind of subscription is acceptable here; a refusal says why not. */
        default Optional<String> problem(Subscription subscription) {
            return Optional.empty();
        }

        Delivery make(Subscription subscription);

        /** Lets go of what its deliveries share. */
        default Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
