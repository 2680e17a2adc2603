package io.qbc.client;

import io.qbc.client.answer.EventBatch;
import io.qbc.client.answer.LetterPage;
import io.qbc.client.answer.LetterPage.Letter;
import io.qbc.client.answer.SubscriptionInfo;
import io.qbc.client.answer.SubscriptionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The calls of {@link SubscriptionClient} that block. */
public final class BlockingSubscriptionClient {
    private final SubscriptionClient client;

    BlockingSubscriptionClient(SubscriptionClient client) {
        this.client = client;
    }

    /** All of the chain. */
    public List<SubscriptionInfo> list() {
        return BlockingQbcClient.await(client.list());
    }

    /**
     * Makes one, or changes it. Where the answer that showed a webhook's secret was lost, the secret is made anew by
     * {@link #rotate}.
     *
     * @param document what it does, as JSON text
     */
    public SubscriptionInfo put(String name, String document) {
        return BlockingQbcClient.await(client.put(name, document));
    }

    /** One; nothing if there is none. */
    public Optional<SubscriptionInfo> find(String name) {
        return BlockingQbcClient.await(client.find(name));
    }

    /** Where one stands; nothing if there is none. */
    public Optional<SubscriptionStatus> status(String name) {
        return BlockingQbcClient.await(client.status(name));
    }

    /** Removes one; nothing if there was none. */
    public Optional<SubscriptionInfo> remove(String name) {
        return BlockingQbcClient.await(client.remove(name));
    }

    /** Stops one for a while. */
    public SubscriptionInfo pause(String name) {
        return BlockingQbcClient.await(client.pause(name));
    }

    /** Lets one go on, also one that was disabled. */
    public SubscriptionInfo resume(String name) {
        return BlockingQbcClient.await(client.resume(name));
    }

    /**
     * Moves one to another place.
     *
     * @param place {@code oldest}, {@code newest} or a leaf index
     */
    public SubscriptionInfo seek(String name, String place) {
        return BlockingQbcClient.await(client.seek(name, place));
    }

    /** Delivers a range of leaves once more, the last excluded; the place stays. */
    public SubscriptionInfo replay(String name, long from, long to) {
        return BlockingQbcClient.await(client.replay(name, from, to));
    }

    /** Makes a new secret for a webhook; the one before stays good for a while. */
    public SubscriptionInfo rotate(String name) {
        return BlockingQbcClient.await(client.rotate(name));
    }

    /**
     * Fetches the next events, with a lease for this consumer; the same again until they are acknowledged.
     *
     * @param consumer a name that no other consumer has at the same time
     * @param wait for an event, if there is none yet
     */
    public EventBatch fetch(String name, String consumer, int most, Duration wait) {
        return BlockingQbcClient.await(client.fetch(name, consumer, most, wait));
    }

    /** Acknowledges all events below an offset that were fetched with this generation. */
    public SubscriptionStatus commit(String name, String consumer, long offset, long generation) {
        return BlockingQbcClient.await(client.commit(name, consumer, offset, generation));
    }

    /** Gives back what this consumer has and will not take, so that another one gets it at once. */
    public SubscriptionStatus release(String name, String consumer) {
        return BlockingQbcClient.await(client.release(name, consumer));
    }

    /** A page of dead letters behind a number. */
    public LetterPage dead(String name, long after, int limit) {
        return BlockingQbcClient.await(client.dead(name, after, limit));
    }

    /** Delivers a dead letter once more. */
    public Letter retry(String name, long number) {
        return BlockingQbcClient.await(client.retry(name, number));
    }
}
