package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FIND_ANALYTICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.AnalyticsPoint;
import io.qbc.bus.Catalogue.AnalyticsSeries;
import io.qbc.bus.Catalogue.FindAnalytics;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.Tip;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Grain;
import io.qbc.ledger.analytics.Tally;
import io.qbc.ledger.analytics.TimeGrid;
import io.qbc.model.ChainSpec;
import io.qbc.model.Quant;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a chain was without finality is told by the chain itself, also when the figures are made anew. */
class RollupFinalityTest {
    private static final ChainSpec VOTING =
            Samples.engine("voting", "poa", Map.of("period", 10L, "delay", 0L), Samples.SIGNER.key());
    private static final ChainSpec SILENT = Samples.dbc("silent");
    private static final int COUNT = 40;

    @TempDir
    Path data;

    private final Tally expected = new Tally();
    private List<Quant> quants = List.of();

    @BeforeEach
    void branch() {
        Engine engine = Engines.of(VOTING.consensus()).orElseThrow();
        quants = FinalityTest.branch(VOTING, Tip.genesis(VOTING), COUNT, StoreFixture.NOW);
        List<Long> times =
                new ArrayList<>(List.of(Tip.genesis(VOTING).head().header().timestamp()));
        Tip tip = Tip.genesis(VOTING);
        for (Quant quant : quants) {
            tip = StoreFixture.after(VOTING, tip, quant);
            long time = quant.compactQuant().header().timestamp();
            times.add(time);
            long last = engine.finality(tip.parent());
            if (last > 0) {
                expected.lag(time - times.get((int) last));
            }
        }
        assertThat(expected.finality(1)).isPresent();
    }

    private NodeConfig config() {
        NodeConfig base = Samples.config(data, 0);
        NodeConfig shallow =
                Samples.with(base, new NodeConfig.Ledger(base.ledger().driftMax(), 5, 8, 1 << 20));
        return Samples.with(shallow, new NodeConfig.Analytics(Duration.ofMillis(3)));
    }

    private StoreFixture start() {
        NodeConfig config = config();
        return StoreFixture.start(config, path -> RocksStore.open(path, config.store()), VOTING, SILENT);
    }

    private static AnalyticsSeries figures(StoreFixture node, ChainSpec spec, long height) {
        long day = Grain.DAY.millis();
        TimeGrid grid = TimeGrid.around(StoreFixture.NOW - day, StoreFixture.NOW + 2 * day, 3 * day);
        FindAnalytics question = new FindAnalytics(spec.id(), grid, Breakdown.NONE);
        Analytics found = await().until(() -> node.ask(FIND_ANALYTICS, question), one -> one.height() == height);
        return found.series().get(0);
    }

    private void assertRight(StoreFixture node) {
        List<AnalyticsPoint> points = figures(node, VOTING, COUNT).points().stream()
                .filter(point -> point.quants() > 0)
                .toList();
        assertThat(points).hasSize(1);
        assertThat(points.get(0).quants()).isEqualTo(COUNT);
        assertThat(points.get(0).finalityP50Millis()).isEqualTo(expected.finality(0.5));
        assertThat(points.get(0).finalityP99Millis()).isEqualTo(expected.finality(0.99));
    }

    @Test
    void itIsInTheFiguresAlsoWhenTheyAreMadeAnewAfterTheStatesWereLetGo() {
        try (StoreFixture node = start()) {
            quants.forEach(quant -> node.offer(VOTING, quant));
            assertRight(node);
            node.undeploy();
        }
        byte[] key = StoreKeys.hashed(1, quants.get(0).compactQuant().hash());
        try (Store store = RocksStore.open(data.resolve("store"), config().store());
                Store.Batch batch = store.batch()) {
            assertThat(store.get(ColumnFamily.STATES, key)).isEmpty();
            batch.delete(ColumnFamily.ROLLUP, StoreKeys.begin(1), StoreKeys.begin(2));
            store.write(batch);
        }
        try (StoreFixture node = start()) {
            assertRight(node);
            node.undeploy();
        }
    }

    @Test
    void whereNobodyVotesThereIsNone() {
        try (StoreFixture node = start()) {
            node.grow(SILENT, 1, 3);
            assertThat(figures(node, SILENT, 3).points())
                    .allMatch(point -> point.finalityP99Millis().equals(OptionalLong.empty()));
            node.undeploy();
        }
    }
}
