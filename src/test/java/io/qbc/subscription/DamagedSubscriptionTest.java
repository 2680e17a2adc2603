package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DropSubscription;
import io.qbc.bus.Catalogue.FindSubscription;
import io.qbc.bus.Catalogue.FindSubscriptions;
import io.qbc.bus.Catalogue.PutSubscription;
import io.qbc.bus.Catalogue.SubscriptionInfo;
import io.qbc.bus.Catalogue.SubscriptionRow;
import io.qbc.bus.Catalogue.SubscriptionRows;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A subscription whose stored state cannot be read. */
class DamagedSubscriptionTest {
    private static final Hash CHAIN = new Hash(9, 9, 9, 9);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Bytes> rows = new ConcurrentSkipListMap<>();

    @AfterEach
    void close() {
        Patience.get(vertx.close());
    }

    private Bus stage(Path directory) {
        Bus.install(vertx);
        Bus bus = new Bus(vertx, PATIENCE);
        Patience.get(
                bus.serve(Catalogue.FIND_CHAINS, question -> Future.succeededFuture(new Catalogue.Chains(List.of()))));
        Patience.get(bus.serve(
                Catalogue.FIND_SUBSCRIPTION_ROWS,
                question -> Future.succeededFuture(new SubscriptionRows(rows.entrySet().stream()
                        .filter(row -> row.getKey().startsWith(question.prefix().text()))
                        .map(row -> new SubscriptionRow(Bytes.utf8(row.getKey()), Optional.of(row.getValue())))
                        .toList()))));
        Patience.get(bus.serve(Catalogue.KEEP_SUBSCRIPTION_ROWS, question -> {
            question.rows().forEach(row -> rows.remove(row.key().text()));
            return Future.succeededFuture(new SubscriptionRows(List.of()));
        }));
        Patience.get(vertx.deployVerticle(new SubscriptionVerticle(
                Samples.config(directory, 0), InstantSource.system(), PATIENCE, none -> Map.of())));
        return bus;
    }

    private static <T> void refused(Future<T> asked, String code) {
        assertThatThrownBy(() -> Patience.get(asked))
                .rootCause()
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.refusal().reason().code()).isEqualTo(code));
    }

    @Test
    void itIsListedAndCanBeRemoved(@TempDir Path directory) {
        rows.put("sbad", Bytes.utf8("{"));
        Bus bus = stage(directory);
        refused(bus.ask(Catalogue.PUT_SUBSCRIPTION, new PutSubscription(CHAIN, "bad", Bytes.utf8("{}"))), "corrupt");
        refused(bus.ask(Catalogue.FIND_SUBSCRIPTION, new FindSubscription(CHAIN, "bad")), "corrupt");
        List<SubscriptionInfo> listed = Patience.get(
                        bus.ask(Catalogue.FIND_SUBSCRIPTIONS, new FindSubscriptions(Optional.of(CHAIN))))
                .subscriptions();
        assertThat(listed).singleElement().satisfies(info -> {
            assertThat(info.state()).isEqualTo("damaged");
            assertThat(info.lastError().orElseThrow()).contains("bad cannot be read");
        });

        SubscriptionInfo gone = Patience.get(bus.ask(Catalogue.DROP_SUBSCRIPTION, new DropSubscription(CHAIN, "bad")));
        assertThat(gone.state()).isEqualTo("damaged");
        assertThat(rows).isEmpty();
        refused(bus.ask(Catalogue.FIND_SUBSCRIPTION, new FindSubscription(CHAIN, "bad")), "subscription_unknown");
        refused(bus.ask(Catalogue.DROP_SUBSCRIPTION, new DropSubscription(CHAIN, "bad")), "subscription_unknown");
    }
}
