package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.RowDifference;
import java.util.ArrayList;
import java.util.List;

/** What a comparison of tables with their chain has found so far; the first of it by name, all of it counted. */
public final class Findings {
    private static final int NAMED_MAX = 1000;

    private final List<RowDifference> named = new ArrayList<>();
    private long changed;
    private long added;
    private long removed;

    void changed(TableShape shape, String key, List<String> columns) {
        changed++;
        name(new RowDifference(shape.name(), "changed", key, columns));
    }

    void added(TableShape shape, String key) {
        added++;
        name(new RowDifference(shape.name(), "added", key, List.of()));
    }

    void removed(TableShape shape, String key) {
        removed++;
        name(new RowDifference(shape.name(), "removed", key, List.of()));
    }

    private void name(RowDifference difference) {
        if (named.size() < NAMED_MAX) {
            named.add(difference);
        }
    }

    public long changed() {
        return changed;
    }

    public long added() {
        return added;
    }

    public long removed() {
        return removed;
    }

    public List<RowDifference> named() {
        return List.copyOf(named);
    }
}
