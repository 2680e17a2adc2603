package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.KEEP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.verify.Verify;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    private static final ChainSpec SPEC = Samples.dbc("main");

    @TempDir
    Path data;

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    @Test
    void everythingIsThereAgainInOrder() {
        Tip before;
        List<Hash> waiting;
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2), tx(3));
            storeFixture.leap(SPEC);
            storeFixture.keep(SPEC, tx(4), tx(5), tx(6), tx(7));
            storeFixture.offer(
                    SPEC, Samples.quant(SPEC, storeFixture.tip(SPEC), List.of(tx(5), tx(8)), StoreFixture.NOW + 1));
            before = storeFixture.tip(SPEC);
            waiting = storeFixture.waitingIds(SPEC);
            assertThat(waiting).containsExactly(tx(4).id(), tx(6).id(), tx(7).id());
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture.tip(SPEC)).isEqualTo(before);
            assertThat(storeFixture.waitingIds(SPEC)).isEqualTo(waiting);
            assertThat(storeFixture.locate(SPEC, tx(6).id())).isEqualTo(new Pending(tx(6)));
            assertThat(storeFixture.locate(SPEC, tx(8).id())).isInstanceOf(Committed.class);
            assertThat(storeFixture.keep(SPEC, tx(4), tx(9)))
                    .containsExactly(new Repeated(tx(4).id()), new Accepted(tx(9).id(), 9));
            assertThat(storeFixture.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void theWatermarkFollowsTheChainAndComesBackWithAReorganisation() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1), tx(2));
            Quant left = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(1), tx(2)), StoreFixture.NOW);
            Tip leftTip = StoreFixture.after(SPEC, Tip.genesis(SPEC), left);
            storeFixture.offer(SPEC, left);
            // What waits is told once the quant's consequences are drawn; the next commit writes them down.
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();
            storeFixture.offer(SPEC, Samples.quant(SPEC, leftTip, List.of(), StoreFixture.NOW + 1));
            storeFixture.undeploy();
        }
        assertThat(watermark()).isEqualTo(3);
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            Tip tip = Tip.genesis(SPEC);
            for (int n = 0; n < 3; n++) {
                Quant quant = Samples.quant(SPEC, tip, List.of(), StoreFixture.NOW + 10 + n);
                storeFixture.offer(SPEC, quant);
                tip = StoreFixture.after(SPEC, tip, quant);
            }
            assertThat(storeFixture.tip(SPEC)).isEqualTo(tip);
            storeFixture.undeploy();
        }
        assertThat(watermark()).isEqualTo(1);
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(1).id(), tx(2).id());
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void aSecondNodeOnTheSameDirectoryIsRefused() {
        try (StoreFixture first = StoreFixture.start(data, SPEC)) {
            assertThatThrownBy(() -> StoreFixture.start(data, SPEC))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("another node uses the data directory " + data);
            assertThat(first.keep(SPEC, tx(1))).hasSize(1);
        }
    }

    @Test
    void anotherChainUnderAKnownNameIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.undeploy();
        }
        ChainSpec other = new ChainSpec(
                SPEC.name(), "", SPEC.genesisTime(), SPEC.consensus(), SPEC.limits(), Bytes.utf8("{\"other\":1}"));
        assertThatThrownBy(() -> StoreFixture.start(data, other))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(SPEC.id().hex())
                .hasMessageContaining(other.id().hex());
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture.head(SPEC)).isEqualTo(SPEC.id());
        }
    }

    @Test
    void aStoreThatTellsNoFormatIsRefusedWithAdvice() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.undeploy();
        }
        try (Store store = RocksStore.open(
                        data.resolve("store"), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.delete(ColumnFamily.META, StoreKeys.format());
            store.write(batch);
        }
        assertThatThrownBy(() -> StoreFixture.start(data, SPEC))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store has no format version; qbc verify tells")
                .hasMessageContaining("start with --peer");
    }

    @Test
    void anotherFormatIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.undeploy();
        }
        NodeConfig.Store limits = Samples.config(data, 0).store();
        try (Store store = RocksStore.open(data.resolve("store"), limits);
                Store.Batch batch = store.batch()) {
            batch.put(ColumnFamily.META, StoreKeys.format(), StoreKeys.number(1));
            store.write(batch);
        }
        assertThatThrownBy(() -> StoreFixture.start(data, SPEC))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store has format 1")
                .hasMessageContaining("begin with a new data directory");
    }

    @Test
    void aChainThatIsAddedLaterStandsBesideTheOthers() {
        ChainSpec second = Samples.pow("second");
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            storeFixture.keep(SPEC, tx(1));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC, second)) {
            assertThat(storeFixture.ask(FIND_CHAINS, new FindChains()).chains())
                    .extracting(Chain::id)
                    .containsExactly(SPEC.id(), second.id());
            storeFixture.keep(second, Samples.transaction(second, 1));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture
                            .ask(FIND_CHAINS, new FindChains())
                            .chains()
                            .get(1)
                            .spec())
                    .isEqualTo(second);
        }
    }

    @Test
    void afterAFailedWriteTheStoreIsReadOnlyUntilARestart() {
        NodeConfig config = Samples.config(data, 0);
        AtomicReference<Optional<FaultyStore>> opened = new AtomicReference<>(Optional.empty());
        try (StoreFixture storeFixture = StoreFixture.start(
                config,
                path -> {
                    FaultyStore store = new FaultyStore(RocksStore.open(path, config.store()));
                    opened.set(Optional.of(store));
                    return store;
                },
                SPEC)) {
            storeFixture.keep(SPEC, tx(1));
            Quant quant = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(1)), StoreFixture.NOW);
            FaultyStore store = opened.get().orElseThrow();
            store.fault.set(Optional.of(Reason.STORE_READ_ONLY));
            List<Future<Injected>> answers = new ArrayList<>();
            for (int n = 2; n < 30; n++) {
                Submission submission = new Submission(tx(n));
                answers.add(storeFixture.bus.ask(KEEP, new Keep(SPEC.id(), List.of(submission))));
            }
            for (Future<Injected> answer : answers) {
                assertThat(((Declined) storeFixture.await(answer).admissions().get(0))
                                .refusal()
                                .reason())
                        .isEqualTo(Reason.STORE_READ_ONLY);
            }
            store.fault.set(Optional.empty());
            assertThat(storeFixture.writable()).isFalse();
            assertThat(storeFixture.offer(SPEC, quant)).isInstanceOf(Verdict.Refused.class);
            assertThat(storeFixture.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(storeFixture.locate(SPEC, tx(1).id())).isEqualTo(new Pending(tx(1)));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture.writable()).isTrue();
            assertThat(storeFixture.waitingIds(SPEC)).containsExactly(tx(1).id());
            assertThat(storeFixture.keep(SPEC, tx(2))).containsExactly(new Accepted(tx(2).id(), 2));
        }
    }

    private long watermark() {
        NodeConfig config = Samples.config(data, 0);
        try (DataDirectory dataDirectory =
                DataDirectory.openToRead(data, config, StoreFixture.SIGNATURES, spec -> DataRules.NONE)) {
            return dataDirectory.openChains().all().iterator().next().watermark();
        }
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
