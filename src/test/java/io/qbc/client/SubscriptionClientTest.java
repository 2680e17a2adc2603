package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.ClientFixture.Way;
import io.qbc.client.answer.EventBatch;
import io.qbc.client.answer.LetterPage;
import io.qbc.client.answer.SubscriptionEvent;
import io.qbc.client.answer.SubscriptionEvent.Committed;
import io.qbc.client.answer.SubscriptionInfo;
import io.qbc.client.answer.SubscriptionStatus;
import io.qbc.client.request.ConsumeOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions by the client, over both ways. */
class SubscriptionClientTest {
    private static ClientFixture fixture;

    @TempDir
    static Path data;

    @BeforeAll
    static void start() {
        fixture = new ClientFixture(data.resolve("node"));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneIsMadeFoundListedAndRemoved(Way way) {
        String chain = fixture.chain();
        SubscriptionClient subscriptions = fixture.client(way).subscriptions(chain);
        assertThat(Patience.get(subscriptions.find("shop"))).isEmpty();
        assertThat(Patience.get(subscriptions.status("shop"))).isEmpty();
        SubscriptionInfo made = Patience.get(subscriptions.put("shop", "{\"filter\":{\"types\":[\"order.*\"]}}"));
        assertThat(made.name()).isEqualTo("shop");
        assertThat(made.document()).contains("order.*");
        assertThat(made.secret()).isEmpty();
        assertThat(Patience.get(subscriptions.list()))
                .extracting(SubscriptionInfo::name)
                .containsExactly("shop");
        assertThat(Patience.get(subscriptions.find("shop"))).isPresent();
        assertThat(Patience.get(subscriptions.remove("shop"))).isPresent();
        assertThat(Patience.get(subscriptions.remove("shop"))).isEmpty();
        assertThat(ClientFixture.code(subscriptions.pause("shop"))).isEqualTo("subscription_unknown");
        assertThat(ClientFixture.code(subscriptions.put("shop", "{\"ahead\":-1}")))
                .isEqualTo("subscription_invalid");
    }

    @ParameterizedTest
    @EnumSource
    void eventsAreFetchedAndAcknowledgedByHand(Way way) {
        String chain = fixture.chain();
        SubscriptionClient subscriptions = fixture.client(way).subscriptions(chain);
        Patience.get(subscriptions.put("shop", "{\"data\":true}"));
        Future<EventBatch> waiting = subscriptions.fetch("shop", "me", 10, Duration.ofSeconds(30));
        fixture.seal(chain, 0, 3);
        EventBatch first = Patience.get(waiting);
        assertThat(first.events()).hasSize(1);
        EventBatch all = Patience.get(subscriptions.fetch("shop", "me", 10, Duration.ZERO));
        assertThat(all.events()).hasSize(3);
        // Over the event bus JSON is written anew.
        String exact = way == Way.REST ? "1.50" : "1.5";
        assertThat(((Committed) all.events().get(1)).data()).contains("{\"n\":1,\"exact\":" + exact + "}");
        assertThat(ClientFixture.code(subscriptions.fetch("shop", "you", 10, Duration.ZERO)))
                .isEqualTo("subscription_leased");
        long second = all.events().get(1).next();
        SubscriptionStatus status = Patience.get(subscriptions.commit("shop", "me", second, all.generation()));
        assertThat(status.offset()).isEqualTo(second);
        assertThat(status.acknowledged()).isEqualTo(2);
        assertThat(Patience.get(subscriptions.status("shop")).orElseThrow().lagEvents())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGivenBackAnotherConsumerGetsAtOnce(Way way) {
        String chain = fixture.chain();
        SubscriptionClient subscriptions = fixture.client(way).subscriptions(chain);
        Patience.get(subscriptions.put("shop", "{}"));
        fixture.seal(chain, 0, 3);
        assertThat(Patience.get(subscriptions.fetch("shop", "me", 2, Duration.ZERO))
                        .events())
                .hasSize(2);
        assertThat(ClientFixture.code(subscriptions.fetch("shop", "you", 2, Duration.ZERO)))
                .isEqualTo("subscription_leased");
        assertThat(Patience.get(subscriptions.release("shop", "me")).consumer()).isEmpty();
        assertThat(Patience.get(subscriptions.release("shop", "me")).offset()).isZero();
        assertThat(Patience.get(subscriptions.fetch("shop", "you", 2, Duration.ZERO))
                        .events())
                .extracting(SubscriptionEvent::index)
                .containsExactly(0L, 1L);
        assertThat(ClientFixture.code(subscriptions.release("none", "me"))).isEqualTo("subscription_unknown");
    }

    @ParameterizedTest
    @EnumSource
    void aConsumerThatIsClosedWhileItWaitsGivesItsLeaseBack(Way way) {
        String chain = fixture.chain();
        EventConsumer consumer = consume(way, chain, new CopyOnWriteArrayList<>());
        Patience.get(consumer.close());
        fixture.seal(chain, 0, 2);
        assertThat(Patience.get(fixture.client(way).subscriptions(chain).fetch("shop", "you", 2, Duration.ZERO))
                        .events())
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void oneIsPausedMovedAndReplayed(Way way) {
        String chain = fixture.chain();
        SubscriptionClient subscriptions = fixture.client(way).subscriptions(chain);
        fixture.seal(chain, 0, 3);
        Patience.get(subscriptions.put("shop", "{}"));
        assertThat(Patience.get(subscriptions.pause("shop")).status().state()).isEqualTo("paused");
        assertThat(ClientFixture.code(subscriptions.fetch("shop", "me", 10, Duration.ZERO)))
                .isEqualTo("subscription_paused");
        assertThat(Patience.get(subscriptions.resume("shop")).status().state()).isEqualTo("active");
        assertThat(Patience.get(subscriptions.seek("shop", "2")).status().offset())
                .isEqualTo(2);
        assertThat(Patience.get(subscriptions.fetch("shop", "me", 10, Duration.ZERO))
                        .events())
                .extracting(SubscriptionEvent::index)
                .containsExactly(2L);
        Patience.get(subscriptions.replay("shop", 0, 2));
        assertThat(Patience.get(subscriptions.fetch("shop", "me", 10, Duration.ZERO))
                        .events())
                .extracting(SubscriptionEvent::index)
                .startsWith(0L, 1L);
        LetterPage dead = Patience.get(subscriptions.dead("shop", 0, 10));
        assertThat(dead.letters()).isEmpty();
        assertThat(dead.next()).isEmpty();
        assertThat(ClientFixture.code(subscriptions.retry("shop", 1))).isEqualTo("dead_letter_unknown");
    }

    @ParameterizedTest
    @EnumSource
    void aWebhooksSecretIsShownWhenItIsMade(Way way) {
        SubscriptionClient subscriptions = fixture.client(way).subscriptions(fixture.chain());
        SubscriptionInfo made = Patience.get(
                subscriptions.put("hook", "{\"deliver\":{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:9/\"}}"));
        String secret = made.secret().orElseThrow();
        assertThat(made.toString()).doesNotContain(secret);
        assertThat(Patience.get(subscriptions.rotate("hook")).secret())
                .isPresent()
                .isNotEqualTo(made.secret());
        Patience.get(subscriptions.remove("hook"));
    }

    @ParameterizedTest
    @EnumSource
    void aConsumerHasEachEventOnceAndInOrder(Way way) {
        String chain = fixture.chain();
        fixture.seal(chain, 0, 2);
        List<Long> seen = new CopyOnWriteArrayList<>();
        EventConsumer first = consume(way, chain, seen);
        fixture.seal(chain, 2, 4);
        await().untilAsserted(() -> assertThat(seen).containsExactly(0L, 1L, 2L, 3L));
        Patience.get(first.close());
        Patience.get(first.ended());
        assertThat(first.offset()).hasValue(4);
        fixture.seal(chain, 4, 6);
        EventConsumer second = consume(way, chain, seen);
        await().until(() -> seen.equals(List.of(0L, 1L, 2L, 3L, 4L, 5L)));
        Patience.get(second.close());
        assertThat(Patience.get(fixture.client(way).subscriptions(chain).status("shop"))
                        .orElseThrow()
                        .offset())
                .isEqualTo(6);
    }

    private static EventConsumer consume(Way way, String chain, List<Long> seen) {
        ConsumeOptions how = ConsumeOptions.made("{}").withConsumer("me").withBatch(2);
        return Patience.get(fixture.client(way).consume(chain, "shop", how, event -> {
            seen.add(event.index());
            return Future.succeededFuture();
        }));
    }

    @ParameterizedTest
    @EnumSource
    void aConsumerThatIsClosedWhileItAcknowledgesEnds(Way way) {
        String chain = fixture.chain();
        Promise<Void> begun = Promise.promise();
        Promise<Void> handled = Promise.promise();
        EventConsumer consumer =
                Patience.get(fixture.client(way).consume(chain, "shop", ConsumeOptions.made("{}"), event -> {
                    begun.tryComplete();
                    return handled.future();
                }));
        fixture.seal(chain, 0, 1);
        Patience.get(begun.future());
        handled.complete();
        Patience.get(consumer.close());
        assertThat(consumer.offset()).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatFailsEndsTheConsumerBeforeItsEvent(Way way) {
        String chain = fixture.chain();
        fixture.seal(chain, 0, 3);
        QbcClient client = fixture.client(way);
        EventConsumer consumer = Patience.get(client.consume(
                chain,
                "shop",
                ConsumeOptions.made("{}"),
                event -> event.index() == 2 ? Future.failedFuture("not this one") : Future.succeededFuture()));
        await().until(() -> consumer.ended().isComplete());
        assertThat(consumer.ended().cause()).hasMessage("not this one");
        assertThat(consumer.offset()).hasValue(2);
        assertThat(Patience.get(client.subscriptions(chain).status("shop"))
                        .orElseThrow()
                        .offset())
                .isEqualTo(2);
    }

    @Test
    void noMoreIsFetchedThanIsHandled() {
        String chain = fixture.chain();
        fixture.seal(chain, 0, 3);
        List<Promise<Void>> handled = new CopyOnWriteArrayList<>();
        ConsumeOptions how = ConsumeOptions.made("{}").withBatch(1);
        EventConsumer consumer = Patience.get(fixture.client(Way.REST).consume(chain, "shop", how, event -> {
            Promise<Void> done = Promise.promise();
            handled.add(done);
            return done.future();
        }));
        await().until(() -> handled.size() == 1);
        Future<Void> closed = consumer.close();
        assertThat(closed.isComplete()).isFalse();
        handled.get(0).complete();
        Patience.get(closed);
        assertThat(handled).hasSize(1);
        assertThat(consumer.offset()).hasValue(1);
    }

    @Test
    void whatIsMovedIsFetchedAnew() {
        String chain = fixture.chain();
        fixture.seal(chain, 0, 3);
        List<Long> seen = new CopyOnWriteArrayList<>();
        EventConsumer consumer = consume(Way.REST, chain, seen);
        await().until(() -> seen.size() == 3);
        Patience.get(fixture.client(Way.BUS).subscriptions(chain).seek("shop", "1"));
        await().untilAsserted(() -> assertThat(seen).containsExactly(0L, 1L, 2L, 1L, 2L));
        Patience.get(consumer.close());
    }

    @Test
    void whereThereIsNoSubscriptionAndNoneIsToBeMadeItFails() {
        Future<EventConsumer> consumed = fixture.client(Way.REST)
                .consume(fixture.chain(), "none", ConsumeOptions.existing(), event -> Future.succeededFuture());
        assertThat(ClientFixture.code(consumed)).isEqualTo("subscription_unknown");
    }

    @Test
    void theBlockingClientDoesTheSame() {
        String chain = fixture.chain();
        fixture.seal(chain, 0, 2);
        BlockingQbcClient client = BlockingQbcClient.of(fixture.client(Way.REST), fixture.vertx());
        List<Long> seen = new CopyOnWriteArrayList<>();
        EventConsumer consumer =
                client.consume(chain, "shop", ConsumeOptions.made("{}"), event -> seen.add(event.index()));
        await().until(() -> seen.equals(List.of(0L, 1L)));
        Patience.get(consumer.close());
        assertThat(client.subscriptions(chain).list()).hasSize(1);
    }
}
