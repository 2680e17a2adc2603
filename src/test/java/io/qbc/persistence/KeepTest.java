package io.qbc.persistence;

import static io.qbc.bus.Catalogue.KEEP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Pool.Entry;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.store.RocksStore;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepTest {
    private static final ChainSpec MAIN = Samples.dbc("main");
    private static final ChainSpec SIDE = Samples.dbc("side");

    @TempDir
    Path data;

    @Test
    void keepsInOrderAndOnce() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            Transaction one = Samples.transaction(MAIN, 1);
            Transaction two = Samples.transaction(MAIN, 2);
            assertThat(storeFixture.keep(MAIN, one, two, one))
                    .containsExactly(new Accepted(one.id(), 1), new Accepted(two.id(), 2), new Repeated(one.id()));
            assertThat(storeFixture.keep(MAIN, two)).containsExactly(new Repeated(two.id()));
            assertThat(storeFixture.locate(MAIN, two.id())).isEqualTo(new Pending(two));
            assertThat(storeFixture.waiting(MAIN).entries())
                    .containsExactly(
                            new Entry(1, one.id(), one.encoded().size(), Samples.GENESIS_TIME + 1),
                            new Entry(2, two.id(), two.encoded().size(), Samples.GENESIS_TIME + 2));
        }
    }

    @Test
    void keepsChainsApart() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, SIDE)) {
            Transaction here = Samples.transaction(MAIN, 1);
            Transaction there = Samples.transaction(SIDE, 1);
            assertThat(storeFixture.keep(MAIN, here)).containsExactly(new Accepted(here.id(), 1));
            assertThat(storeFixture.keep(SIDE, there)).containsExactly(new Accepted(there.id(), 1));
            assertThat(storeFixture.locate(MAIN, there.id())).isEqualTo(new Absent());
            assertThat(storeFixture.waitingIds(SIDE)).containsExactly(there.id());
        }
    }

    @Test
    void refusesAnUnknownChain() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThatThrownBy(() -> storeFixture.keep(SIDE, Samples.transaction(SIDE, 1)))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.refusal().reason()).isEqualTo(Reason.CHAIN_UNKNOWN));
        }
    }

    @Test
    void aKeyIsUsedOnce() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            Transaction first = Samples.keyed(MAIN, 1, "order-1", "{\"a\":1}");
            Transaction again = Samples.keyed(MAIN, 2, "order-1", "{\"a\":1}");
            Transaction other = Samples.keyed(MAIN, 3, "order-1", "{\"a\":2}");
            List<Submission> all =
                    List.of(new Submission(first, true), new Submission(again, true), new Submission(other));
            List<Admission> together =
                    storeFixture.ask(KEEP, new Keep(MAIN.id(), all)).admissions();
            assertThat(together.subList(0, 2)).containsExactly(new Accepted(first.id(), 1), new Repeated(first.id()));
            assertThat(reason(together.get(2))).isEqualTo(Reason.KEY_REUSED);
            List<Admission> later = storeFixture
                    .ask(KEEP, new Keep(MAIN.id(), all.subList(1, 3)))
                    .admissions();
            assertThat(later.get(0)).isEqualTo(new Repeated(first.id()));
            assertThat(reason(later.get(1))).isEqualTo(Reason.KEY_REUSED);
            assertThat(storeFixture.waitingIds(MAIN)).containsExactly(first.id());
        }
    }

    @Test
    void aSignedTransactionsKeyBelongsToItsAuthor() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            Transaction nobodys = Samples.keyed(MAIN, 9, "order-1", "{\"a\":1}");
            assertThat(storeFixture.keep(MAIN, nobodys)).containsExactly(new Accepted(nobodys.id(), 1));
            Transaction first = Signing.transaction(MAIN, 1, "order-1", "{\"a\":1}");
            Transaction again = Signing.transaction(MAIN, 2, "order-1", "{\"a\":1}");
            Transaction other = Signing.transaction(MAIN, 3, "order-1", "{\"a\":2}");
            assertThat(storeFixture.keep(MAIN, first, again))
                    .containsExactly(new Accepted(first.id(), 2), new Repeated(first.id()));
            assertThat(reason(storeFixture.keep(MAIN, other).get(0))).isEqualTo(Reason.KEY_REUSED);
        }
    }

    @Test
    void parallelKeepsOfTheSameTransactionsAreAcceptedOnce() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            List<Future<Injected>> answers = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                for (int n = 0; n < 50; n++) {
                    Submission submission = new Submission(Samples.transaction(MAIN, n));
                    answers.add(storeFixture.bus.ask(KEEP, new Keep(MAIN.id(), List.of(submission))));
                }
            }
            Set<Long> sequences = new HashSet<>();
            for (Future<Injected> answer : answers) {
                if (storeFixture.await(answer).admissions().get(0) instanceof Accepted accepted) {
                    assertThat(sequences.add(accepted.sequence())).isTrue();
                }
            }
            assertThat(sequences).hasSize(50);
            assertThat(storeFixture.waitingIds(MAIN)).hasSize(50).doesNotHaveDuplicates();
        }
    }

    @Test
    void moreThanMayWaitIsBusy() {
        var base = Samples.config(data, 0);
        var limits = new NodeConfig.Store(4096, 8192, 10, 1, 1 << 20, 1 << 20, 64, 0);
        var config = Samples.with(base, limits);
        AtomicReference<Optional<HeldStore>> opened = new AtomicReference<>(Optional.empty());
        try (StoreFixture storeFixture = StoreFixture.start(
                config,
                path -> {
                    HeldStore store = new HeldStore(RocksStore.open(path, limits));
                    opened.set(Optional.of(store));
                    return store;
                },
                MAIN)) {
            opened.get().orElseThrow().holdSyncs();
            List<Future<Injected>> answers = new ArrayList<>();
            for (int n = 0; n < 200; n++) {
                Submission submission = new Submission(Samples.transaction(MAIN, n));
                answers.add(storeFixture.bus.ask(KEEP, new Keep(MAIN.id(), List.of(submission))));
            }
            await().until(() -> answers.stream().anyMatch(Future::isComplete));
            opened.get().orElseThrow().release();
            List<Reason> reasons = new ArrayList<>();
            int accepted = 0;
            for (Future<Injected> answer : answers) {
                Admission admission = storeFixture.await(answer).admissions().get(0);
                accepted += admission instanceof Accepted ? 1 : 0;
                if (admission instanceof Declined) {
                    reasons.add(reason(admission));
                }
            }
            assertThat(reasons).isNotEmpty().containsOnly(Reason.BUSY);
            assertThat(storeFixture.waitingIds(MAIN)).hasSize(accepted);
        }
    }

    private static Reason reason(Admission admission) {
        return ((Declined) admission).refusal().reason();
    }
}
