package io.qbc.persistence;

import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_ANALYTICS;
import static io.qbc.bus.Catalogue.FIND_ROLLUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.AnalyticsPoint;
import io.qbc.bus.Catalogue.AnalyticsSeries;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindAnalytics;
import io.qbc.bus.Catalogue.FindRollup;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Tip;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Grain;
import io.qbc.ledger.analytics.Tally;
import io.qbc.ledger.analytics.TimeGrid;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreWithout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures are those of the chain as it is, whatever way it came there. */
class RollupTest {
    private static final ChainSpec MAIN = Samples.dbc("main");
    private static final long HOUR = Grain.HOUR.millis();

    @TempDir
    Path data;

    private NodeConfig config() {
        return Samples.with(Samples.config(data, 0), new NodeConfig.Analytics(Duration.ofMillis(3)));
    }

    private StoreFixture start(ChainSpec... chains) {
        NodeConfig config = config();
        return StoreFixture.start(config, path -> RocksStore.open(path, config.store()), chains);
    }

    /** A transaction with a type, whose key a node made up. */
    private static Transaction typed(ChainSpec spec, int n, String type) {
        Transaction plain = Samples.transaction(spec, n);
        Body body = plain.body();
        Body named = new Body(
                Canonical.VERSION,
                body.chain(),
                body.timestamp(),
                body.key(),
                Bytes.EMPTY,
                Bytes.utf8(type),
                0,
                body.commitment(),
                body.length());
        return Transaction.of(named, plain.salt(), Bytes.EMPTY, plain.payload());
    }

    private static TimeGrid grid(long step) {
        return TimeGrid.around(StoreFixture.NOW - 10 * HOUR, StoreFixture.NOW + 10 * HOUR, step);
    }

    private static Analytics ask(StoreFixture node, ChainSpec spec, Breakdown by, long step) {
        return node.ask(FIND_ANALYTICS, new FindAnalytics(spec.id(), grid(step), by));
    }

    /** What the figures must be, counted from the whole chain. */
    private static Map<String, Tally> counted(StoreFixture node, ChainSpec spec, Breakdown by, long step) {
        Map<Long, Map<String, Tally>> quants = new TreeMap<>();
        for (Piece piece : node.pieces(spec)) {
            Header header = piece.quant().header();
            long time = header.timestamp();
            String at = " " + (header.isGenesis() ? 0 : grid(step).index(time));
            Map<String, Tally> quant = quants.computeIfAbsent(header.height(), none -> new TreeMap<>());
            if (by == Breakdown.NONE && !header.isGenesis()) {
                quant.putIfAbsent(at, new Tally());
            }
            for (Transaction transaction : piece.transactions()) {
                Body body = transaction.body();
                String name = switch (by) {
                    case NONE -> "";
                    case TYPE -> body.type().text();
                    case AUTHOR -> body.author().hex();
                };
                quant.computeIfAbsent(name + at, none -> new Tally())
                        .transaction(transaction.encoded().size(), time - body.timestamp());
            }
        }
        Map<String, Tally> expected = new TreeMap<>();
        quants.values()
                .forEach(quant -> quant.forEach((key, tally) -> {
                    tally.quant();
                    expected.computeIfAbsent(key, none -> new Tally()).add(tally);
                }));
        return expected;
    }

    private static Map<String, AnalyticsPoint> points(Analytics found, Breakdown by) {
        Map<String, AnalyticsPoint> points = new TreeMap<>();
        for (AnalyticsSeries series : found.series()) {
            String name = series.name()
                    .map(bytes -> by == Breakdown.AUTHOR ? bytes.hex() : bytes.text())
                    .orElse("");
            for (int i = 0; i < series.points().size(); i++) {
                if (series.points().get(i).quants() > 0) {
                    points.put(name + " " + i, series.points().get(i));
                }
            }
        }
        return points;
    }

    private static void assertRight(StoreFixture node, ChainSpec spec) {
        await().untilAsserted(() -> {
            long height = node.tip(spec).head().height();
            for (Breakdown by : Breakdown.values()) {
                for (long step : List.of(Grain.MINUTE.millis(), 7 * Grain.MINUTE.millis(), HOUR, Grain.DAY.millis())) {
                    Analytics found = ask(node, spec, by, step);
                    assertThat(found.height()).isEqualTo(height);
                    Map<String, AnalyticsPoint> expected = new TreeMap<>();
                    counted(node, spec, by, step)
                            .forEach((key, tally) -> expected.put(
                                    key,
                                    new AnalyticsPoint(
                                            tally.transactions(),
                                            tally.bytes(),
                                            tally.quants(),
                                            tally.waitMillis(),
                                            tally.wait(0.5),
                                            tally.wait(0.99),
                                            tally.finality(0.5),
                                            tally.finality(0.99))));
                    assertThat(points(found, by)).as("%s %s", by, step).isEqualTo(expected);
                }
            }
        });
    }

