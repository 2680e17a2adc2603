package io.qbc.client.request;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * How a subscription is consumed.
 *
 * <pre>{@code
 * ConsumeOptions.made("{\"filter\":{\"types\":[\"order.*\"]},\"data\":true}").withBatch(500)
 * }</pre>
 *
 * @param document with which the subscription is made where there is none, as JSON text
 * @param consumer a name that no other consumer has at the same time. One that has it again after a restart goes on at
 *     once; another one waits until the last is closed, or its lease is over: half a minute at most.
 * @param batch how many events are fetched at once, and held in memory
 * @param waitTime how long a node is asked to wait for an event
 */
public record ConsumeOptions(Optional<String> document, String consumer, int batch, Duration waitTime) {
    private static final int BATCH = 100;
    private static final Duration WAIT = Duration.ofSeconds(20);

    public ConsumeOptions {
        if (batch < 1) {
            throw new IllegalArgumentException("a batch must be at least 1");
        }
    }

    /** Of a subscription that there is. */
    public static ConsumeOptions existing() {
        return new ConsumeOptions(Optional.empty(), UUID.randomUUID().toString(), BATCH, WAIT);
    }

    /**
     * Of a subscription that is made by this document where there is none: also at another node, where it begins behind
     * what this consumer has acknowledged.
     */
    public static ConsumeOptions made(String document) {
        return new ConsumeOptions(Optional.of(document), UUID.randomUUID().toString(), BATCH, WAIT);
    }

    /** The same with a name of the caller's. */
    public ConsumeOptions withConsumer(String name) {
        return new ConsumeOptions(document, name, batch, waitTime);
    }

    /** The same with so many events at once. */
    public ConsumeOptions withBatch(int most) {
        return new ConsumeOptions(document, consumer, most, waitTime);
    }

    /** The same with another time to wait for an event. */
    public ConsumeOptions withWait(Duration time) {
        return new ConsumeOptions(document, consumer, batch, time);
    }
}
