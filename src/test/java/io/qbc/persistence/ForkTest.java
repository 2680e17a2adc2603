package io.qbc.persistence;

import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_ANCESTOR;
import static io.qbc.bus.Catalogue.FIND_COMMON;
import static io.qbc.bus.Catalogue.FIND_COMPACT_QUANT;
import static io.qbc.bus.Catalogue.FIND_LOCATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Catalogue.FindCommon;
import io.qbc.bus.Catalogue.FindCompactQuant;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkTest {
    private static final ChainSpec MAIN = Samples.dbc("main");
    private static final long LATER = StoreFixture.NOW + 1000;

    @TempDir
    Path data;

    @Test
    void aForkSharesThePastAndGoesItsOwnWay() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            Tip parent = storeFixture.grow(MAIN, 1, 8);
            ChainSpec fork = fork(storeFixture, "side", MAIN, 5);
            assertThat(storeFixture.bang(fork).created()).isTrue();
            assertThat(storeFixture.tip(fork).head().height()).isEqualTo(6);
            assertThat(storeFixture.tip(fork).head().weight()).isEqualTo(5);
            storeFixture.grow(fork, 100, 3);
            assertThat(heights(storeFixture, fork)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            assertThat(storeFixture.tip(MAIN)).isEqualTo(parent);
            assertOneTree(storeFixture, fork);
            assertThat(storeFixture.locate(fork, tx(MAIN, 3)))
                    .isEqualTo(storeFixture.locate(MAIN, tx(MAIN, 3)))
                    .isInstanceOf(Committed.class);
            assertThat(storeFixture.locate(fork, tx(MAIN, 7))).isEqualTo(new Absent());
            assertThat(storeFixture.locate(fork, tx(fork, 101))).isInstanceOf(Committed.class);
            assertThat(storeFixture.locate(MAIN, tx(fork, 101))).isEqualTo(new Absent());
            assertThat(storeFixture.at(fork, 4)).isEqualTo(storeFixture.at(MAIN, 4));
            assertThat(ancestor(storeFixture, fork, MAIN)).isEqualTo(5);
            assertThat(ancestor(storeFixture, MAIN, fork)).isEqualTo(5);
            List<Hash> locator =
                    storeFixture.ask(FIND_LOCATOR, new FindLocator(fork.id())).hashes();
            assertThat(locator).startsWith(storeFixture.head(fork)).endsWith(fork.id());
            List<Hash> asked =
                    List.of(storeFixture.head(MAIN), storeFixture.at(MAIN, 3).hash());
            assertThat(storeFixture
                            .ask(FIND_COMMON, new FindCommon(fork.id(), asked))
                            .height())
                    .contains(3L);
            Hash fourth = storeFixture.at(MAIN, 4).hash();
            assertThat(storeFixture.ask(FIND_COMPACT_QUANT, new FindCompactQuant(fork.id(), fourth)))
                    .isEqualTo(storeFixture.ask(FIND_COMPACT_QUANT, new FindCompactQuant(MAIN.id(), fourth)));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(storeFixture.pieces(MAIN)).hasSize(9);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void theTwoDoNotTakeEachOthersTransactionsAndQuants() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            storeFixture.grow(MAIN, 1, 3);
            ChainSpec fork = fork(storeFixture, "side", MAIN, 2);
            storeFixture.bang(fork);
            Quant mixed =
                    Samples.quant(fork, storeFixture.tip(fork), List.of(Samples.transaction(MAIN, 50)), LATER + 1);
            assertThat(reason(storeFixture.offer(fork, mixed))).isEqualTo(Reason.TRANSACTION_CHAIN);
            Quant again = Samples.quant(fork, storeFixture.tip(fork), List.of(Samples.transaction(MAIN, 1)), LATER + 1);
            assertThat(reason(storeFixture.offer(fork, again))).isEqualTo(Reason.TRANSACTION_CHAIN);
            Quant parents = Samples.quant(MAIN, storeFixture.tip(MAIN), List.of(), LATER + 1);
            assertThat(reason(storeFixture.offer(fork, parents))).isEqualTo(Reason.QUANT_CHAIN);
            Tip early = StoreFixture.after(MAIN, Tip.genesis(MAIN), quant(storeFixture, MAIN, 1));
            Quant rival = Samples.quant(fork, early, List.of(), LATER + 1);
            assertThat(reason(storeFixture.offer(fork, rival))).isEqualTo(Reason.QUANT_HEIGHT);
        }
    }

    @Test
    void aForkOfSomethingElseIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            storeFixture.grow(MAIN, 1, 3);
            Header at = storeFixture.at(MAIN, 2).header();
            assertThat(storeFixture.notMade(Samples.fork("a", Samples.pow("nowhere"), at, LATER)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
            Quant aside = Samples.quant(MAIN, Tip.genesis(MAIN), List.of(), StoreFixture.NOW);
            storeFixture.offer(MAIN, aside);
            assertThat(storeFixture.notMade(Samples.fork("b", MAIN, aside.header(), LATER)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
            Header lied = new Fields(at).treeSize(9).header();
            assertThat(storeFixture.notMade(Samples.fork("c", MAIN, lied, LATER)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
            assertThat(storeFixture.notMade(Samples.fork("d", MAIN, at, Samples.GENESIS_TIME)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
        }
    }

    @Test
    void aForkKeepsItsHistoryWhenTheParentIsReorganised() {
        ChainSpec fork;
        ChainSpec second;
        List<Piece> before;
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            storeFixture.grow(MAIN, 1, 6);
            fork = fork(storeFixture, "side", MAIN, 5);
            storeFixture.bang(fork);
            storeFixture.grow(fork, 100, 3);
            second = fork(storeFixture, "second", fork, 4);
            storeFixture.bang(second);
            storeFixture.grow(second, 200, 2);
            before = storeFixture.pieces(fork);
            reorganise(storeFixture, 2, 7, 10);
            assertThat(storeFixture.pieces(fork)).isEqualTo(before);
            // A second, deeper one must not take back what was kept at the first.
            reorganise(storeFixture, 1, 10, 20);
            assertThat(storeFixture.tip(MAIN).head().height()).isEqualTo(11);
            assertShared(storeFixture, fork, before);
            assertThat(storeFixture.locate(second, tx(MAIN, 4))).isInstanceOf(Committed.class);
            assertThat(storeFixture.locate(second, tx(MAIN, 5))).isEqualTo(new Absent());
            assertThat(ancestor(storeFixture, fork, MAIN)).isEqualTo(1);
            assertThat(ancestor(storeFixture, fork, second)).isEqualTo(4);
            storeFixture.undeploy();
        }
        assertSound();
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertShared(storeFixture, fork, before);
            assertThat(heights(storeFixture, second)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            storeFixture.ask(DROP, new Drop(MAIN.id()));
            assertShared(storeFixture, fork, before);
            storeFixture.undeploy();
        }
        assertSound();
    }

    private void assertShared(StoreFixture storeFixture, ChainSpec fork, List<Piece> before) {
        assertThat(storeFixture.pieces(fork)).isEqualTo(before);
        assertOneTree(storeFixture, fork);
        for (int n = 1; n <= 5; n++) {
            assertThat(storeFixture.locate(fork, tx(MAIN, n)))
                    .isInstanceOfSatisfying(
                            Committed.class,
                            place -> assertThat(place.quant())
                                    .isEqualTo(storeFixture
                                            .at(fork, place.height())
                                            .hash()));
        }
    }

    /** Takes the parent to a heavier branch that leaves at a height. */
    private static void reorganise(StoreFixture storeFixture, long from, int count, int salt) {
        Tip tip = Tip.genesis(MAIN);
        for (long height = 1; height <= from; height++) {
            tip = StoreFixture.after(MAIN, tip, quant(storeFixture, MAIN, height));
        }
        for (int n = 0; n < count; n++) {
            Quant quant = Samples.quant(MAIN, tip, List.of(), StoreFixture.NOW + 100L * salt + n);
            storeFixture.offer(MAIN, quant);
            tip = StoreFixture.after(MAIN, tip, quant);
        }
        assertThat(storeFixture.tip(MAIN)).isEqualTo(tip);
    }

    @Test
    void droppingAParentKeepsWhatItsForksNeed() {
        ChainSpec fork;
        ChainSpec second;
        List<Piece> first;
        List<Piece> next;
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            storeFixture.keep(MAIN, Samples.transaction(MAIN, 70));
            storeFixture.grow(MAIN, 1, 9);
            fork = fork(storeFixture, "side", MAIN, 4);
            storeFixture.bang(fork);
            storeFixture.grow(fork, 100, 4);
            second = fork(storeFixture, "second", fork, 7);
            storeFixture.bang(second);
            storeFixture.grow(second, 200, 2);
            first = storeFixture.pieces(fork);
            next = storeFixture.pieces(second);
            storeFixture.ask(DROP, new Drop(MAIN.id()));
            assertThat(storeFixture.pieces(fork)).isEqualTo(first);
            storeFixture.ask(DROP, new Drop(fork.id()));
            assertThat(storeFixture.pieces(second)).isEqualTo(next);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data)) {
            assertThat(storeFixture.pieces(second)).isEqualTo(next);
            assertThat(storeFixture.locate(second, tx(MAIN, 2))).isInstanceOf(Committed.class);
            assertThat(storeFixture.locate(second, tx(fork, 100))).isInstanceOf(Committed.class);
            assertThat(storeFixture.locate(second, tx(fork, 103))).isEqualTo(new Absent());
            storeFixture.grow(second, 300, 1);
            storeFixture.undeploy();
        }
        assertSound();
        assertThat(logged(1)).isEqualTo(5);
        assertThat(logged(2)).isEqualTo(2);
        dropLast(second);
    }

    /** With the last fork goes what its ancestors had left for it. */
    private void dropLast(ChainSpec second) {
        try (StoreFixture storeFixture = StoreFixture.start(data)) {
            storeFixture.ask(DROP, new Drop(second.id()));
            storeFixture.undeploy();
        }
        // A node that stops goes on deleting at its next start.
        for (int n = 0; n < 20 && logged(1) + logged(2) + logged(3) > 0; n++) {
            try (StoreFixture storeFixture = StoreFixture.start(data, Samples.pow("other"))) {
                assertThat(storeFixture.writable()).isTrue();
                storeFixture.undeploy();
            }
        }
        assertThat(logged(1) + logged(2) + logged(3)).isZero();
    }

    private int logged(int chain) {
        int entries = 0;
        try (Store store = RocksStore.openToRead(
                        data.resolve("store"), Samples.config(data, 0).store());
                SequenceScan log = new SequenceScan(store, ColumnFamily.LOG, chain)) {
            for (log.seek(0); log.here(); log.next()) {
                entries++;
            }
        }
        return entries;
    }

    private static ChainSpec fork(StoreFixture storeFixture, String name, ChainSpec parent, long height) {
        return Samples.fork(name, parent, storeFixture.at(parent, height).header(), LATER);
    }

    private static Quant quant(StoreFixture storeFixture, ChainSpec spec, long height) {
        Piece piece = storeFixture.pieces(spec).stream()
                .filter(each -> each.quant().header().height() == height)
                .findFirst()
                .orElseThrow();
        return new Quant(piece.quant().header(), piece.quant().seals(), piece.transactions());
    }

    private static Hash tx(ChainSpec spec, int n) {
        return Samples.transaction(spec, n).id();
    }

    private static long ancestor(StoreFixture storeFixture, ChainSpec one, ChainSpec other) {
        QuantHead shared = storeFixture
                .ask(FIND_ANCESTOR, new FindAncestor(one.id(), other.id()))
                .quant()
                .orElseThrow();
        return shared.header().height();
    }

    private static List<Long> heights(StoreFixture storeFixture, ChainSpec spec) {
        return storeFixture.pieces(spec).stream()
                .map(piece -> piece.quant().header().height())
                .toList();
    }

    /** All transactions from the first quant on make the head's root, and each quant refers to the one before. */
    private static void assertOneTree(StoreFixture storeFixture, ChainSpec spec) {
        List<Hash> ids = new ArrayList<>();
        Hash previous = Hash.ZERO;
        for (Piece piece : storeFixture.pieces(spec)) {
            assertThat(piece.quant().header().previous()).isEqualTo(previous);
            previous = piece.quant().hash();
            piece.transactions().stream().map(Transaction::id).forEach(ids::add);
        }
        Frontier tree = Frontier.EMPTY.append(ids);
        assertThat(tree.root()).isEqualTo(storeFixture.tip(spec).head().header().root());
        assertThat(tree).isEqualTo(storeFixture.tip(spec).frontier());
    }

    private static Reason reason(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).refusal().reason();
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
