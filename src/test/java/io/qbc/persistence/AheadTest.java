package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FIND_QUANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.verify.Verify;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger judges quants while those before them are on their way to the disk. */
class AheadTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final Tip GENESIS = Tip.genesis(SPEC);

    private final AtomicReference<Optional<HeldStore>> opened = new AtomicReference<>(Optional.empty());

    @TempDir
    Path data;

    @Test
    void answersComeInOrderAndNoneBeforeTheSync() {
        try (Rig rig = rig()) {
            List<Quant> quants = quants(0, 5);
            store().holdSyncs();
            List<Future<Verdict>> answers = offer(rig, quants);
            awaitVisible(rig, quants.get(0));
            assertThat(answers).noneMatch(Future::isComplete);
            assertThat(rig.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(rig.moves).isEmpty();
            store().release();
            assertThat(verdicts(rig, answers)).allMatch(Verdict.Extended.class::isInstance);
            await().until(() -> rig.moves.size() == 5);
            assertThat(rig.moves)
                    .extracting(HeadMoved::head)
                    .extracting(head -> head.header().height())
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(rig.head(SPEC)).isEqualTo(quants.get(4).header().hash());
            assertThat(rig.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void moreThanMayBeUnderWayAreTakenAllTheSame() {
        try (Rig rig = rig()) {
            List<Quant> quants = quants(0, 60);
            assertThat(verdicts(rig, offer(rig, quants))).allMatch(Verdict.Extended.class::isInstance);
            assertThat(rig.tip(SPEC).head().height()).isEqualTo(60);
            assertThat(rig.waitingIds(SPEC)).isEmpty();
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void nothingIsAcknowledgedThatIsNotDurable() {
        List<Quant> quants = quants(0, 4);
        try (Rig rig = rig()) {
            store().holdSyncs();
            List<Future<Verdict>> answers = offer(rig, quants);
            awaitVisible(rig, quants.get(0));
            store().fail(Reason.STORE_READ_ONLY);
            assertThat(reasons(rig, answers)).containsOnly(Reason.STORE_READ_ONLY);
            assertThat(rig.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(rig.moves).isEmpty();
            assertThat(rig.writable()).isFalse();
            rig.undeploy();
        }
        assertSound();
        try (Rig rig = Rig.start(data, SPEC)) {
            // What became of the unsynced writes is the disk's affair, as long as it is a beginning of them.
            assertThat(verdicts(rig, offer(rig, quants)))
                    .allMatch(verdict -> verdict instanceof Verdict.Known || verdict instanceof Verdict.Extended);
            assertThat(rig.tip(SPEC).head().height()).isEqualTo(4);
        }
    }

    @Test
    void whatBuildsOnAQuantThatWasDroppedIsDroppedToo() {
        List<Quant> quants = quants(0, 4);
        try (Rig rig = rig()) {
            store().refuse(Optional.of(quants.get(1).header().hash()));
            store().holdAppends();
            List<Future<Verdict>> answers = offer(rig, quants);
            rig.writable();
            store().release();
            List<Verdict> verdicts = verdicts(rig, answers);
            assertThat(verdicts.get(0)).isInstanceOf(Verdict.Extended.class);
            assertThat(verdicts.subList(1, 4)).noneMatch(Verdict.Extended.class::isInstance);
            assertThat(rig.head(SPEC)).isEqualTo(quants.get(0).header().hash());
            assertThat(rig.writable()).isTrue();
            store().refuse(Optional.empty());
            assertThat(verdicts(rig, offer(rig, quants.subList(1, 4)))).hasSize(3);
            await().until(() -> rig.tip(SPEC).head().height() == 4);
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void aTransactionOfAQuantUnderWayIsNotTakenTwice() {
        try (Rig rig = rig()) {
            rig.keep(SPEC, tx(1));
            for (Transaction again : List.of(tx(1), tx(2))) {
                assertTwice(rig, again, again);
            }
            Transaction one = Signing.transaction(SPEC, 7, "key", "{\"a\":1}");
            assertTwice(rig, one, Signing.transaction(SPEC, 8, "key", "{\"a\":2}"));
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void aHeavierBranchTakesOverWhileQuantsAreUnderWay() {
        try (Rig rig = rig()) {
            List<Quant> left = quants(0, 3);
            List<Quant> right = quants(10, 4);
            store().holdSyncs();
            List<Future<Verdict>> answers = offer(rig, left);
            answers.addAll(offer(rig, right));
            awaitVisible(rig, left.get(0));
            store().release();
            List<Verdict> verdicts = verdicts(rig, answers);
            assertThat(verdicts.subList(0, 3)).allMatch(Verdict.Extended.class::isInstance);
            // With equal weight the lower hash decides.
            assertThat(verdicts.subList(3, 7)).anyMatch(Verdict.Reorganised.class::isInstance);
            assertThat(rig.head(SPEC)).isEqualTo(right.get(3).header().hash());
            assertThat(rig.waiting(SPEC).entries()).hasSize(3);
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void anOrphanFollowsItsParentFromUnderWay() {
        try (Rig rig = rig()) {
            List<Quant> quants = quants(0, 3);
            assertThat(rig.offer(SPEC, quants.get(2))).isInstanceOf(Verdict.Orphan.class);
            assertThat(verdicts(rig, offer(rig, quants.subList(0, 2)))).hasSize(2);
            await().until(() -> rig.tip(SPEC).head().height() == 3);
        }
    }

    private static void assertTwice(Rig rig, Transaction one, Transaction other) {
        Tip tip = rig.tip(SPEC);
        long now = tip.head().header().timestamp() + Rig.NOW;
        Quant first = Samples.quant(
                SPEC, tip, List.of(one), Math.min(now, Rig.NOW + tip.head().height()));
        Tip after = Rig.after(SPEC, tip, first);
        Quant second =
                Samples.quant(SPEC, after, List.of(tx(1000 + (int) tip.head().height()), other), Rig.NOW + 100);
        List<Future<Verdict>> answers = offer(rig, List.of(first, second));
        assertThat(rig.await(answers.get(0))).isInstanceOf(Verdict.Extended.class);
        assertThat(reasons(rig, answers.subList(1, 2))).containsExactly(Reason.TRANSACTION_TWICE);
        assertThat(rig.tip(SPEC)).isEqualTo(after);
    }

    private Rig rig() {
        NodeConfig config = Samples.config(data, 0);
        return Rig.start(
                config,
                path -> {
                    HeldStore store = new HeldStore(RocksStore.open(path, config.store()));
                    opened.set(Optional.of(store));
                    return store;
                },
                SPEC);
    }

    private HeldStore store() {
        return opened.get().orElseThrow();
    }

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    /** Quants after the genesis quant, each with one transaction. */
    private static List<Quant> quants(int first, int count) {
        List<Quant> quants = new ArrayList<>();
        Tip tip = GENESIS;
        for (int n = first; n < first + count; n++) {
            Quant quant = Samples.quant(SPEC, tip, List.of(tx(n)), Rig.NOW + n);
            quants.add(quant);
            tip = Rig.after(SPEC, tip, quant);
        }
        return quants;
    }

    private static List<Future<Verdict>> offer(Rig rig, List<Quant> quants) {
        List<Future<Verdict>> answers = new ArrayList<>();
        for (Quant quant : quants) {
            answers.add(rig.bus.ask(APPEND, Append.foreign(SPEC.id(), quant.outline(), quant.transactions())));
        }
        return answers;
    }

    private static void awaitVisible(Rig rig, Quant quant) {
        FindQuant question =
                new FindQuant(SPEC.id(), new QuantName.ByHash(quant.header().hash()));
        await().until(() -> rig.ask(FIND_QUANT, question).quant().isPresent());
    }

    private static List<Verdict> verdicts(Rig rig, List<Future<Verdict>> answers) {
        return answers.stream().map(rig::await).toList();
    }

    private static List<Reason> reasons(Rig rig, List<Future<Verdict>> answers) {
        return verdicts(rig, answers).stream()
                .map(verdict -> ((Verdict.Refused) verdict).refusal().reason())
                .toList();
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
