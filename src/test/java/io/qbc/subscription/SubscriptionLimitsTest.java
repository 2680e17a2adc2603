package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.qbc.Patience;
import io.qbc.client.BlockingSubscriptionClient;
import io.qbc.client.answer.QbcException;
import io.qbc.client.answer.SubscriptionInfo;
import io.qbc.testkit.LedgerNetwork;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many subscriptions a chain may have, and a node. */
class SubscriptionLimitsTest {
    private static final int CHAIN_MAX = 2;
    private static final int MAX = 3;
    private static final int CONFLICT = 409;
    private static final String DOCUMENT = "{\"data\":true}";

    private final Vertx vertx = Vertx.vertx();
    private LedgerNetwork network;
    private BlockingSubscriptionClient orders;
    private BlockingSubscriptionClient items;

    @BeforeEach
    void begin() {
        network = LedgerNetwork.of(vertx, 1)
                .config("subscriptions.chainMax", CHAIN_MAX)
                .config("subscriptions.max", MAX)
                .chain("orders", "dbc")
                .chain("items", "dbc")
                .start();
        orders = network.node().blocking().subscriptions("orders");
        items = network.node().blocking().subscriptions("items");
    }

    @AfterEach
    void end() {
        network.close();
        Patience.get(vertx.close());
    }

    private static List<String> names(BlockingSubscriptionClient chain) {
        return chain.list().stream().map(SubscriptionInfo::name).toList();
    }

    private static void assertFull(BlockingSubscriptionClient chain, String name, int limit) {
        assertThatExceptionOfType(QbcException.class)
                .isThrownBy(() -> chain.put(name, DOCUMENT))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo("subscriptions_full");
                    assertThat(refused.status()).isEqualTo(CONFLICT);
                    assertThat(refused.detail()).contains("there are " + limit + " subscriptions already");
                });
    }

    @Test
    void aChainHasNoMoreThanItMay() {
        orders.put("a", DOCUMENT);
        orders.put("b", DOCUMENT);
        assertFull(orders, "c", CHAIN_MAX);
        assertThat(names(orders)).containsExactly("a", "b");
        assertThat(orders.find("c")).isEmpty();
        // What is there may change, and another chain has room of its own.
        orders.put("b", "{\"data\":false}");
        items.put("a", DOCUMENT);
        assertThat(orders.remove("a")).isPresent();
        orders.put("c", DOCUMENT);
        assertThat(names(orders)).containsExactly("b", "c");
        assertFull(orders, "d", CHAIN_MAX);
    }

    @Test
    void aNodeHasNoMoreThanItMay() {
        orders.put("a", DOCUMENT);
        orders.put("b", DOCUMENT);
        items.put("a", DOCUMENT);
        assertFull(items, "b", MAX);
        assertThat(names(items)).containsExactly("a");
        assertThat(items.find("b")).isEmpty();
        orders.put("a", "{\"data\":false}");
        assertThat(orders.remove("b")).isPresent();
        items.put("b", DOCUMENT);
        assertThat(names(items)).containsExactly("a", "b");
        assertFull(orders, "b", MAX);
    }

    @Test
    void neitherHasMoreWhenManyAreMadeAtOnce() {
        List<Future<SubscriptionInfo>> all = IntStream.range(0, 20)
                .mapToObj(n -> network.node()
                        .client()
                        .subscriptions(n % 2 == 0 ? "orders" : "items")
                        .put("s" + n, DOCUMENT))
                .toList();
        Patience.get(Future.join(all).transform(any -> Future.succeededFuture()));
        assertThat(all.stream().filter(Future::succeeded)).hasSize(MAX);
        assertThat(all.stream().filter(Future::failed))
                .allMatch(put -> ((QbcException) put.cause()).code().equals("subscriptions_full"));
        assertThat(names(orders)).hasSizeLessThanOrEqualTo(CHAIN_MAX);
        assertThat(names(items)).hasSizeLessThanOrEqualTo(CHAIN_MAX);
        assertThat(names(orders).size() + names(items).size()).isEqualTo(MAX);
    }
}
