package io.qbc.persistence;

import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_ANCESTOR;
import static io.qbc.bus.Catalogue.FIND_COMMON;
import static io.qbc.bus.Catalogue.FIND_LOCATOR;
import static io.qbc.bus.Catalogue.FIND_OUTLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Catalogue.FindCommon;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Catalogue.FindOutline;
import io.qbc.bus.Catalogue.Made;
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
import io.qbc.persistence.store.Numbered;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkTest {
    private static final ChainSpec MAIN = Samples.dbc("main");
    private static final long LATER = Rig.NOW + 1000;

    @TempDir
    Path data;

    @Test
    void aForkSharesThePastAndGoesItsOwnWay() {
        try (Rig rig = Rig.start(data, MAIN)) {
            Tip parent = rig.grow(MAIN, 1, 8);
            ChainSpec fork = fork(rig, "side", MAIN, 5);
            assertThat(((Made) rig.bang(fork)).created()).isTrue();
            assertThat(rig.tip(fork).head().height()).isEqualTo(6);
            assertThat(rig.tip(fork).head().weight()).isEqualTo(5);
            rig.grow(fork, 100, 3);
            assertThat(heights(rig, fork)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            assertThat(rig.tip(MAIN)).isEqualTo(parent);
            assertOneTree(rig, fork);
            assertThat(rig.locate(fork, tx(MAIN, 3)))
                    .isEqualTo(rig.locate(MAIN, tx(MAIN, 3)))
                    .isInstanceOf(Committed.class);
            assertThat(rig.locate(fork, tx(MAIN, 7))).isEqualTo(new Absent());
            assertThat(rig.locate(fork, tx(fork, 101))).isInstanceOf(Committed.class);
            assertThat(rig.locate(MAIN, tx(fork, 101))).isEqualTo(new Absent());
            assertThat(rig.at(fork, 4)).isEqualTo(rig.at(MAIN, 4));
            assertThat(ancestor(rig, fork, MAIN)).isEqualTo(5);
            assertThat(ancestor(rig, MAIN, fork)).isEqualTo(5);
            List<Hash> locator =
                    rig.ask(FIND_LOCATOR, new FindLocator(fork.id())).hashes();
            assertThat(locator).startsWith(rig.head(fork)).endsWith(fork.id());
            List<Hash> asked = List.of(rig.head(MAIN), rig.at(MAIN, 3).hash());
            assertThat(rig.ask(FIND_COMMON, new FindCommon(fork.id(), asked)).height())
                    .contains(3L);
            Hash fourth = rig.at(MAIN, 4).hash();
            assertThat(rig.ask(FIND_OUTLINE, new FindOutline(fork.id(), fourth)))
                    .isEqualTo(rig.ask(FIND_OUTLINE, new FindOutline(MAIN.id(), fourth)));
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(rig.pieces(MAIN)).hasSize(9);
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void theTwoDoNotTakeEachOthersTransactionsAndQuants() {
        try (Rig rig = Rig.start(data, MAIN)) {
            rig.grow(MAIN, 1, 3);
            ChainSpec fork = fork(rig, "side", MAIN, 2);
            rig.bang(fork);
            Quant mixed = Samples.quant(fork, rig.tip(fork), List.of(Samples.transaction(MAIN, 50)), LATER + 1);
            assertThat(reason(rig.offer(fork, mixed))).isEqualTo(Reason.TRANSACTION_CHAIN);
            Quant again = Samples.quant(fork, rig.tip(fork), List.of(Samples.transaction(MAIN, 1)), LATER + 1);
            assertThat(reason(rig.offer(fork, again))).isEqualTo(Reason.TRANSACTION_CHAIN);
            Quant parents = Samples.quant(MAIN, rig.tip(MAIN), List.of(), LATER + 1);
            assertThat(reason(rig.offer(fork, parents))).isEqualTo(Reason.QUANT_CHAIN);
            Tip early = Rig.after(MAIN, Tip.genesis(MAIN), quant(rig, MAIN, 1));
            Quant rival = Samples.quant(fork, early, List.of(), LATER + 1);
            assertThat(reason(rig.offer(fork, rival))).isEqualTo(Reason.QUANT_HEIGHT);
        }
    }

    @Test
    void aForkOfSomethingElseIsRefused() {
        try (Rig rig = Rig.start(data, MAIN)) {
            rig.grow(MAIN, 1, 3);
            Header at = rig.at(MAIN, 2).header();
            assertThat(rig.notMade(Samples.fork("a", Samples.pow("nowhere"), at, LATER)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
            Quant aside = Samples.quant(MAIN, Tip.genesis(MAIN), List.of(), Rig.NOW);
            rig.offer(MAIN, aside);
            assertThat(rig.notMade(Samples.fork("b", MAIN, aside.header(), LATER)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
            Header lied = new Fields(at).treeSize(9).header();
            assertThat(rig.notMade(Samples.fork("c", MAIN, lied, LATER))).isEqualTo(Reason.CHAIN_SPEC_INVALID);
            assertThat(rig.notMade(Samples.fork("d", MAIN, at, Samples.GENESIS_TIME)))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
        }
    }

    @Test
    void aForkKeepsItsHistoryWhenTheParentIsReorganised() {
        ChainSpec fork;
        ChainSpec second;
        List<Piece> before;
        try (Rig rig = Rig.start(data, MAIN)) {
            rig.grow(MAIN, 1, 6);
            fork = fork(rig, "side", MAIN, 5);
            rig.bang(fork);
            rig.grow(fork, 100, 3);
            second = fork(rig, "second", fork, 4);
            rig.bang(second);
            rig.grow(second, 200, 2);
            before = rig.pieces(fork);
            reorganise(rig, 2, 7, 10);
            assertThat(rig.pieces(fork)).isEqualTo(before);
            // A second, deeper one must not take back what was kept at the first.
            reorganise(rig, 1, 10, 20);
            assertThat(rig.tip(MAIN).head().height()).isEqualTo(11);
            assertShared(rig, fork, before);
            assertThat(rig.locate(second, tx(MAIN, 4))).isInstanceOf(Committed.class);
            assertThat(rig.locate(second, tx(MAIN, 5))).isEqualTo(new Absent());
            assertThat(ancestor(rig, fork, MAIN)).isEqualTo(1);
            assertThat(ancestor(rig, fork, second)).isEqualTo(4);
            rig.undeploy();
        }
        assertSound();
        try (Rig rig = Rig.start(data, MAIN)) {
            assertShared(rig, fork, before);
            assertThat(heights(rig, second)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            rig.ask(DROP, new Drop(MAIN.id()));
            assertShared(rig, fork, before);
            rig.undeploy();
        }
        assertSound();
    }

    private void assertShared(Rig rig, ChainSpec fork, List<Piece> before) {
        assertThat(rig.pieces(fork)).isEqualTo(before);
        assertOneTree(rig, fork);
        for (int n = 1; n <= 5; n++) {
            assertThat(rig.locate(fork, tx(MAIN, n)))
                    .isInstanceOfSatisfying(
                            Committed.class,
                            place -> assertThat(place.quant())
                                    .isEqualTo(rig.at(fork, place.height()).hash()));
        }
    }

    /** Takes the parent to a heavier branch that leaves at a height. */
    private static void reorganise(Rig rig, long from, int count, int salt) {
        Tip tip = Tip.genesis(MAIN);
        for (long height = 1; height <= from; height++) {
            tip = Rig.after(MAIN, tip, quant(rig, MAIN, height));
        }
        for (int n = 0; n < count; n++) {
            Quant quant = Samples.quant(MAIN, tip, List.of(), Rig.NOW + 100L * salt + n);
            rig.offer(MAIN, quant);
            tip = Rig.after(MAIN, tip, quant);
        }
        assertThat(rig.tip(MAIN)).isEqualTo(tip);
    }

    @Test
    void droppingAParentKeepsWhatItsForksNeed() {
        ChainSpec fork;
        ChainSpec second;
        List<Piece> first;
        List<Piece> next;
        try (Rig rig = Rig.start(data, MAIN)) {
            rig.keep(MAIN, Samples.transaction(MAIN, 70));
            rig.grow(MAIN, 1, 9);
            fork = fork(rig, "side", MAIN, 4);
            rig.bang(fork);
            rig.grow(fork, 100, 4);
            second = fork(rig, "second", fork, 7);
            rig.bang(second);
            rig.grow(second, 200, 2);
            first = rig.pieces(fork);
            next = rig.pieces(second);
            rig.ask(DROP, new Drop(MAIN.id()));
            assertThat(rig.pieces(fork)).isEqualTo(first);
            rig.ask(DROP, new Drop(fork.id()));
            assertThat(rig.pieces(second)).isEqualTo(next);
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data)) {
            assertThat(rig.pieces(second)).isEqualTo(next);
            assertThat(rig.locate(second, tx(MAIN, 2))).isInstanceOf(Committed.class);
            assertThat(rig.locate(second, tx(fork, 100))).isInstanceOf(Committed.class);
            assertThat(rig.locate(second, tx(fork, 103))).isEqualTo(new Absent());
            rig.grow(second, 300, 1);
            rig.undeploy();
        }
        assertSound();
        assertThat(logged(1)).isEqualTo(5);
        assertThat(logged(2)).isEqualTo(2);
        dropLast(second);
    }

    /** With the last fork goes what its ancestors had left for it. */
    private void dropLast(ChainSpec second) {
        try (Rig rig = Rig.start(data)) {
            rig.ask(DROP, new Drop(second.id()));
            rig.undeploy();
        }
        // A node that stops goes on deleting at its next start.
        for (int n = 0; n < 20 && logged(1) + logged(2) + logged(3) > 0; n++) {
            try (Rig rig = Rig.start(data, Samples.pow("other"))) {
                assertThat(rig.writable()).isTrue();
                rig.undeploy();
            }
        }
        assertThat(logged(1) + logged(2) + logged(3)).isZero();
    }

    private int logged(int chain) {
        int entries = 0;
        try (Store store = RocksStore.openToRead(
                        data.resolve("store"), Samples.config(data, 0).store());
                Numbered log = new Numbered(store, Space.LOG, chain)) {
            for (log.seek(0); log.here(); log.next()) {
                entries++;
            }
        }
        return entries;
    }

    private static ChainSpec fork(Rig rig, String name, ChainSpec parent, long height) {
        return Samples.fork(name, parent, rig.at(parent, height).header(), LATER);
    }

    private static Quant quant(Rig rig, ChainSpec spec, long height) {
        Piece piece = rig.pieces(spec).stream()
                .filter(each -> each.quant().header().height() == height)
                .findFirst()
                .orElseThrow();
        return new Quant(piece.quant().header(), piece.quant().seals(), piece.transactions());
    }

    private static Hash tx(ChainSpec spec, int n) {
        return Samples.transaction(spec, n).id();
    }

    private static long ancestor(Rig rig, ChainSpec one, ChainSpec other) {
        QuantHead shared = rig.ask(FIND_ANCESTOR, new FindAncestor(one.id(), other.id()))
                .quant()
                .orElseThrow();
        return shared.header().height();
    }

    private static List<Long> heights(Rig rig, ChainSpec spec) {
        return rig.pieces(spec).stream()
                .map(piece -> piece.quant().header().height())
                .toList();
    }

    /** All transactions from the first quant on make the head's root, and each quant refers to the one before. */
    private static void assertOneTree(Rig rig, ChainSpec spec) {
        List<Hash> ids = new ArrayList<>();
        Hash previous = Hash.ZERO;
        for (Piece piece : rig.pieces(spec)) {
            assertThat(piece.quant().header().previous()).isEqualTo(previous);
            previous = piece.quant().hash();
            piece.transactions().stream().map(Transaction::id).forEach(ids::add);
        }
        Frontier tree = Frontier.EMPTY.append(ids);
        assertThat(tree.root()).isEqualTo(rig.tip(spec).head().header().root());
        assertThat(tree).isEqualTo(rig.tip(spec).frontier());
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
