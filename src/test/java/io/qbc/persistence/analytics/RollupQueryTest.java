package io.qbc.persistence.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.AnalyticsPoint;
import io.qbc.bus.Catalogue.FindAnalytics;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Grain;
import io.qbc.ledger.analytics.Tally;
import io.qbc.ledger.analytics.TimeGrid;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.persistence.analytics.RollupKeys.Row;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A year of a chain with ten million transactions, from its rows. */
class RollupQueryTest {
    private static final int CHAIN = 1;
    private static final int DAYS = 365;
    private static final int HOURS = 24;
    private static final int TYPES = 100;
    private static final long TRANSACTIONS = 10_000_000;

    @TempDir
    Path data;

    @Test
    void aYearIsAnsweredFromItsDays() {
        long begin = Grain.DAY.number(Samples.GENESIS_TIME);
        try (Store store = RocksStore.open(data, Samples.config(data, 0).store())) {
            seed(store, begin);
            RollupQuery query = new RollupQuery(store, CHAIN);
            long from = begin * Grain.DAY.millis();
            TimeGrid year = TimeGrid.around(from, from + DAYS * Grain.DAY.millis(), Grain.DAY.millis());
            TimeGrid days = TimeGrid.around(from, from + 20 * Grain.DAY.millis(), Grain.HOUR.millis());
            for (Breakdown by : new Breakdown[] {Breakdown.NONE, Breakdown.TYPE}) {
                for (TimeGrid grid : new TimeGrid[] {year, days}) {
                    FindAnalytics question = new FindAnalytics(Hash.ZERO, grid, by);
                    // Once before, as a running node has loaded its classes.
                    query.answer(question);
                    long since = System.nanoTime();
                    Analytics found = query.answer(question);
                    Duration took = Duration.ofNanos(System.nanoTime() - since);
                    long sum = found.series().stream()
                            .flatMap(series -> series.points().stream())
                            .mapToLong(AnalyticsPoint::transactions)
                            .sum();
                    long perHour = TRANSACTIONS / DAYS / HOURS / TYPES;
                    assertThat(sum).isEqualTo(perHour * TYPES * grid.points() * (grid.equals(year) ? HOURS : 1));
                    System.out.println("RollupQueryTest by " + by.word() + ", " + grid.points() + " steps: " + took);
                }
            }
        }
    }

    private static void seed(Store store, long begin) {
        try (Store.Batch batch = store.batch()) {
            for (int type = 1; type <= TYPES; type++) {
                batch.put(
                        ColumnFamily.ROLLUP,
                        RollupKeys.name(CHAIN, Breakdown.TYPE, Bytes.utf8("type " + type)),
                        new byte[] {(byte) type});
            }
            Tally each = new Tally();
            for (long i = 0; i < TRANSACTIONS / DAYS / HOURS / TYPES; i++) {
                each.transaction(300, 10 * i);
            }
            each.quant();
            Tally all = new Tally();
            Tally eachDay = new Tally();
            for (int i = 0; i < TYPES; i++) {
                all.add(each);
            }
            for (int i = 0; i < HOURS; i++) {
                eachDay.add(each);
            }
            Tally allDay = new Tally();
            for (int i = 0; i < HOURS; i++) {
                allDay.add(all);
            }
            for (long day = begin; day < begin + DAYS; day++) {
                put(batch, Grain.DAY, day, allDay, eachDay);
                for (long hour = day * HOURS; hour < (day + 1) * HOURS; hour++) {
                    put(batch, Grain.HOUR, hour, all, each);
                }
            }
            store.write(batch);
        }
    }

    private static void put(Store.Batch batch, Grain grain, long span, Tally all, Tally each) {
        batch.put(ColumnFamily.ROLLUP, RollupKeys.tally(CHAIN, new Row(grain, Breakdown.NONE, span, 0)), all.encode());
        for (int type = 1; type <= TYPES; type++) {
            batch.put(
                    ColumnFamily.ROLLUP,
                    RollupKeys.tally(CHAIN, new Row(grain, Breakdown.TYPE, span, type)),
                    each.encode());
        }
    }
}
