package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.scrub.CheckProgress;
import io.qbc.persistence.scrub.Finding;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.verify.Verify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec POW = Samples.pow("work");

    @TempDir
    Path data;

    @TempDir
    Path copies;

    private Hash head = Hash.ZERO;
    private NodeConfig config;

    private static Transaction tx(int n) {
        return Samples.transaction(SPEC, n);
    }

    @BeforeEach
    void fill() {
        config = Samples.config(data, 0);
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC, POW)) {
            storeFixture.keep(SPEC, tx(1), tx(2), Signing.transaction(SPEC, 9, "key", "{}"));
            storeFixture.leap(SPEC);
            storeFixture.keep(SPEC, tx(3), tx(4));
            storeFixture.leap(SPEC);
            storeFixture.keep(SPEC, tx(5), tx(6));
            storeFixture.offer(
                    SPEC, Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(2), tx(7)), StoreFixture.NOW + 1));
            storeFixture.keep(POW, Samples.transaction(POW, 1));
            storeFixture.offer(
                    POW, Samples.quant(POW, Tip.genesis(POW), List.of(Samples.transaction(POW, 2)), StoreFixture.NOW));
            head = storeFixture.head(SPEC);
            storeFixture.undeploy();
        }
    }

    @Test
    void aSoundStoreIsSound() {
        List<CheckProgress> progress = new ArrayList<>();
        Verify.Report report = Verify.run(data, config, spec -> DataRules.NONE, progress::add);
        assertThat(report.findings()).isEmpty();
        assertThat(report.sound()).isTrue();
        assertThat(report.chains()).isEqualTo(2);
        assertThat(report.quants()).isEqualTo(5);
        assertThat(report.transactions()).isEqualTo(10);
        assertThat(progress).extracting(CheckProgress::chain).contains("main", "work");
    }

    @Test
    void everyTamperingIsFound() {
        Quant forged = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(8)), StoreFixture.NOW);
        assertFound("another transaction in the log", batch -> put(batch, ColumnFamily.LOG, 1, LogEntry.value(tx(8))));
        assertFound("a missing log entry", batch -> batch.delete(ColumnFamily.LOG, StoreKeys.numbered(1, 2)));
        assertFound(
                "a wrong index",
                batch -> batch.put(ColumnFamily.IDS, StoreKeys.hashed(1, tx(5).id()), StoreKeys.number(7)));
        assertFound("a missing index", batch -> batch.delete(ColumnFamily.IDS, StoreKeys.hashed(1, tx(5).id())));
        assertFound("a gap in the chain", batch -> batch.delete(ColumnFamily.MAIN, StoreKeys.numbered(1, 1)));
        assertFound(
                "another quant in the chain",
                batch -> put(batch, ColumnFamily.MAIN, 1, forged.header().hash().bytes()));
        assertFound("no place", batch -> batch.delete(ColumnFamily.PLACED, StoreKeys.numbered(1, 1)));
        Placed place = new Placed(2, head, 0, new LogRange(6, 1));
        assertFound("a place too many", batch -> put(batch, ColumnFamily.PLACED, 6, PlacementIndex.encode(place)));
        assertFound(
                "superseded without reason",
                batch -> put(batch, ColumnFamily.SUPERSEDED, 6, tx(5).id().bytes()));
        assertFound(
                "a watermark too high",
                batch -> batch.put(ColumnFamily.META, StoreKeys.watermark(1), StoreKeys.number(8)));
        assertFound("damaged quant", batch -> batch.put(ColumnFamily.QUANTS, StoreKeys.hashed(1, head), new byte[300]));
        assertThat(changed("nothing", batch -> batch.delete(ColumnFamily.LOG, StoreKeys.numbered(9, 1))))
                .isEmpty();
    }

    private void assertFound(String what, Consumer<Store.Batch> change) {
        assertThat(changed(what, change)).as(what).isNotEmpty();
    }

    /** What is found in a copy after a change. */
    private List<Finding> changed(String what, Consumer<Store.Batch> change) {
        Path copy = copies.resolve(what.replace(' ', '-'));
        copy(data, copy);
        try (Store store = RocksStore.open(copy.resolve("store"), config.store());
                Store.Batch batch = store.batch()) {
            change.accept(batch);
            store.write(batch);
        }
        return Verify.run(copy, config, spec -> DataRules.NONE, progress -> {}).findings();
    }

    private static void put(Store.Batch batch, ColumnFamily columnFamily, long number, byte[] value) {
        batch.put(columnFamily, StoreKeys.numbered(1, number), value);
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDirectoryInUseOrWithoutAStoreIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            assertThat(storeFixture.head(SPEC)).isEqualTo(head);
            assertThatThrownBy(() -> Verify.run(data, config, spec -> DataRules.NONE, progress -> {}))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another node uses");
        }
        Path none = data.resolve("none");
        assertThatThrownBy(() -> Verify.run(none, config, spec -> DataRules.NONE, progress -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("there is no store");
        assertThat(none).doesNotExist();
    }
}
