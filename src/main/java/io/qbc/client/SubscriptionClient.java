package io.qbc.client;

import io.qbc.client.answer.EventBatch;
import io.qbc.client.answer.LetterPage;
import io.qbc.client.answer.LetterPage.Letter;
import io.qbc.client.answer.SubscriptionInfo;
import io.qbc.client.answer.SubscriptionStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The durable followers of one chain. Each node has its own: ask at the node that has one.
 *
 * <pre>{@code
 * SubscriptionClient orders = client.subscriptions("orders");
 * orders.put("shop", "{\"from\":\"oldest\"}")
 *         .compose(made -> orders.fetch("shop", "me", 100, Duration.ofSeconds(5)))
 *         .compose(batch -> handle(batch.events())
 *                 .compose(done -> orders.commit("shop", "me", batch.offset(), batch.generation())));
 * }</pre>
 */
public interface SubscriptionClient {
    /** All of the chain. */
    Future<List<SubscriptionInfo>> list();

    /**
     * Makes one, or changes it. Where the answer that showed a webhook's secret was lost, the secret is made anew by
     * {@link #rotate}.
     *
     * @param document what it does, as JSON text
     */
    Future<SubscriptionInfo> put(String name, String document);

    /** One; nothing if there is none. */
    Future<Optional<SubscriptionInfo>> find(String name);

    /** Where one stands; nothing if there is none. */
    Future<Optional<SubscriptionStatus>> status(String name);

    /** Removes one; nothing if there was none. */
    Future<Optional<SubscriptionInfo>> remove(String name);

    /** Stops one for a while. */
    Future<SubscriptionInfo> pause(String name);

    /** Lets one go on, also one that was disabled. */
    Future<SubscriptionInfo> resume(String name);

    /**
     * Moves one to another place.
     *
     * @param place {@code oldest}, {@code newest} or a leaf index
     */
    Future<SubscriptionInfo> seek(String name, String place);

    /** Delivers a range of leaves once more, the last excluded; the place stays. */
    Future<SubscriptionInfo> replay(String name, long from, long to);

    /** Makes a new secret for a webhook; the one before stays good for a while. */
    Future<SubscriptionInfo> rotate(String name);

    /**
     * Fetches the next events, with a lease for this consumer; the same again until they are acknowledged.
     *
     * @param consumer a name that no other consumer has at the same time
     * @param wait for an event, if there is none yet
     */
    Future<EventBatch> fetch(String name, String consumer, int most, Duration wait);

    /** Acknowledges all events below an offset that were fetched with this generation. */
    Future<SubscriptionStatus> commit(String name, String consumer, long offset, long generation);

    /** Gives back what this consumer has and will not take, so that another one gets it at once. */
    Future<SubscriptionStatus> release(String name, String consumer);

    /** A page of dead letters behind a number. */
    Future<LetterPage> dead(String name, long after, int limit);

    /** Delivers a dead letter once more. */
    Future<Letter> retry(String name, long number);
}
