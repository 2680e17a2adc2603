package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.Catalogue.FindScrub;
import io.qbc.bus.Catalogue.ScrubState;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of all that a running store holds. */
class ScrubTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec POW = Samples.pow("work");

    @TempDir
    Path data;

    private NodeConfig config;
    private StoreFixture storeFixture;

    @BeforeEach
    void begin() {
        config = Samples.with(Samples.config(data, 0), new NodeConfig.Scrub(Duration.ofMillis(10)));
        start(config);
    }

    @AfterEach
    void end() {
        storeFixture.close();
    }

    private void start(NodeConfig with) {
        storeFixture = StoreFixture.start(with, path -> RocksStore.open(path, with.store()), SPEC, POW);
    }

    private ScrubState state() {
        return storeFixture.ask(Catalogue.FIND_SCRUB, new FindScrub());
    }

    private Damage damage() {
        return storeFixture.ask(Catalogue.FIND_DAMAGE, new FindDamage());
    }

    private ScrubState found() {
        return await().until(this::state, state -> state.findings() > 0);
    }

    /** Waits until more was read so many times, and a pass ended after that. */
    private void awaitMore(int count) {
        for (int i = 0; i < count; i++) {
            long before = state().bytes();
            await().until(this::state, state -> state.bytes() > before && state.share() == 1);
        }
    }

    @Test
    void aStoreThatMovesIsSound() {
        storeFixture.grow(SPEC, 1, 30);
        // A longer branch from the genesis quant on takes the place of a shorter one, over and over.
        Tip longer = Tip.genesis(POW);
        for (int n = 0; n < 8; n++) {
            Tip tip = longer;
            for (int i = 0; i < 2; i++) {
                var quant = Samples.quant(
                        POW, tip, List.of(Samples.transaction(POW, 10 * n + i)), StoreFixture.NOW + 100L * n + i);
                storeFixture.offer(POW, quant);
                tip = StoreFixture.after(POW, tip, quant);
            }
            longer = n % 2 == 0 ? tip : longer;
            storeFixture.keep(SPEC, Samples.transaction(SPEC, 1000 + n));
            storeFixture.leap(SPEC);
        }
        awaitMore(3);
        assertThat(state().latest()).isEmpty();
        assertThat(state().findings()).isZero();
    }

    @Test
    void aFlippedBitInAFileIsFoundWhileTheNodeRuns() throws IOException {
        storeFixture.grow(SPEC, 1, 5);
        storeFixture.close();
        start(config);
        await().until(() -> state().finishedAt().isPresent());
        assertThat(state().findings()).isZero();
        Path table;
        try (Stream<Path> files = Files.list(data.resolve("store"))) {
            table = files.filter(file -> file.toString().endsWith(".sst"))
                    .min(Path::compareTo)
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 10);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), 10);
        }
        assertThat(damage()).isEqualTo(new Damage(List.of(), List.of(), Optional.empty()));
        assertThat(found().latest())
                .anyMatch(line -> line.contains(table.getFileName().toString()));
        assertThat(damage().store().orElseThrow().detail())
                .contains(table.getFileName().toString());
        // The next process knows nothing of it, and begins anew.
        storeFixture.close();
        assertThat(data.resolve("scrub.json")).content().contains("\"share\":0,");
    }

    @Test
    void anotherTransactionInTheLogIsFound() {
        storeFixture.grow(SPEC, 1, 5);
        change(batch ->
                batch.put(ColumnFamily.LOG, StoreKeys.numbered(1, 2), LogEntry.value(Samples.transaction(SPEC, 77))));
        assertThat(found().latest()).anyMatch(line -> line.startsWith("chain main"));
        Damage damage = damage();
        assertThat(damage.store()).isEmpty();
        assertThat(damage.met()).extracting(DamagedChain::name).containsExactly("main");
        assertThat(damage.met().get(0).configured()).isTrue();
    }

    @Test
    void aQuantThatDoesNotFollowIsFound() {
        storeFixture.grow(SPEC, 1, 5);
        var at2 = storeFixture.at(SPEC, 2).hash();
        change(batch -> batch.put(ColumnFamily.MAIN, StoreKeys.numbered(1, 3), at2.bytes()));
        assertThat(found().latest()).anyMatch(line -> line.startsWith("chain main at height"));
    }

    @Test
    void noPeriodIsNoCheck() {
        storeFixture.close();
        start(Samples.with(config, new NodeConfig.Scrub(Duration.ZERO)));
        assertThat(state().startedAt()).isEmpty();
        assertThat(state().period()).isZero();
    }

    private void change(Consumer<Store.Batch> change) {
        storeFixture.close();
        try (Store store = RocksStore.open(data.resolve("store"), config.store());
                Store.Batch batch = store.batch()) {
            change.accept(batch);
            store.write(batch);
        }
        start(config);
    }
}
