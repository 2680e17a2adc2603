package io.qbc.persistence;

import static io.qbc.bus.Catalogue.BACKUP;
import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_BACKUP;
import static io.qbc.bus.Catalogue.FIND_STORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Backup;
import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindBackup;
import io.qbc.bus.Catalogue.FindStore;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("On a full disk")
class FullDiskTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec OTHER = Samples.pow("other");
    private static final long PLENTY_BYTES = 1L << 40;
    private static final long LITTLE_BYTES = 32L << 20;
    /** Above the reserve, and not enough to go on after a write that failed. */
    private static final long JUST_BYTES = 70L << 20;

    @TempDir
    Path home;

    private Path data;

    private final AtomicLong freeBytes = new AtomicLong(PLENTY_BYTES);
    private final AtomicReference<Optional<HeldStore>> held = new AtomicReference<>(Optional.empty());

    @BeforeEach
    void place() {
        data = home.resolve("data");
    }

    @Test
    @DisplayName("nothing is taken below the reserve but what makes room, and all again above it")
    void reserve() {
        try (StoreFixture storeFixture = start(this::open, SPEC, OTHER)) {
            storeFixture.keep(SPEC, tx(1));
            storeFixture.leap(SPEC);
            Quant quant = Samples.quant(SPEC, storeFixture.tip(SPEC), List.of(tx(2)), StoreFixture.NOW + 1);
            freeBytes.set(LITTLE_BYTES);
            await().until(() -> !storeFixture.writable());
            assertThat(refusal(storeFixture.keep(SPEC, tx(3)).get(0)).detail()).contains("32 MiB", "64 MiB");
            assertThat(((Verdict.Refused) storeFixture.offer(SPEC, quant))
                            .refusal()
                            .reason())
                    .isEqualTo(Reason.STORE_FULL);
            assertThat(storeFixture
                            .refusal(BANG, new Bang(Samples.pow("third")))
                            .reason())
                    .isEqualTo(Reason.STORE_FULL);
            assertThat(storeFixture.locate(SPEC, tx(1).id())).isInstanceOf(Committed.class);
            assertThat(state(storeFixture).refusal().map(Refusal::reason)).contains(Reason.STORE_FULL);
            storeFixture.ask(DROP, new Drop(OTHER.id()));
            freeBytes.set(PLENTY_BYTES);
            await().until(storeFixture::writable);
            assertThat(storeFixture.keep(SPEC, tx(3))).containsExactly(new Accepted(tx(3).id(), 2));
            assertThat(storeFixture.offer(SPEC, quant)).isInstanceOf(Verdict.Extended.class);
            assertThat(state(storeFixture).reopened()).isZero();
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    @DisplayName("a store whose write failed is opened again by itself, and says what there is more than it told")
    void failedWrite() {
        freeBytes.set(JUST_BYTES);
        try (StoreFixture storeFixture = start(this::openHeld, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2));
            storeFixture.leap(SPEC);
            storeFixture.keep(SPEC, tx(3));
            Quant quant = Samples.quant(SPEC, storeFixture.tip(SPEC), List.of(tx(4)), StoreFixture.NOW + 1);
            BackupState made = backUp(storeFixture);
            storeFixture.moves.clear();
            HeldStore first = held.get().orElseThrow();
            first.fail(Reason.STORE_FULL);
            assertThat(((Verdict.Refused) storeFixture.offer(SPEC, quant))
                            .refusal()
                            .reason())
                    .isEqualTo(Reason.STORE_FULL);
            assertThat(refusal(storeFixture.keep(SPEC, tx(5)).get(0)).reason()).isEqualTo(Reason.STORE_FULL);
            assertThat(storeFixture.moves).isEmpty();
            assertThat(storeFixture.locate(SPEC, tx(3).id())).isEqualTo(new Pending(tx(3)));
            freeBytes.set(PLENTY_BYTES);
            await().ignoreExceptions().until(() -> state(storeFixture).reopened() == 1 && storeFixture.writable());
            assertThat(held.get()).isNotEqualTo(Optional.of(first));
            assertThat(storeFixture.ask(FIND_BACKUP, new FindBackup())).isEqualTo(made);
            // The write was appended, and its sync failed: whether it is there now is the disk's affair.
            assertThat(storeFixture.offer(SPEC, quant)).isInstanceOfAny(Verdict.Known.class, Verdict.Extended.class);
            assertThat(storeFixture.moves)
                    .extracting(HeadMoved::tip, HeadMoved::undone)
                    .containsExactly(tuple(storeFixture.tip(SPEC), 0));
            assertThat(storeFixture.moves.get(0).done()).hasSize(1);
            assertThat(storeFixture.keep(SPEC, tx(1), tx(3), tx(5)))
                    .startsWith(new Repeated(tx(1).id()), new Repeated(tx(3).id()))
                    .element(2)
                    .isInstanceOf(Accepted.class);
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(3).id(), tx(5).id());
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    @DisplayName("a store is opened for reading only, and for writing as soon as there is room")
    void start() {
        begin();
        freeBytes.set(0);
        startsToRead(this::open);
        assertSound();
    }

    @Test
    @DisplayName("a store is opened for reading only also where opening it is what fails")
    void startFails() {
        begin();
        AtomicReference<Optional<StoreException>> full =
                new AtomicReference<>(Optional.of(new StoreException(Reason.STORE_FULL, "opening failed")));
        freeBytes.set(2L << 20);
        startsToRead(path -> {
            if (freeBytes.get() < PLENTY_BYTES) {
                throw full.get().orElseThrow();
            }
            return open(path);
        });
        assertSound();
    }

    private void begin() {
        try (StoreFixture storeFixture = start(this::open, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2));
            storeFixture.leap(SPEC);
            storeFixture.keep(SPEC, tx(3));
            storeFixture.undeploy();
        }
    }

    private void startsToRead(Function<Path, Store> opener) {
        try (StoreFixture storeFixture = start(opener, SPEC)) {
            Tip tip = storeFixture.tip(SPEC);
            assertThat(tip.head().height()).isEqualTo(1);
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(3).id());
            assertThat(refusal(storeFixture.keep(SPEC, tx(4)).get(0)).reason()).isEqualTo(Reason.STORE_FULL);
            assertThat(storeFixture.writable()).isFalse();
            assertThat(storeFixture
                            .refusal(BACKUP, new Backup(Optional.empty(), false, false))
                            .reason())
                    .isEqualTo(Reason.STORE_FULL);
            freeBytes.set(PLENTY_BYTES);
            await().ignoreExceptions().until(storeFixture::writable);
            assertThat(storeFixture.moves).isEmpty();
            assertThat(storeFixture.tip(SPEC)).isEqualTo(tip);
            backUp(storeFixture);
            assertThat(storeFixture.keep(SPEC, tx(3), tx(4)))
                    .containsExactly(new Repeated(tx(3).id()), new Accepted(tx(4).id(), 4));
            storeFixture.undeploy();
        }
    }

    private static BackupState backUp(StoreFixture storeFixture) {
        storeFixture.ask(BACKUP, new Backup(Optional.of("one"), false, false));
        BackupState state = await().until(
                        () -> storeFixture.ask(FIND_BACKUP, new FindBackup()),
                        told -> told.finishedAt().isPresent());
        assertThat(state.failure()).isEmpty();
        return state;
    }

    @Test
    @DisplayName("a directory without a store is not begun")
    void nothing() {
        freeBytes.set(0);
        assertThatThrownBy(() -> start(
                        path -> {
                            throw new StoreException(Reason.STORE_FULL, "opening failed");
                        },
                        SPEC))
                .isInstanceOf(StoreException.class)
                .hasMessage("opening failed; make room on the disk of the data directory");
    }

    private StoreFixture start(Function<Path, Store> opener, ChainSpec... chains) {
        NodeConfig config = Samples.config(data, 0);
        return StoreFixture.start(
                config,
                new StoreAccess(opener, path -> RocksStore.openToRead(path, config.store()), freeBytes::get),
                chains);
    }

    private Store open(Path path) {
        return RocksStore.open(path, Samples.config(data, 0).store());
    }

    private Store openHeld(Path path) {
        HeldStore store = new HeldStore(open(path));
        held.set(Optional.of(store));
        return store;
    }

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    private static Refusal refusal(Admission admission) {
        return ((Declined) admission).refusal();
    }

    private static StoreState state(StoreFixture storeFixture) {
        return storeFixture.ask(FIND_STORE, new FindStore());
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
