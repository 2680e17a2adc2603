package io.qbc.persistence.read;

import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FREEZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.Freeze;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Failure;
import io.qbc.consensus.Engines;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.StoreFixture;
import io.qbc.persistence.chain.LogTailCache;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where transactions are, asked for together, from what is remembered and from the store. */
class PlacementCacheTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec ORDERS = Samples.dbc("orders");
    private static final Tip GENESIS = Tip.genesis(SPEC);

    @TempDir
    Path data;

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    private static List<Hash> ids(int... numbers) {
        return IntStream.of(numbers).mapToObj(n -> tx(n).id()).toList();
    }

    @Test
    @DisplayName("answers come in the order of the ids, with what is unknown and what comes twice in its place")
    void inOrder() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.grow(SPEC, 1, 3);
            storeFixture.keep(SPEC, tx(4));
            List<Hash> asked = new ArrayList<>(ids(3, 99, 4, 1, 3));
            asked.add(Hash.ZERO);
            for (int round = 0; round < 2; round++) {
                List<Located> found = storeFixture.locate(SPEC, asked);
                assertThat(found)
                        .containsExactly(
                                new Committed(tx(3), 3, storeFixture.at(SPEC, 3).hash(), 2),
                                new Absent(),
                                new Pending(tx(4)),
                                new Committed(tx(1), 1, storeFixture.at(SPEC, 1).hash(), 0),
                                new Committed(tx(3), 3, storeFixture.at(SPEC, 3).hash(), 2),
                                new Absent());
            }
            assertThat(storeFixture.locate(SPEC, List.of())).isEmpty();
            storeFixture.leap(SPEC);
            assertThat(storeFixture.locate(SPEC, tx(4).id()))
                    .isEqualTo(new Committed(tx(4), 4, storeFixture.head(SPEC), 3));
        }
    }

    @Test
    @DisplayName("a place that is remembered is not believed any more when the chain went another way")
    void afterAReorganisation() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2), tx(3), tx(4));
            Quant left = Samples.quant(SPEC, GENESIS, List.of(tx(1), tx(2), tx(3)), StoreFixture.NOW);
            Quant right = Samples.quant(SPEC, GENESIS, List.of(tx(2)), StoreFixture.NOW + 1);
            Quant right2 = Samples.quant(
                    SPEC, StoreFixture.after(SPEC, GENESIS, right), List.of(tx(3), tx(4)), StoreFixture.NOW + 2);
            storeFixture.offer(SPEC, left);
            assertThat(storeFixture.locate(SPEC, ids(1, 2, 3, 4)))
                    .containsExactly(
                            new Committed(tx(1), 1, left.header().hash(), 0),
                            new Committed(tx(2), 1, left.header().hash(), 1),
                            new Committed(tx(3), 1, left.header().hash(), 2),
                            new Pending(tx(4)));
            storeFixture.offer(SPEC, right);
            storeFixture.offer(SPEC, right2);
            assertThat(storeFixture.head(SPEC)).isEqualTo(right2.header().hash());
            for (int round = 0; round < 2; round++) {
                assertThat(storeFixture.locate(SPEC, ids(4, 3, 2, 1)))
                        .containsExactly(
                                new Committed(tx(4), 2, right2.header().hash(), 2),
                                new Committed(tx(3), 2, right2.header().hash(), 1),
                                new Committed(tx(2), 1, right.header().hash(), 0),
                                new Pending(tx(1)));
            }
        }
    }

    @Test
    @DisplayName("a frozen chain is read like any other; one that was dropped has nothing, also when it is made again")
    void frozenAndDropped() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC, ORDERS)) {
            storeFixture.grow(SPEC, 1, 1);
            Transaction order = Samples.transaction(ORDERS, 1);
            storeFixture.keep(ORDERS, order);
            storeFixture.leap(ORDERS);
            Located there = storeFixture.locate(ORDERS, order.id());
            assertThat(there).isInstanceOf(Committed.class);
            storeFixture.ask(FREEZE, new Freeze(ORDERS.id(), true));
            assertThat(storeFixture.locate(ORDERS, order.id())).isEqualTo(there);
            storeFixture.ask(DROP, new Drop(ORDERS.id()));
            assertThatThrownBy(() -> storeFixture.locate(ORDERS, order.id()))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.refusal().reason()).isEqualTo(Reason.CHAIN_UNKNOWN));
            storeFixture.ask(BANG, new Bang(ORDERS));
            assertThat(storeFixture.locate(ORDERS, order.id())).isEqualTo(new Absent());
            storeFixture.keep(ORDERS, order);
            assertThat(storeFixture.locate(ORDERS, order.id())).isEqualTo(new Pending(order));
            assertThat(storeFixture.locate(SPEC, tx(1).id())).isInstanceOf(Committed.class);
        }
    }

    @Test
    @DisplayName("whatever is remembered, and however little, the answers are those of the store")
    void boundedAndRight() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.grow(SPEC, 0, 40);
            storeFixture.undeploy();
        }
        try (Store store =
                RocksStore.open(data.resolve("store"), Samples.config(data, 0).store())) {
            OpenChain.Rules none =
                    new OpenChain.Rules(Engines.of(SPEC.consensus()).orElseThrow(), null, null);
            OpenChain.Start start = new OpenChain.Start(GENESIS, 0, 0, 41, false);
            OpenChain chain = new OpenChain(store, new LogTailCache(), 1, SPEC, none, Optional.empty(), start);
            PlacementCache few = new PlacementCache(3);
            for (int round = 0; round < 3; round++) {
                try (PlacementCache.Walk walk = few.walk(store, chain);
                        PlacementIndex placementIndex = new PlacementIndex(store, 1)) {
                    for (long sequence : new long[] {7, 1, 40, 7, 8, 41, 13, 0, 39, 1000}) {
                        assertThat(walk.of(sequence)).isEqualTo(placementIndex.of(sequence));
                    }
                }
            }
        }
    }
}
