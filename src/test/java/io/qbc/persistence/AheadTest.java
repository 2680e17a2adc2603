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

/** Quants are judged while those before them are on their way to the disk. */
class AheadTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final Tip GENESIS = Tip.genesis(SPEC);

    private final AtomicReference<Optional<HeldStore>> opened = new AtomicReference<>(Optional.empty());

    @TempDir
    Path data;

    @Test
    void answersComeInOrderAndNoneBeforeTheSync() {
        try (StoreFixture storeFixture = storeFixture()) {
            List<Quant> quants = quants(0, 5);
            store().holdSyncs();
            List<Future<Verdict>> answers = offer(storeFixture, quants);
            awaitVisible(storeFixture, quants.get(0));
            assertThat(answers).noneMatch(Future::isComplete);
            assertThat(storeFixture.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(storeFixture.moves).isEmpty();
            store().release();
            assertThat(verdicts(storeFixture, answers)).allMatch(Verdict.Extended.class::isInstance);
            await().until(() -> storeFixture.moves.size() == 5);
            assertThat(storeFixture.moves)
                    .extracting(HeadMoved::head)
                    .extracting(head -> head.header().height())
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(storeFixture.head(SPEC)).isEqualTo(quants.get(4).header().hash());
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void moreThanMayBeUnderWayAreTakenAllTheSame() {
        try (StoreFixture storeFixture = storeFixture()) {
            List<Quant> quants = quants(0, 60);
            assertThat(verdicts(storeFixture, offer(storeFixture, quants)))
                    .allMatch(Verdict.Extended.class::isInstance);
            assertThat(storeFixture.tip(SPEC).head().height()).isEqualTo(60);
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void nothingIsAcknowledgedThatIsNotDurable() {
        List<Quant> quants = quants(0, 4);
        try (StoreFixture storeFixture = storeFixture()) {
            store().holdSyncs();
            List<Future<Verdict>> answers = offer(storeFixture, quants);
            awaitVisible(storeFixture, quants.get(0));
            store().fail(Reason.STORE_READ_ONLY);
            assertThat(reasons(storeFixture, answers)).containsOnly(Reason.STORE_READ_ONLY);
            assertThat(storeFixture.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(storeFixture.moves).isEmpty();
            assertThat(storeFixture.writable()).isFalse();
            storeFixture.undeploy();
        }
        assertSound();
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            // What became of the unsynced writes is the disk's affair, as long as it is a beginning of them.
            assertThat(verdicts(storeFixture, offer(storeFixture, quants)))
                    .allMatch(verdict -> verdict instanceof Verdict.Known || verdict instanceof Verdict.Extended);
            assertThat(storeFixture.tip(SPEC).head().height()).isEqualTo(4);
        }
    }

    @Test
    void whatBuildsOnAQuantThatWasDroppedIsDroppedToo() {
        List<Quant> quants = quants(0, 4);
        try (StoreFixture storeFixture = storeFixture()) {
            store().refuse(Optional.of(quants.get(1).header().hash()));
            store().holdAppends();
            List<Future<Verdict>> answers = offer(storeFixture, quants);
            storeFixture.writable();
            store().release();
            List<Verdict> verdicts = verdicts(storeFixture, answers);
            assertThat(verdicts.get(0)).isInstanceOf(Verdict.Extended.class);
            assertThat(verdicts.subList(1, 4)).noneMatch(Verdict.Extended.class::isInstance);
            assertThat(storeFixture.head(SPEC)).isEqualTo(quants.get(0).header().hash());
            assertThat(storeFixture.writable()).isTrue();
            store().refuse(Optional.empty());
            assertThat(verdicts(storeFixture, offer(storeFixture, quants.subList(1, 4))))
                    .hasSize(3);
            await().until(() -> storeFixture.tip(SPEC).head().height() == 4);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void aTransactionOfAQuantUnderWayIsNotTakenTwice() {
        try (StoreFixture storeFixture = storeFixture()) {
            storeFixture.keep(SPEC, tx(1));
            for (Transaction again : List.of(tx(1), tx(2))) {
                assertTwice(storeFixture, again, again);
            }
            Transaction one = Signing.transaction(SPEC, 7, "key", "{\"a\":1}");
            assertTwice(storeFixture, one, Signing.transaction(SPEC, 8, "key", "{\"a\":2}"));
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void aHeavierBranchTakesOverWhileQuantsAreUnderWay() {
        try (StoreFixture storeFixture = storeFixture()) {
            List<Quant> left = quants(0, 3);
            List<Quant> right = quants(10, 4);
            store().holdSyncs();
            List<Future<Verdict>> answers = offer(storeFixture, left);
            answers.addAll(offer(storeFixture, right));
            awaitVisible(storeFixture, left.get(0));
            store().release();
            List<Verdict> verdicts = verdicts(storeFixture, answers);
            assertThat(verdicts.subList(0, 3)).allMatch(Verdict.Extended.class::isInstance);
            // With equal weight the lower hash decides.
            assertThat(verdicts.subList(3, 7)).anyMatch(Verdict.Reorganised.class::isInstance);
            assertThat(storeFixture.head(SPEC)).isEqualTo(right.get(3).header().hash());
            assertThat(storeFixture.waiting(SPEC).entries()).hasSize(3);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void anOrphanFollowsItsParentFromUnderWay() {
        try (StoreFixture storeFixture = storeFixture()) {
            List<Quant> quants = quants(0, 3);
            assertThat(storeFixture.offer(SPEC, quants.get(2))).isInstanceOf(Verdict.Orphan.class);
            assertThat(verdicts(storeFixture, offer(storeFixture, quants.subList(0, 2))))
                    .hasSize(2);
            await().until(() -> storeFixture.tip(SPEC).head().height() == 3);
        }
    }

    private static void assertTwice(StoreFixture storeFixture, Transaction one, Transaction other) {
        Tip tip = storeFixture.tip(SPEC);
        long now = tip.head().header().timestamp() + StoreFixture.NOW;
        Quant first = Samples.quant(
                SPEC,
                tip,
                List.of(one),
                Math.min(now, StoreFixture.NOW + tip.head().height()));
        Tip after = StoreFixture.after(SPEC, tip, first);
        Quant second = Samples.quant(
                SPEC, after, List.of(tx(1000 + (int) tip.head().height()), other), StoreFixture.NOW + 100);
        List<Future<Verdict>> answers = offer(storeFixture, List.of(first, second));
        assertThat(storeFixture.await(answers.get(0))).isInstanceOf(Verdict.Extended.class);
        assertThat(reasons(storeFixture, answers.subList(1, 2))).containsExactly(Reason.TRANSACTION_TWICE);
        assertThat(storeFixture.tip(SPEC)).isEqualTo(after);
    }

    private StoreFixture storeFixture() {
        NodeConfig config = Samples.config(data, 0);
        return StoreFixture.start(
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
            Quant quant = Samples.quant(SPEC, tip, List.of(tx(n)), StoreFixture.NOW + n);
            quants.add(quant);
            tip = StoreFixture.after(SPEC, tip, quant);
        }
        return quants;
    }

    private static List<Future<Verdict>> offer(StoreFixture storeFixture, List<Quant> quants) {
        List<Future<Verdict>> answers = new ArrayList<>();
        for (Quant quant : quants) {
            answers.add(storeFixture.bus.ask(
                    APPEND, Append.foreign(SPEC.id(), quant.compactQuant(), quant.transactions())));
        }
        return answers;
    }

    private static void awaitVisible(StoreFixture storeFixture, Quant quant) {
        FindQuant question =
                new FindQuant(SPEC.id(), new QuantName.ByHash(quant.header().hash()));
        await().until(() -> storeFixture.ask(FIND_QUANT, question).quant().isPresent());
    }

    private static List<Verdict> verdicts(StoreFixture storeFixture, List<Future<Verdict>> answers) {
        return answers.stream().map(storeFixture::await).toList();
    }

    private static List<Reason> reasons(StoreFixture storeFixture, List<Future<Verdict>> answers) {
        return verdicts(storeFixture, answers).stream()
                .map(verdict -> ((Verdict.Refused) verdict).refusal().reason())
                .toList();
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
