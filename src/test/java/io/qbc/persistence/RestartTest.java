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
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
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
        try (Rig rig = Rig.start(data, SPEC)) {
            rig.keep(SPEC, tx(1), tx(2), tx(3));
            rig.leap(SPEC);
            rig.keep(SPEC, tx(4), tx(5), tx(6), tx(7));
            rig.offer(SPEC, Samples.quant(SPEC, rig.tip(SPEC), List.of(tx(5), tx(8)), Rig.NOW + 1));
            before = rig.tip(SPEC);
            waiting = rig.waitingIds(SPEC);
            assertThat(waiting).containsExactly(tx(4).id(), tx(6).id(), tx(7).id());
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, SPEC)) {
            assertThat(rig.tip(SPEC)).isEqualTo(before);
            assertThat(rig.waitingIds(SPEC)).isEqualTo(waiting);
            assertThat(rig.locate(SPEC, tx(6).id())).isEqualTo(new Pending(tx(6)));
            assertThat(rig.locate(SPEC, tx(8).id())).isInstanceOf(Committed.class);
            assertThat(rig.keep(SPEC, tx(4), tx(9)))
                    .containsExactly(new Repeated(tx(4).id()), new Accepted(tx(9).id(), 9));
            assertThat(rig.leap(SPEC)).isInstanceOf(Verdict.Extended.class);
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void theWatermarkFollowsTheChainAndComesBackWithAReorganisation() {
        try (Rig rig = Rig.start(data, SPEC)) {
            rig.keep(SPEC, tx(1), tx(2));
            Quant left = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(1), tx(2)), Rig.NOW);
            Tip leftTip = Rig.after(SPEC, Tip.genesis(SPEC), left);
            rig.offer(SPEC, left);
            // What waits is told once the quant's consequences are drawn; the next commit writes them down.
            assertThat(rig.waitingIds(SPEC)).isEmpty();
            rig.offer(SPEC, Samples.quant(SPEC, leftTip, List.of(), Rig.NOW + 1));
            rig.undeploy();
        }
        assertThat(watermark()).isEqualTo(3);
        try (Rig rig = Rig.start(data, SPEC)) {
            Tip tip = Tip.genesis(SPEC);
            for (int n = 0; n < 3; n++) {
                Quant quant = Samples.quant(SPEC, tip, List.of(), Rig.NOW + 10 + n);
                rig.offer(SPEC, quant);
                tip = Rig.after(SPEC, tip, quant);
            }
            assertThat(rig.tip(SPEC)).isEqualTo(tip);
            rig.undeploy();
        }
        assertThat(watermark()).isEqualTo(1);
        try (Rig rig = Rig.start(data, SPEC)) {
            assertThat(rig.waitingIds(SPEC)).containsExactly(tx(1).id(), tx(2).id());
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void aSecondNodeOnTheSameDirectoryIsRefused() {
        try (Rig first = Rig.start(data, SPEC)) {
            assertThatThrownBy(() -> Rig.start(data, SPEC))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("another node uses the data directory " + data);
            assertThat(first.keep(SPEC, tx(1))).hasSize(1);
        }
    }

    @Test
    void anotherChainUnderAKnownNameIsRefused() {
        try (Rig rig = Rig.start(data, SPEC)) {
            rig.undeploy();
        }
        ChainSpec other = new ChainSpec(
                SPEC.name(), "", SPEC.genesisTime(), SPEC.consensus(), SPEC.limits(), Bytes.utf8("{\"other\":1}"));
        assertThatThrownBy(() -> Rig.start(data, other))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(SPEC.id().hex())
                .hasMessageContaining(other.id().hex());
        try (Rig rig = Rig.start(data, SPEC)) {
            assertThat(rig.head(SPEC)).isEqualTo(SPEC.id());
        }
    }

    @Test
    void anotherFormatIsRefused() {
        try (Rig rig = Rig.start(data, SPEC)) {
            rig.undeploy();
        }
        NodeConfig.Store limits = Samples.config(data, 0).store();
        try (Store store = RocksStore.open(data.resolve("store"), limits);
                Store.Batch batch = store.batch()) {
            batch.put(Space.META, Keys.format(), Keys.number(2));
            store.write(batch);
        }
        assertThatThrownBy(() -> Rig.start(data, SPEC))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void aChainThatIsAddedLaterStandsBesideTheOthers() {
        ChainSpec second = Samples.pow("second");
        try (Rig rig = Rig.start(data, SPEC)) {
            rig.keep(SPEC, tx(1));
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, SPEC, second)) {
            assertThat(rig.ask(FIND_CHAINS, new FindChains()).chains())
                    .extracting(Chain::id)
                    .containsExactly(SPEC.id(), second.id());
            rig.keep(second, Samples.transaction(second, 1));
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, SPEC)) {
            assertThat(rig.ask(FIND_CHAINS, new FindChains()).chains().get(1).spec())
                    .isEqualTo(second);
        }
    }

    @Test
    void afterAFailedWriteTheStoreIsReadOnlyUntilARestart() {
        NodeConfig config = Samples.config(data, 0);
        AtomicReference<Optional<FaultyStore>> opened = new AtomicReference<>(Optional.empty());
        try (Rig rig = Rig.start(
                config,
                path -> {
                    FaultyStore store = new FaultyStore(RocksStore.open(path, config.store()));
                    opened.set(Optional.of(store));
                    return store;
                },
                SPEC)) {
            rig.keep(SPEC, tx(1));
            Quant quant = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(1)), Rig.NOW);
            FaultyStore store = opened.get().orElseThrow();
            store.fault.set(Optional.of(Reason.STORE_FULL));
            List<Future<Injected>> answers = new ArrayList<>();
            for (int n = 2; n < 30; n++) {
                Submission submission = new Submission(tx(n), Optional.empty());
                answers.add(rig.bus.ask(KEEP, new Keep(SPEC.id(), List.of(submission))));
            }
            for (Future<Injected> answer : answers) {
                assertThat(((Declined) rig.await(answer).admissions().get(0))
                                .refusal()
                                .reason())
                        .isEqualTo(Reason.STORE_FULL);
            }
            store.fault.set(Optional.empty());
            assertThat(rig.writable()).isFalse();
            assertThat(rig.offer(SPEC, quant)).isInstanceOf(Verdict.Refused.class);
            assertThat(rig.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(rig.locate(SPEC, tx(1).id())).isEqualTo(new Pending(tx(1)));
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, SPEC)) {
            assertThat(rig.writable()).isTrue();
            assertThat(rig.waitingIds(SPEC)).containsExactly(tx(1).id());
            assertThat(rig.keep(SPEC, tx(2))).containsExactly(new Accepted(tx(2).id(), 2));
        }
    }

    private long watermark() {
        NodeConfig config = Samples.config(data, 0);
        try (Vault vault = Vault.openToRead(data, config, Rig.SIGNATURES, spec -> DataRules.NONE)) {
            return vault.shelf().all().iterator().next().watermark();
        }
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
