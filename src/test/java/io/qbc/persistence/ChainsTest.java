package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.CHAIN_CLOSED;
import static io.qbc.bus.Catalogue.CHAIN_OPENED;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_CONSENSUS;
import static io.qbc.bus.Catalogue.FIND_DAMAGE;
import static io.qbc.bus.Catalogue.FIND_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.FREEZE;
import static io.qbc.bus.Catalogue.KEEP_SIGNING_RECORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.Catalogue.FindSigningRecord;
import io.qbc.bus.Catalogue.Freeze;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.DataRules;
import io.qbc.model.AuditChain;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.verify.Verify;
import io.qbc.spec.AuditSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainsTest {
    private static final ChainSpec MAIN = Samples.dbc("main");
    private static final ChainSpec ORDERS = Samples.dbc("orders");
    private static final ChainSpec WORK = Samples.pow("work");

    @TempDir
    Path data;

    @Test
    void theNameOfAuditTrailsIsKeptAndNoneIsForked() {
        ChainSpec trail = AuditSpec.of(Samples.SIGNER.key());
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, trail)) {
            assertThat(storeFixture.notMade(Samples.pow(AuditChain.NAME))).isEqualTo(Reason.CHAIN_RESERVED);
            assertThat(storeFixture.bang(trail).created()).isFalse();
            ChainSpec copy = Samples.fork("copy", trail, trail.genesis(), trail.genesisTime() + 1);
            assertThat(storeFixture.notMade(copy)).isEqualTo(Reason.CHAIN_RESERVED);
            // Switched off, it is a chain like others for its operator.
            assertThat(storeFixture
                            .await(storeFixture.bus.ask(FREEZE, new Freeze(trail.id(), true)))
                            .frozen())
                    .isTrue();
            storeFixture.await(storeFixture.bus.ask(DROP, new Drop(trail.id())));
            assertThat(storeFixture.notMade(trail)).isEqualTo(Reason.CHAIN_RESERVED);
        }
    }

    @Test
    void aChainIsMadeOnlineAndIsThereAfterARestart() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            List<ChainOpened> opened = Collections.synchronizedList(new ArrayList<>());
            storeFixture.await(storeFixture.bus.follow(CHAIN_OPENED, opened::add));
            Banged made = storeFixture.bang(ORDERS);
            assertThat(made.created()).isTrue();
            assertThat(made.chain().id()).isEqualTo(ORDERS.id());
            assertThat(storeFixture.bang(ORDERS).created()).isFalse();
            await().until(() -> opened.size() == 1);
            storeFixture.grow(ORDERS, 1, 3);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(names(storeFixture)).containsExactly("main", "orders");
            assertThat(storeFixture.tip(ORDERS).head().height()).isEqualTo(3);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void aNameIsTakenOnceAndAnUnknownEngineIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            ChainSpec other = Samples.engine("main", "pow", Map.of("difficulty", 2L));
            assertThat(storeFixture.notMade(other)).isEqualTo(Reason.CHAIN_NAME_TAKEN);
            assertThat(storeFixture.notMade(Samples.engine("new", "none", Map.of())))
                    .isEqualTo(Reason.CHAIN_SPEC_INVALID);
            assertThat(names(storeFixture)).containsExactly("main");
        }
    }

    @Test
    void aFrozenChainTakesNothingUntilItIsLetGo() {
        Quant quant = Samples.quant(MAIN, io.qbc.ledger.Tip.genesis(MAIN), List.of(), StoreFixture.NOW);
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, WORK)) {
            assertThat(storeFixture.ask(FREEZE, new Freeze(MAIN.id(), true)).frozen())
                    .isTrue();
            assertThat(storeFixture.keep(MAIN, Samples.transaction(MAIN, 1)))
                    .allMatch(
                            kept -> kept instanceof Declined no && no.refusal().reason() == Reason.CHAIN_FROZEN);
            assertThat(storeFixture.keep(WORK, Samples.transaction(WORK, 1))).allMatch(Accepted.class::isInstance);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(storeFixture.ask(FIND_CHAINS, new FindChains()).chains())
                    .extracting(Chain::frozen)
                    .containsExactly(true, false);
            Verdict verdict = storeFixture.ask(APPEND, Append.foreign(MAIN.id(), quant.compactQuant(), List.of()));
            assertThat(((Verdict.Refused) verdict).refusal().reason()).isEqualTo(Reason.CHAIN_FROZEN);
            storeFixture.ask(FREEZE, new Freeze(MAIN.id(), false));
            assertThat(storeFixture.offer(MAIN, quant)).isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void aDroppedChainLeavesNothingBehindAndItsNameIsFree() {
        NodeConfig config = Samples.config(data, 0);
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            List<ChainClosed> closed = Collections.synchronizedList(new ArrayList<>());
            storeFixture.await(storeFixture.bus.follow(CHAIN_CLOSED, closed::add));
            storeFixture.bang(ORDERS);
            storeFixture.grow(ORDERS, 1, 5);
            storeFixture.grow(MAIN, 1, 2);
            storeFixture.ask(DROP, new Drop(ORDERS.id()));
            await().until(() -> closed.equals(List.of(new ChainClosed(ORDERS.id()))));
            assertThat(names(storeFixture)).containsExactly("main");
            assertThatThrownBy(() -> storeFixture.tip(ORDERS)).isInstanceOf(Failure.class);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            await().until(() ->
                    storeFixture.ask(FIND_CHAINS, new FindChains()).chains().size() == 1);
            storeFixture.undeploy();
        }
        try (Store store = RocksStore.openToRead(data.resolve("store"), config.store())) {
            assertThat(rows(store, 2)).isZero();
            assertThat(rows(store, 1)).isPositive();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(storeFixture.bang(ORDERS).created()).isTrue();
            assertThat(storeFixture.tip(ORDERS).head().height()).isZero();
            storeFixture.grow(ORDERS, 1, 2);
            storeFixture.undeploy();
        }
        assertSound();
    }

    private static int rows(Store store, int chain) {
        int rows = 0;
        for (ColumnFamily columnFamily : ColumnFamily.values()) {
            if (columnFamily != ColumnFamily.META) {
                try (Store.Scan scan = store.scan(columnFamily)) {
                    byte[] key = new byte[StoreKeys.CHAIN_BYTES];
                    for (scan.seek(StoreKeys.begin(chain)); scan.here(); scan.next()) {
                        scan.key(key);
                        rows += StoreKeys.chain(key) == chain ? 1 : 0;
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void aPromiseIsComparedSyncedAndOutlivesTheChain() {
        SigningRecord first = new SigningRecord(7, 0, 3);
        SigningRecord second = new SigningRecord(8, 1, 4);
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, ORDERS)) {
            assertThat(promise(storeFixture)).isEqualTo(SigningRecord.NONE);
            storeFixture.ask(KEEP_SIGNING_RECORD, new KeepSigningRecord(ORDERS.id(), SigningRecord.NONE, first));
            assertThatThrownBy(() -> storeFixture.ask(
                            KEEP_SIGNING_RECORD, new KeepSigningRecord(ORDERS.id(), SigningRecord.NONE, second)))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.refusal().reason()).isEqualTo(Reason.BUSY));
            storeFixture.ask(KEEP_SIGNING_RECORD, new KeepSigningRecord(ORDERS.id(), first, second));
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(promise(storeFixture)).isEqualTo(second);
            storeFixture.ask(DROP, new Drop(ORDERS.id()));
            storeFixture.bang(ORDERS);
            assertThat(promise(storeFixture)).isEqualTo(second);
            assertThat(storeFixture.ask(FIND_SIGNING_RECORD, new FindSigningRecord(MAIN.id())))
                    .isEqualTo(SigningRecord.NONE);
        }
    }

    private static SigningRecord promise(StoreFixture storeFixture) {
        return storeFixture.ask(FIND_SIGNING_RECORD, new FindSigningRecord(ORDERS.id()));
    }

    @Test
    void theEngineSaysHowItStands() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(storeFixture
                            .ask(FIND_CONSENSUS, new FindConsensus(MAIN.id()))
                            .engine())
                    .isEqualTo("dbc");
        }
    }

    @Test
    void damageOfOneChainStopsNoOther() {
        Hash head;
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, ORDERS)) {
            head = storeFixture.grow(MAIN, 1, 2).head().hash();
            storeFixture.grow(ORDERS, 1, 2);
            storeFixture.undeploy();
        }
        try (Store store = RocksStore.open(
                        data.resolve("store"), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.put(ColumnFamily.QUANTS, StoreKeys.hashed(1, head), new byte[40]);
            store.write(batch);
        }
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, ORDERS)) {
            assertThat(names(storeFixture)).containsExactly("orders");
            assertThatThrownBy(() -> storeFixture.tip(MAIN))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.refusal().reason()).isEqualTo(Reason.CORRUPT));
            assertThat(storeFixture.grow(ORDERS, 3, 2).head().height()).isEqualTo(4);
            assertThat(storeFixture.notMade(Samples.pow("main"))).isEqualTo(Reason.CHAIN_NAME_TAKEN);
        }
    }

    @Test
    void aDamagedRowOfTheRegistryTakesOutOneChainOnly() {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, ORDERS)) {
            storeFixture.grow(MAIN, 1, 2);
            storeFixture.grow(ORDERS, 1, 2);
            storeFixture.undeploy();
        }
        byte[] whole = ChainRecord.encode(MAIN);
        damage(Arrays.copyOf(whole, whole.length - 7));
        assertMainAloneIsDamaged("main");
        damage(new byte[] {1, 2, 3});
        assertMainAloneIsDamaged("damaged-1");
        damage(new byte[0]);
        assertMainAloneIsDamaged("damaged-1");
        damage(whole);
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN)) {
            assertThat(storeFixture.tip(MAIN).head().height()).isEqualTo(2);
            storeFixture.undeploy();
        }
        assertSound();
    }

    private void damage(byte[] row) {
        try (Store store = RocksStore.open(
                        data.resolve("store"), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.put(ColumnFamily.META, StoreKeys.registered(1), row);
            store.write(batch);
        }
    }

    private void assertMainAloneIsDamaged(String name) {
        try (StoreFixture storeFixture = StoreFixture.start(data, MAIN, ORDERS)) {
            assertThat(names(storeFixture)).containsExactly("orders");
            DamagedChain damaged =
                    storeFixture.ask(FIND_DAMAGE, new FindDamage()).chains().get(0);
            assertThat(damaged.id()).isEqualTo(MAIN.id());
            assertThat(damaged.name()).isEqualTo(name);
            assertThat(damaged.refusal().reason()).isEqualTo(Reason.CORRUPT);
            assertThat(damaged.configured()).isTrue();
            assertThat(storeFixture.notMade(MAIN)).isIn(Reason.CORRUPT, Reason.CHAIN_NAME_TAKEN);
            storeFixture.grow(ORDERS, 10 + (int) storeFixture.tip(ORDERS).head().height(), 1);
            storeFixture.undeploy();
        }
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isNotEmpty()
                .allMatch(finding -> finding.chain().equals(name));
    }

    private static List<String> names(StoreFixture storeFixture) {
        return storeFixture.ask(FIND_CHAINS, new FindChains()).chains().stream()
                .map(chain -> chain.spec().name())
                .toList();
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
