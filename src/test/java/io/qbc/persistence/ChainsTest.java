package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.CHAIN_CLOSED;
import static io.qbc.bus.Catalogue.CHAIN_OPENED;
import static io.qbc.bus.Catalogue.DAMAGE;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_CONSENSUS;
import static io.qbc.bus.Catalogue.FIND_PROMISE;
import static io.qbc.bus.Catalogue.FREEZE;
import static io.qbc.bus.Catalogue.KEEP_PROMISE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.FindPromise;
import io.qbc.bus.Catalogue.Freeze;
import io.qbc.bus.Catalogue.KeepPromise;
import io.qbc.bus.Catalogue.Made;
import io.qbc.bus.Catalogue.NotMade;
import io.qbc.bus.Damage;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.Promise;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.verify.Verify;
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
    void aChainIsMadeOnlineAndIsThereAfterARestart() {
        try (Rig rig = Rig.start(data, MAIN)) {
            List<ChainOpened> opened = Collections.synchronizedList(new ArrayList<>());
            rig.await(rig.bus.follow(CHAIN_OPENED, opened::add));
            Made made = (Made) rig.bang(ORDERS);
            assertThat(made.created()).isTrue();
            assertThat(made.chain().id()).isEqualTo(ORDERS.id());
            assertThat(((Made) rig.bang(ORDERS)).created()).isFalse();
            await().until(() -> opened.size() == 1);
            rig.grow(ORDERS, 1, 3);
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(names(rig)).containsExactly("main", "orders");
            assertThat(rig.tip(ORDERS).head().height()).isEqualTo(3);
            rig.undeploy();
        }
        assertSound();
    }

    @Test
    void aNameIsTakenOnceAndAnUnknownEngineIsRefused() {
        try (Rig rig = Rig.start(data, MAIN)) {
            ChainSpec other = Samples.engine("main", "pow", Map.of("difficulty", 2L));
            assertThat(rig.notMade(other)).isEqualTo(Reason.CHAIN_NAME_TAKEN);
            assertThat(rig.notMade(Samples.engine("new", "none", Map.of()))).isEqualTo(Reason.CHAIN_SPEC_INVALID);
            assertThat(names(rig)).containsExactly("main");
        }
    }

    @Test
    void aFrozenChainTakesNothingUntilItIsLetGo() {
        Quant quant = Samples.quant(MAIN, io.qbc.ledger.Tip.genesis(MAIN), List.of(), Rig.NOW);
        try (Rig rig = Rig.start(data, MAIN, WORK)) {
            assertThat(rig.ask(FREEZE, new Freeze(MAIN.id(), true)).frozen()).isTrue();
            assertThat(rig.keep(MAIN, Samples.transaction(MAIN, 1)))
                    .allMatch(
                            kept -> kept instanceof Declined no && no.refusal().reason() == Reason.CHAIN_FROZEN);
            assertThat(rig.keep(WORK, Samples.transaction(WORK, 1))).allMatch(Accepted.class::isInstance);
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(rig.ask(FIND_CHAINS, new FindChains()).chains())
                    .extracting(Chain::frozen)
                    .containsExactly(true, false);
            Verdict verdict = rig.ask(APPEND, Append.foreign(MAIN.id(), quant.outline(), List.of()));
            assertThat(((Verdict.Refused) verdict).refusal().reason()).isEqualTo(Reason.CHAIN_FROZEN);
            rig.ask(FREEZE, new Freeze(MAIN.id(), false));
            assertThat(rig.offer(MAIN, quant)).isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void aDroppedChainLeavesNothingBehindAndItsNameIsFree() {
        NodeConfig config = Samples.config(data, 0);
        try (Rig rig = Rig.start(data, MAIN)) {
            List<ChainClosed> closed = Collections.synchronizedList(new ArrayList<>());
            rig.await(rig.bus.follow(CHAIN_CLOSED, closed::add));
            rig.bang(ORDERS);
            rig.grow(ORDERS, 1, 5);
            rig.grow(MAIN, 1, 2);
            rig.ask(DROP, new Drop(ORDERS.id()));
            await().until(() -> closed.equals(List.of(new ChainClosed(ORDERS.id()))));
            assertThat(names(rig)).containsExactly("main");
            assertThatThrownBy(() -> rig.tip(ORDERS)).isInstanceOf(Failure.class);
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, MAIN)) {
            await().until(() -> rig.ask(FIND_CHAINS, new FindChains()).chains().size() == 1);
            rig.undeploy();
        }
        try (Store store = RocksStore.openToRead(data.resolve("store"), config.store())) {
            assertThat(rows(store, 2)).isZero();
            assertThat(rows(store, 1)).isPositive();
        }
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(((Made) rig.bang(ORDERS)).created()).isTrue();
            assertThat(rig.tip(ORDERS).head().height()).isZero();
            rig.grow(ORDERS, 1, 2);
            rig.undeploy();
        }
        assertSound();
    }

    private static int rows(Store store, int chain) {
        int rows = 0;
        for (Space space : Space.values()) {
            if (space != Space.META) {
                try (Store.Scan scan = store.scan(space)) {
                    byte[] key = new byte[Keys.CHAIN_BYTES];
                    for (scan.seek(Keys.begin(chain)); scan.here(); scan.next()) {
                        scan.key(key);
                        rows += Keys.chain(key) == chain ? 1 : 0;
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void aPromiseIsComparedSyncedAndOutlivesTheChain() {
        Promise first = new Promise(7, 0, 3);
        Promise second = new Promise(8, 1, 4);
        try (Rig rig = Rig.start(data, MAIN, ORDERS)) {
            assertThat(promise(rig)).isEqualTo(Promise.NONE);
            rig.ask(KEEP_PROMISE, new KeepPromise(ORDERS.id(), Promise.NONE, first));
            assertThatThrownBy(() -> rig.ask(KEEP_PROMISE, new KeepPromise(ORDERS.id(), Promise.NONE, second)))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.refusal().reason()).isEqualTo(Reason.BUSY));
            rig.ask(KEEP_PROMISE, new KeepPromise(ORDERS.id(), first, second));
            rig.undeploy();
        }
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(promise(rig)).isEqualTo(second);
            rig.ask(DROP, new Drop(ORDERS.id()));
            rig.bang(ORDERS);
            assertThat(promise(rig)).isEqualTo(second);
            assertThat(rig.ask(FIND_PROMISE, new FindPromise(MAIN.id()))).isEqualTo(Promise.NONE);
        }
    }

    private static Promise promise(Rig rig) {
        return rig.ask(FIND_PROMISE, new FindPromise(ORDERS.id()));
    }

    @Test
    void theEngineSaysHowItStands() {
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(rig.ask(FIND_CONSENSUS, new FindConsensus(MAIN.id())).engine())
                    .isEqualTo("dbc");
        }
    }

    @Test
    void damageOfOneChainStopsNoOther() {
        Hash head;
        try (Rig rig = Rig.start(data, MAIN, ORDERS)) {
            head = rig.grow(MAIN, 1, 2).head().hash();
            rig.grow(ORDERS, 1, 2);
            rig.undeploy();
        }
        try (Store store = RocksStore.open(
                        data.resolve("store"), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.put(Space.QUANTS, Keys.hashed(1, head), new byte[40]);
            store.write(batch);
        }
        try (Rig rig = Rig.start(data, MAIN, ORDERS)) {
            assertThat(names(rig)).containsExactly("orders");
            assertThatThrownBy(() -> rig.tip(MAIN))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.refusal().reason()).isEqualTo(Reason.CORRUPT));
            assertThat(rig.grow(ORDERS, 3, 2).head().height()).isEqualTo(4);
            assertThat(rig.notMade(Samples.pow("main"))).isEqualTo(Reason.CHAIN_NAME_TAKEN);
        }
    }

    @Test
    void aDamagedRowOfTheRegistryTakesOutOneChainOnly() {
        try (Rig rig = Rig.start(data, MAIN, ORDERS)) {
            rig.grow(MAIN, 1, 2);
            rig.grow(ORDERS, 1, 2);
            rig.undeploy();
        }
        byte[] whole = ChainRecord.encode(MAIN);
        damage(Arrays.copyOf(whole, whole.length - 7));
        assertMainAloneIsDamaged("main");
        damage(new byte[] {1, 2, 3});
        assertMainAloneIsDamaged("damaged-1");
        damage(new byte[0]);
        assertMainAloneIsDamaged("damaged-1");
        damage(whole);
        try (Rig rig = Rig.start(data, MAIN)) {
            assertThat(rig.tip(MAIN).head().height()).isEqualTo(2);
            rig.undeploy();
        }
        assertSound();
    }

    private void damage(byte[] row) {
        try (Store store = RocksStore.open(
                        data.resolve("store"), Samples.config(data, 0).store());
                Store.Batch batch = store.batch()) {
            batch.put(Space.META, Keys.registered(1), row);
            store.write(batch);
        }
    }

    private void assertMainAloneIsDamaged(String name) {
        try (Rig rig = Rig.start(data, MAIN, ORDERS)) {
            assertThat(names(rig)).containsExactly("orders");
            Damage.Chain damaged = rig.ask(DAMAGE, new Damage.Find()).chains().get(0);
            assertThat(damaged.id()).isEqualTo(MAIN.id());
            assertThat(damaged.name()).isEqualTo(name);
            assertThat(damaged.refusal().reason()).isEqualTo(Reason.CORRUPT);
            assertThat(((NotMade) rig.bang(MAIN)).refusal().reason()).isIn(Reason.CORRUPT, Reason.CHAIN_NAME_TAKEN);
            rig.grow(ORDERS, 10 + (int) rig.tip(ORDERS).head().height(), 1);
            rig.undeploy();
        }
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isNotEmpty()
                .allMatch(finding -> finding.chain().equals(name));
    }

    private static List<String> names(Rig rig) {
        return rig.ask(FIND_CHAINS, new FindChains()).chains().stream()
                .map(chain -> chain.spec().name())
                .toList();
    }

    private void assertSound() {
        assertThat(Verify.run(data, Samples.config(data, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
