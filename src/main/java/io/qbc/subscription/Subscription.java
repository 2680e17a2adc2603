package io.qbc.subscription;

import io.qbc.follow.Extent;
import io.qbc.model.Hash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What a subscription is to do.
 *
 * @param extent up to where the chain is followed
 * @param keyBy by what events are in order; nothing for the order of the chain
 * @param ahead how many events may be on their way without an acknowledgement
 * @param data whether events have the transactions' data
 */
public record Subscription(
        Hash chain,
        String name,
        Start from,
        Extent extent,
        Filter filter,
        Deliver deliver,
        Optional<EventKey> keyBy,
        int ahead,
        boolean data) {

    /** Where a new subscription begins. */
    public record Start(Kind kind, OptionalLong leaf) {
        /** The oldest transaction, the next new one, or a leaf index. */
        public enum Kind {
            OLDEST,
            NEWEST,
            LEAF
        }
    }

    /** How events reach who wants them. */
    public enum DeliverKind {
        PULL,
        STREAM,
        BUS,
        WEBHOOK;

        /** Whether this node begins deliveries by itself. */
        public boolean pushes() {
            return this == BUS || this == WEBHOOK;
        }
    }

    /** What becomes of events that cannot be delivered in all attempts. */
    public enum OnFailure {
        STOP,
        DEAD
    }

    /**
     * How it delivers.
     *
     * @param url of a webhook
     * @param address of the event bus
     * @param headers that each request of a webhook has beside its own
     * @param timeout how long one attempt may take
     * @param retry how long to wait before each further attempt
     * @param batch how many events one delivery has at most
     * @param parallel how many deliveries are under way at once at most, each of another key
     */
    public record Deliver(
            DeliverKind kind,
            Optional<String> url,
            Optional<String> address,
            SortedMap<String, String> headers,
            Duration timeout,
            List<Duration> retry,
            OnFailure onFailure,
            int batch,
            int parallel) {
        public Deliver {
            retry = List.copyOf(retry);
        }
    }
}
