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
import io.qbc.model.Quant;
import io.qbc.model.Run;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.Placements;
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
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
        try (Rig rig = Rig.start(data, SPEC, POW)) {
            rig.keep(SPEC, tx(1), tx(2), Signing.transaction(SPEC, 9, "key", "{}"));
            rig.leap(SPEC);
            rig.keep(SPEC, tx(3), tx(4));
            rig.leap(SPEC);
            rig.keep(SPEC, tx(5), tx(6));
            rig.offer(SPEC, Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(2), tx(7)), Rig.NOW + 1));
            rig.keep(POW, Samples.transaction(POW, 1));
            rig.offer(POW, Samples.quant(POW, Tip.genesis(POW), List.of(Samples.transaction(POW, 2)), Rig.NOW));
            head = rig.head(SPEC);
            rig.undeploy();
        }
    }

    @Test
    void aSoundStoreIsSound() {
        List<Verify.Progress> progress = new ArrayList<>();
        Verify.Report report = Verify.run(data, config, spec -> DataRules.NONE, progress::add);
        assertThat(report.findings()).isEmpty();
        assertThat(report.sound()).isTrue();
        assertThat(report.chains()).isEqualTo(2);
        assertThat(report.quants()).isEqualTo(5);
        assertThat(report.transactions()).isEqualTo(10);
        assertThat(progress).extracting(Verify.Progress::chain).contains("main", "work");
    }

    @Test
    void everyTamperingIsFound() {
        Quant forged = Samples.quant(SPEC, Tip.genesis(SPEC), List.of(tx(8)), Rig.NOW);
        assertFound("another transaction in the log", batch -> put(batch, Space.LOG, 1, LogEntry.value(tx(8))));
        assertFound("a missing log entry", batch -> batch.delete(Space.LOG, Keys.numbered(1, 2)));
        assertFound("a wrong index", batch -> batch.put(Space.IDS, Keys.hashed(1, tx(5).id()), Keys.number(7)));
        assertFound("a missing index", batch -> batch.delete(Space.IDS, Keys.hashed(1, tx(5).id())));
        assertFound("a gap in the chain", batch -> batch.delete(Space.MAIN, Keys.numbered(1, 1)));
        assertFound(
                "another quant in the chain",
                batch -> put(batch, Space.MAIN, 1, forged.header().hash().bytes()));
        assertFound("no place", batch -> batch.delete(Space.PLACED, Keys.numbered(1, 1)));
        Placed place = new Placed(2, head, 0, new Run(6, 1));
        assertFound("a place too many", batch -> put(batch, Space.PLACED, 6, Placements.encode(place)));
        assertFound(
                "a fate without reason",
                batch -> put(batch, Space.FATE, 6, tx(5).id().bytes()));
        assertFound("a watermark too high", batch -> batch.put(Space.META, Keys.watermark(1), Keys.number(8)));
        assertFound("damaged quant", batch -> batch.put(Space.QUANTS, Keys.hashed(1, head), new byte[300]));
        assertThat(changed("nothing", batch -> batch.delete(Space.LOG, Keys.numbered(9, 1))))
                .isEmpty();
    }

    private void assertFound(String what, Consumer<Store.Batch> change) {
        assertThat(changed(what, change)).as(what).isNotEmpty();
    }

    /** What is found in a copy after a change. */
    private List<Verify.Finding> changed(String what, Consumer<Store.Batch> change) {
        Path copy = copies.resolve(what.replace(' ', '-'));
        copy(data, copy);
        try (Store store = RocksStore.open(copy.resolve("store"), config.store());
                Store.Batch batch = store.batch()) {
            change.accept(batch);
            store.write(batch);
        }
        return Verify.run(copy, config, spec -> DataRules.NONE, progress -> {}).findings();
    }

    private static void put(Store.Batch batch, Space space, long number, byte[] value) {
        batch.put(space, Keys.numbered(1, number), value);
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
        try (Rig rig = Rig.start(data, SPEC)) {
            assertThat(rig.head(SPEC)).isEqualTo(head);
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
