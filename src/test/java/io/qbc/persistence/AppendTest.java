package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FIND_COMMON;
import static io.qbc.bus.Catalogue.FIND_COMPACT_QUANT;
import static io.qbc.bus.Catalogue.FIND_LOCATOR;
import static io.qbc.bus.Catalogue.FIND_QUANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.FindCommon;
import io.qbc.bus.Catalogue.FindCompactQuant;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.KeptOrphans;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final Tip GENESIS = Tip.genesis(SPEC);

    @TempDir
    Path data;

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    @Test
    void anOwnQuantTakesItsRunsFromTheLog() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2), tx(3));
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            Tip tip = storeFixture.tip(SPEC);
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();
            assertThat(storeFixture.locate(SPEC, tx(2).id()))
                    .isEqualTo(new Committed(tx(2), 1, tip.head().hash(), 1));
            await().until(() -> !storeFixture.moves.isEmpty());
            Placed placed = new Placed(1, tip.head().hash(), 0, new LogRange(1, 3));
            assertThat(storeFixture.moves).containsExactly(new HeadMoved(SPEC.id(), tip, 0, List.of(placed)));
        }
    }

    /** The second walk over the authors' keys comes after the quant was stored. */
    @Test
    void aFaultAfterACommitEndsNoOther() {
        AtomicInteger walks = new AtomicInteger(Integer.MAX_VALUE);
        NodeConfig config = Samples.config(data, 0);
        try (StoreFixture storeFixture = StoreFixture.start(
                config,
                path -> new Wrapped(RocksStore.open(path, config.store())) {
                    @Override
                    public Scan scan(ColumnFamily columnFamily) {
                        if (columnFamily == ColumnFamily.KEYS && walks.decrementAndGet() == 0) {
                            throw new IllegalStateException("a fault of this test");
                        }
                        return super.scan(columnFamily);
                    }
                },
                SPEC)) {
            walks.set(2);
            Quant first = Samples.quant(SPEC, GENESIS, List.of(tx(1)), StoreFixture.NOW);
            assertThat(storeFixture.offer(SPEC, first)).isInstanceOf(Verdict.Extended.class);
            await().until(() -> walks.get() <= 0);
            Quant next = Samples.quant(SPEC, storeFixture.tip(SPEC), List.of(tx(2)), StoreFixture.NOW + 1);
            assertThat(storeFixture.offer(SPEC, next)).isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void anOwnQuantOnAStaleParentIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2));
            Quant mine = Samples.quant(SPEC, GENESIS, List.of(tx(1), tx(2)), StoreFixture.NOW);
            storeFixture.offer(SPEC, Samples.quant(SPEC, GENESIS, List.of(tx(1)), StoreFixture.NOW));
            Append append = Append.own(SPEC.id(), mine.compactQuant(), List.of(new LogRange(1, 2)));
            assertThat(reason(storeFixture.ask(APPEND, append))).isEqualTo(Reason.PARENT_STALE);
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(2).id());
        }
    }

    @Test
    void aForeignQuantMixesKnownAndSuppliedTransactions() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2));
            Quant quant = Samples.quant(SPEC, GENESIS, List.of(tx(3), tx(2), tx(4)), StoreFixture.NOW);
            Append bare = Append.foreign(SPEC.id(), quant.compactQuant(), List.of());
            assertThat(storeFixture.ask(APPEND, bare)).isEqualTo(new Verdict.Missing(List.of(tx(3).id(), tx(4).id())));
            assertThat(storeFixture.offer(SPEC, quant)).isInstanceOf(Verdict.Extended.class);
            assertThat(storeFixture.offer(SPEC, quant))
                    .isEqualTo(new Verdict.Known(quant.header().hash()));
            assertThat(storeFixture.locate(SPEC, tx(4).id()))
                    .isEqualTo(new Committed(tx(4), 1, quant.header().hash(), 2));
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(1).id());
            assertThat(storeFixture
                            .ask(
                                    FIND_COMPACT_QUANT,
                                    new FindCompactQuant(
                                            SPEC.id(), quant.header().hash()))
                            .compactQuant())
                    .contains(quant.compactQuant());
        }
    }

    @Test
    void aTransactionOfTheChainIsNotTakenTwice() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Quant first = Samples.quant(SPEC, GENESIS, List.of(tx(1)), StoreFixture.NOW);
            Tip after = StoreFixture.after(SPEC, GENESIS, first);
            storeFixture.offer(SPEC, first);
            Quant again = Samples.quant(SPEC, after, List.of(tx(2), tx(1)), StoreFixture.NOW);
            assertThat(reason(storeFixture.offer(SPEC, again))).isEqualTo(Reason.TRANSACTION_TWICE);
            assertThat(storeFixture.tip(SPEC)).isEqualTo(after);
        }
    }

    @Test
    void theChainReorganisesThereAndBack() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2), tx(3), tx(4));
            Quant left = Samples.quant(SPEC, GENESIS, List.of(tx(1), tx(2)), StoreFixture.NOW);
            Quant right = Samples.quant(SPEC, GENESIS, List.of(tx(3)), StoreFixture.NOW + 1);
            Tip leftTip = StoreFixture.after(SPEC, GENESIS, left);
            Tip rightTip = StoreFixture.after(SPEC, GENESIS, right);
            Quant right2 = Samples.quant(SPEC, rightTip, List.of(tx(2)), StoreFixture.NOW + 2);
            Quant left2 = Samples.quant(SPEC, leftTip, List.of(), StoreFixture.NOW + 2);
            Quant left3 =
                    Samples.quant(SPEC, StoreFixture.after(SPEC, leftTip, left2), List.of(tx(4)), StoreFixture.NOW + 3);

            storeFixture.offer(SPEC, left);
            storeFixture.offer(SPEC, right);
            storeFixture.offer(SPEC, right2);
            assertThat(storeFixture.head(SPEC)).isEqualTo(right2.header().hash());
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(1).id(), tx(4).id());

            storeFixture.offer(SPEC, left2);
            storeFixture.offer(SPEC, left3);
            assertThat(storeFixture.head(SPEC)).isEqualTo(left3.header().hash());
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(3).id());
            assertThat(storeFixture.moves.stream().mapToInt(HeadMoved::undone).sum())
                    .isGreaterThanOrEqualTo(3);
            assertThat(storeFixture.locate(SPEC, tx(3).id())).isEqualTo(new Pending(tx(3)));
            assertThat(storeFixture.locate(SPEC, tx(2).id()))
                    .isEqualTo(new Committed(tx(2), 1, left.header().hash(), 1));
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();
        }
    }

    @Test
    void orphansWaitForTheirParents() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Quant one = Samples.quant(SPEC, GENESIS, List.of(tx(1)), StoreFixture.NOW);
            Tip oneTip = StoreFixture.after(SPEC, GENESIS, one);
            Quant two = Samples.quant(SPEC, oneTip, List.of(tx(2)), StoreFixture.NOW + 1);
            Tip twoTip = StoreFixture.after(SPEC, oneTip, two);
            Quant three = Samples.quant(SPEC, twoTip, List.of(tx(3)), StoreFixture.NOW + 2);
            assertThat(storeFixture.offer(SPEC, three))
                    .isEqualTo(new Verdict.Orphan(two.header().hash()));
            assertThat(storeFixture.offer(SPEC, two))
                    .isEqualTo(new Verdict.Orphan(one.header().hash()));
            await().until(() -> storeFixture.orphaned.size() == 2);
            assertThat(storeFixture.orphaned)
                    .containsExactly(
                            new Orphaned(SPEC.id(), two.header().hash(), 3),
                            new Orphaned(SPEC.id(), one.header().hash(), 2));
            storeFixture.offer(SPEC, one);
            await().untilAsserted(() ->
                    assertThat(storeFixture.head(SPEC)).isEqualTo(three.header().hash()));
            await().until(() -> storeFixture.moves.size() == 3);
        }
    }

    /** Nobody can fill the place for orphans with quants that cost nothing. */
    @Test
    void whatCostNothingIsNoOrphan() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Quant one = Samples.quant(SPEC, GENESIS, List.of(tx(1)), StoreFixture.NOW);
            Quant two =
                    Samples.quant(SPEC, StoreFixture.after(SPEC, GENESIS, one), List.of(tx(2)), StoreFixture.NOW + 1);
            Quant bare = new Quant(two.header(), List.of(), two.transactions());
            assertThat(reason(storeFixture.offer(SPEC, bare))).isEqualTo(Reason.SEAL_INVALID);
            Quant foreign = new Quant(
                    HeaderEdit.of(two.header(), header -> header.producer = Samples.OTHER.key()),
                    two.seals(),
                    two.transactions());
            assertThat(reason(storeFixture.offer(SPEC, foreign))).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
            Quant sealed = new Quant(
                    two.header(), Collections.nCopies(60_000, new Seal(Bytes.EMPTY, Bytes.EMPTY)), two.transactions());
            assertThat(reason(storeFixture.offer(SPEC, sealed))).isEqualTo(Reason.SEAL_INVALID);
            assertThat(storeFixture.orphans().count()).isZero();
            assertThat(storeFixture.offer(SPEC, two)).isInstanceOf(Verdict.Orphan.class);
            assertThat(storeFixture.orphans().count()).isEqualTo(1);
            assertThat(storeFixture.orphans().bytes()).isPositive();
            storeFixture.offer(SPEC, one);
            await().untilAsserted(() -> assertThat(storeFixture.orphans()).isEqualTo(new KeptOrphans(0, 0)));
        }
    }

    @Test
    void ofTwoWithTheSameAuthorAndKeyTheOneInTheChainStands() {
        Transaction mine = Signing.transaction(SPEC, 1, "order-1", "{\"a\":1}");
        Transaction theirs = Signing.transaction(SPEC, 2, "order-1", "{\"a\":2}");
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, mine);
            Quant left = Samples.quant(SPEC, GENESIS, List.of(theirs), StoreFixture.NOW);
            assertThat(storeFixture.offer(SPEC, left)).isInstanceOf(Verdict.Extended.class);
            assertThat(storeFixture.locate(SPEC, mine.id())).isEqualTo(new Superseded(mine, theirs.id(), false));
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();

            Tip leftTip = StoreFixture.after(SPEC, GENESIS, left);
            Quant again = Samples.quant(SPEC, leftTip, List.of(mine), StoreFixture.NOW + 1);
            assertThat(reason(storeFixture.offer(SPEC, again))).isEqualTo(Reason.TRANSACTION_TWICE);

            // A heavier branch without either gives the key back to the one that came first.
            Quant right = Samples.quant(SPEC, GENESIS, List.of(), StoreFixture.NOW + 1);
            Tip rightTip = StoreFixture.after(SPEC, GENESIS, right);
            Quant right2 = Samples.quant(SPEC, rightTip, List.of(), StoreFixture.NOW + 2);
            storeFixture.offer(SPEC, right);
            storeFixture.offer(SPEC, right2);
            assertThat(storeFixture.head(SPEC)).isEqualTo(right2.header().hash());
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(mine.id());
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            assertThat(storeFixture.locate(SPEC, theirs.id())).isEqualTo(new Superseded(theirs, mine.id(), false));
            assertThat(storeFixture.locate(SPEC, mine.id())).isInstanceOf(Committed.class);
        }
    }

    @Test
    void locatorAndCommonAncestor() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Tip tip = GENESIS;
            Hash third = Hash.ZERO;
            for (int n = 1; n <= 40; n++) {
                Quant quant = Samples.quant(SPEC, tip, List.of(), StoreFixture.NOW - 100 + n);
                storeFixture.offer(SPEC, quant);
                tip = StoreFixture.after(SPEC, tip, quant);
                third = n == 3 ? quant.header().hash() : third;
            }
            List<Hash> hashes =
                    storeFixture.ask(FIND_LOCATOR, new FindLocator(SPEC.id())).hashes();
            assertThat(hashes).startsWith(tip.head().hash()).endsWith(SPEC.id()).doesNotHaveDuplicates();
            assertThat(hashes).hasSizeBetween(12, 20);
            List<Hash> asked = List.of(Hash.ZERO, third, SPEC.id());
            assertThat(storeFixture
                            .ask(FIND_COMMON, new FindCommon(SPEC.id(), asked))
                            .height())
                    .contains(3L);
            assertThat(storeFixture
                            .ask(FIND_QUANT, new FindQuant(SPEC.id(), new QuantName.ByHeight(3)))
                            .quant()
                            .map(quant -> quant.hash()))
                    .isEqualTo(Optional.of(third));
        }
    }

    private static Reason reason(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).refusal().reason();
    }
}
