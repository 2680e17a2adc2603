package io.qbc.bench.report;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a run found: its measurements and bars, in order. */
public final class Rows {
    private final Consumer<String> progress;
    private final List<Row> rows = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();

    /**
     * One instance.
     *
     * @param progress is told each finding as it comes
     */
    public Rows(Consumer<String> progress) {
        this.progress = progress;
    }

    public void add(Row row) {
        rows.add(row);
        String note = row.note().isEmpty() ? "" : " (" + row.note() + ")";
        progress.accept(row.name() + ": " + Table.number(row.figure()) + " " + row.unit() + note);
    }

    public void add(Bar bar) {
        bars.add(bar);
    }

    /** The tables as the user sees them. */
    public String text() {
        return Table.rows(rows) + (bars.isEmpty() ? "" : "\n" + Table.bars(bars));
    }

    public JsonObject json() {
        JsonArray measurements = new JsonArray();
        for (Row row : rows) {
            JsonObject one = new JsonObject()
                    .put("name", row.name())
                    .put("figure", row.figure())
                    .put("unit", row.unit());
            row.ratio().ifPresent(r -> one.put("ratioToEcho", r));
            row.latency()
                    .ifPresent(
                            l -> one.put("p50ms", l.p50()).put("p99ms", l.p99()).put("p999ms", l.p999()));
            row.usage().ifPresent(u -> one.put("cpuPercent", u.cpu()).put("rssMiB", u.rss()));
            measurements.add(row.note().isEmpty() ? one : one.put("note", row.note()));
        }
        JsonArray promises = new JsonArray();
        for (Bar bar : bars) {
            promises.add(new JsonObject()
                    .put("name", bar.name())
                    .put("bar", bar.bar())
                    .put("figure", bar.figure())
                    .put("holds", bar.holds()));
        }
        return new JsonObject().put("rows", measurements).put("bars", promises);
    }
}
