package io.qbc.persistence.analytics;

import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.AnalyticsPoint;
import io.qbc.bus.Catalogue.AnalyticsSeries;
import io.qbc.bus.Catalogue.FindAnalytics;
import io.qbc.bus.Failure;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Tally;
import io.qbc.ledger.analytics.TimeGrid;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;

/** Answers from the roll-up of one chain; on a reader's thread. */
public final class RollupQuery {
    private static final int SERIES_MAX = 20;
    private static final int ROWS_MAX = 100_000;
    private static final int OTHERS = 0;
    private static final double HALF = 0.5;
    private static final double MOST = 0.99;
    private static final AnalyticsPoint NOTHING = new AnalyticsPoint(
            0, 0, 0, 0, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    private final Store store;
    private final int chain;

    public RollupQuery(Store store, int chain) {
        this.store = store;
        this.chain = chain;
    }

    public Analytics answer(FindAnalytics question) {
        long height =
                RollupProgress.read(store, chain).orElse(RollupProgress.NONE).height();
        TimeGrid grid = question.grid();
        if (question.by() == Breakdown.NONE) {
            List<AnalyticsPoint> points =
                    points(grid, question.by(), Map.of(OTHERS, 0)).get(0);
            return new Analytics(height, List.of(new AnalyticsSeries(Optional.empty(), points)));
        }
        List<Integer> shown = largest(grid, question.by());
        Map<Integer, Integer> places = new HashMap<>();
        shown.forEach(number -> places.put(number, places.size()));
        List<List<AnalyticsPoint>> points = points(grid, question.by(), places);
        Map<Integer, Bytes> names = Names.read(store, chain, question.by()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        List<AnalyticsSeries> series = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            series.add(new AnalyticsSeries(Optional.ofNullable(names.get(shown.get(i))), points.get(i)));
        }
        // What has no series of its own, if there is something.
        List<AnalyticsPoint> others = points.get(shown.size());
        if (others.stream().anyMatch(point -> point.transactions() > 0)) {
            series.add(new AnalyticsSeries(Optional.empty(), others));
        }
        return new Analytics(height, series);
    }

    /** The numbers of the names with most transactions in the range, the largest first. */
    private List<Integer> largest(TimeGrid grid, Breakdown by) {
        Map<Integer, Long> sums = new HashMap<>();
        rows(grid, by, (row, span) -> sums.merge(row.name(), Tally.transactions(row.value()), Long::sum));
        sums.remove(OTHERS);
        return sums.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(SERIES_MAX)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The points of each series in its place, and behind them those of all that has none. */
    private List<List<AnalyticsPoint>> points(TimeGrid grid, Breakdown by, Map<Integer, Integer> places) {
        int count = Math.toIntExact(grid.points());
        List<List<AnalyticsPoint>> points = new ArrayList<>();
        for (int i = 0; i <= places.size(); i++) {
            points.add(new ArrayList<>(Collections.nCopies(count, NOTHING)));
        }
        Map<Integer, Tally> step = new HashMap<>();
        int[] at = {0};
        rows(grid, by, (row, span) -> {
            int index = grid.index(span * grid.grain().millis());
            if (index != at[0]) {
                take(step, points, at[0]);
                at[0] = index;
            }
            int place = places.getOrDefault(row.name(), places.size());
            step.computeIfAbsent(place, none -> new Tally()).add(row.tally());
        });
        take(step, points, at[0]);
        return points;
    }

    private static void take(Map<Integer, Tally> step, List<List<AnalyticsPoint>> points, int index) {
        step.forEach((place, tally) -> points.get(place)
                .set(
                        index,
                        new AnalyticsPoint(
                                tally.transactions(),
                                tally.bytes(),
                                tally.quants(),
                                tally.waitMillis(),
                                tally.wait(HALF),
                                tally.wait(MOST),
                                tally.finality(HALF),
                                tally.finality(MOST))));
        step.clear();
    }

    /** A row of the range. */
    private record Found(int name, Bytes value) {
        Tally tally() {
            return Tally.decode(value).orElseThrow(() -> StoreException.corrupt("a row of the roll-up is damaged"));
        }
    }

    /** Gives the rows of the range with the numbers of their spans, in the order of time. */
    private void rows(TimeGrid grid, Breakdown by, ObjLongConsumer<Found> each) {
        byte[] begin = RollupKeys.tallies(chain, grid.grain(), by, grid.firstSpan());
        byte[] end = RollupKeys.tallies(chain, grid.grain(), by, grid.endSpan());
        byte[] key = new byte[RollupKeys.TALLY_BYTES];
        int rows = 0;
        try (Store.Scan scan = store.scan(ColumnFamily.ROLLUP)) {
            for (scan.seek(begin); scan.here(); scan.next()) {
                if (scan.key(key) != key.length || Arrays.compareUnsigned(key, end) >= 0) {
                    break;
                }
                if (rows++ == ROWS_MAX) {
                    throw new Failure(
                            Reason.RANGE_TOO_LARGE, "too much in this range; take a wider step or a shorter range");
                }
                each.accept(new Found(RollupKeys.name(key), Bytes.wrap(scan.value())), RollupKeys.span(key));
            }
        }
    }
}