    /** A quant with its tip. */
    private record Node(Quant quant, Tip tip) {
        static Node on(Tip parent, long time, Transaction... transactions) {
            Quant quant = Samples.quant(MAIN, parent, List.of(transactions), time);
            return new Node(quant, StoreFixture.after(MAIN, parent, quant));
        }
    }

    @Test
    void theyFollowTheChainAndGoOnAfterARestart() {
        try (StoreFixture node = start(MAIN)) {
            node.keep(MAIN, typed(MAIN, 1, "order"), typed(MAIN, 2, "order"), typed(MAIN, 3, "refund"));
            node.keep(MAIN, Signing.transaction(MAIN, 4, "key", "{}"));
            node.leap(MAIN);
            node.grow(MAIN, 10, 5);
            assertRight(node, MAIN);
            await().until(() -> node.ask(FIND_ROLLUP, new FindRollup()).behind() == 0);
            node.undeploy();
        }
        try (StoreFixture node = start(MAIN)) {
            node.grow(MAIN, 20, 3);
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    @Test
    void whatLeavesTheChainLeavesThem() {
        long time = StoreFixture.NOW - 5 * HOUR;
        Node one = Node.on(Tip.genesis(MAIN), time, typed(MAIN, 1, "a"), typed(MAIN, 2, "b"));
        Node two = Node.on(one.tip(), time + HOUR, typed(MAIN, 3, "c"));
        Node other = Node.on(one.tip(), time + 2 * HOUR, typed(MAIN, 4, "d"));
        Node heavier = Node.on(other.tip(), time + 3 * HOUR, typed(MAIN, 3, "c"), typed(MAIN, 5, "a"));
        try (StoreFixture node = start(MAIN)) {
            node.offer(MAIN, one.quant());
            node.offer(MAIN, two.quant());
            assertRight(node, MAIN);
            node.offer(MAIN, other.quant());
            node.offer(MAIN, heavier.quant());
            assertThat(node.tip(MAIN)).isEqualTo(heavier.tip());
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    /** The chain went another way while nobody counted. */
    @Test
    void whatLeftTheChainMeanwhileLeavesThemToo() {
        long time = StoreFixture.NOW - 5 * HOUR;
        Node one = Node.on(Tip.genesis(MAIN), time, typed(MAIN, 1, "a"));
        Node other = Node.on(Tip.genesis(MAIN), time + 2 * HOUR, typed(MAIN, 4, "d"));
        Node heavier = Node.on(other.tip(), time + 3 * HOUR, typed(MAIN, 5, "a"));
        try (StoreFixture node = start(MAIN)) {
            node.offer(MAIN, one.quant());
            assertRight(node, MAIN);
            node.undeploy();
        }
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            node.offer(MAIN, other.quant());
            node.offer(MAIN, heavier.quant());
            assertThat(node.tip(MAIN)).isEqualTo(heavier.tip());
            assertThat(node.refusal(FIND_ANALYTICS, new FindAnalytics(MAIN.id(), grid(HOUR), Breakdown.NONE))
                            .reason())
                    .isEqualTo(Reason.ANALYTICS_OFF);
            node.undeploy();
        }
        try (StoreFixture node = start(MAIN)) {
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    @Test
    void theyAreThoseOfTheBestBranchOfAnyTree() {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Node> tree = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            Tip parent = tree.isEmpty()
                    ? Tip.genesis(MAIN)
                    : tree.get(Math.max(0, tree.size() - 1 - random.nextInt(4))).tip();
            long after = parent.head().height() == 0
                    ? StoreFixture.NOW - 9 * HOUR
                    : parent.head().header().timestamp();
            String type = "type " + random.nextInt(3);
            tree.add(Node.on(parent, after + 1 + random.nextInt((int) (HOUR / 10)), typed(MAIN, n, type)));
        }
        try (StoreFixture node = start(MAIN)) {
            tree.forEach(each -> node.offer(MAIN, each.quant()));
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    @Test
    void aForkHasTheFiguresOfItsPastToo() {
        try (StoreFixture node = start(MAIN)) {
            node.grow(MAIN, 1, 5);
            ChainSpec fork = Samples.fork("side", MAIN, node.at(MAIN, 3).header(), StoreFixture.NOW + 1000);
            node.bang(fork);
            node.grow(fork, 100, 2);
            node.grow(MAIN, 50, 2);
            assertRight(node, fork);
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    @Test
    void ofManyNamesTheLargestAreShownAndTheOthersTogether() {
        try (StoreFixture node = start(MAIN)) {
            List<Transaction> all = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                all.add(typed(MAIN, n, "type " + (n < 40 ? 7 : n)));
            }
            node.keep(MAIN, all.toArray(Transaction[]::new));
            node.leap(MAIN);
            await().until(() -> ask(node, MAIN, Breakdown.TYPE, HOUR).height() == 1);
            List<AnalyticsSeries> series = ask(node, MAIN, Breakdown.TYPE, HOUR).series();
            assertThat(series).hasSize(21);
            assertThat(series.get(0).name()).contains(Bytes.utf8("type 7"));
            assertThat(sum(series.get(0))).isEqualTo(40);
            assertThat(series.get(20).name()).isEmpty();
            assertThat(sum(series.get(20))).isEqualTo(300 - 40 - 19);
            node.undeploy();
        }
    }

    private static long sum(AnalyticsSeries series) {
        return series.points().stream().mapToLong(AnalyticsPoint::transactions).sum();
    }

    @Test
    void ofADroppedChainNothingStays() {
        ChainSpec side = Samples.dbc("side");
        try (StoreFixture node = start(MAIN)) {
            node.bang(side);
            node.grow(side, 1, 3);
            assertRight(node, side);
            node.ask(DROP, new Drop(side.id()));
            node.grow(MAIN, 1, 1);
            assertRight(node, MAIN);
            node.undeploy();
        }
        try (Store store = RocksStore.openToRead(data.resolve("store"), config().store());
                Store.Scan rows = store.scan(ColumnFamily.ROLLUP)) {
            byte[] key = new byte[4];
            for (rows.seek(new byte[0]); rows.here(); rows.next()) {
                rows.key(key);
                assertThat(key).containsExactly(0, 0, 0, 1);
            }
        }
    }

    @Test
    void aDirectoryWithoutThemGetsThem() throws Exception {
        try (StoreFixture node = StoreFixture.start(data, MAIN)) {
            node.grow(MAIN, 1, 5);
            node.undeploy();
        }
        StoreWithout.of(data.resolve("store"), ColumnFamily.ROLLUP);
        try (Store store = RocksStore.openToRead(data.resolve("store"), config().store())) {
            assertThat(store.get(ColumnFamily.ROLLUP, new byte[] {0, 0, 0, 1, 0}))
                    .isEqualTo(Optional.empty());
        }
        try (StoreFixture node = start(MAIN)) {
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    @Test
    void whatAnotherVersionMadeOrIsDamagedIsMadeAnew() {
        try (StoreFixture node = start(MAIN)) {
            node.grow(MAIN, 1, 5);
            assertRight(node, MAIN);
            node.undeploy();
        }
        byte[] progress = {0, 0, 0, 1, 0};
        try (Store store = RocksStore.open(data.resolve("store"), config().store());
                Store.Batch batch = store.batch()) {
            assertThat(store.get(ColumnFamily.ROLLUP, progress)).isPresent();
            batch.put(ColumnFamily.ROLLUP, progress, new byte[] {99, 1, 2, 3});
            store.write(batch);
        }
        try (StoreFixture node = start(MAIN)) {
            assertRight(node, MAIN);
            node.undeploy();
        }
        try (Store store = RocksStore.open(data.resolve("store"), config().store());
                Store.Batch batch = store.batch();
                Store.Scan rows = store.scan(ColumnFamily.ROLLUP)) {
            rows.seek(new byte[] {0, 0, 0, 1, 2});
            byte[] key = new byte[16];
            assertThat(rows.here()).isTrue();
            assertThat(rows.key(key)).isEqualTo(key.length);
            batch.put(ColumnFamily.ROLLUP, key, new byte[] {1});
            store.write(batch);
        }
        try (StoreFixture node = start(MAIN)) {
            // The next quant of the same minute meets the damage.
            node.grow(MAIN, 30, 1);
            assertRight(node, MAIN);
            node.undeploy();
        }
    }

    /** A genesis quant alone is no figure. */
    @Test
    void anEmptyChainHasNone() {
        try (StoreFixture node = start(MAIN)) {
            await().until(() -> ask(node, MAIN, Breakdown.NONE, HOUR).height() == 0);
            assertThat(points(ask(node, MAIN, Breakdown.NONE, HOUR), Breakdown.NONE))
                    .isEmpty();
            assertThat(ask(node, MAIN, Breakdown.TYPE, HOUR).series()).isEmpty();
            assertThat(node.refusal(FIND_ANALYTICS, new FindAnalytics(Hash.ZERO, grid(HOUR), Breakdown.NONE))
                            .reason())
                    .isEqualTo(Reason.CHAIN_UNKNOWN);
            node.undeploy();
        }
    }
}
