package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.follow.Leaf;
import io.qbc.projection.mapping.ColumnType;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.mapping.RowMaker;
import io.qbc.projection.sql.ReadLeases.Lease;
import io.qbc.projection.sql.RowBatch.Change;
import io.qbc.projection.sql.TableSets.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the live tables, at one state of them, with the chain, part after part. Tables to which rows are added are
 * compared as the chain goes by; those with the latest rows by a copy made beside them, which the database compares.
 */
public final class TablesVerifier implements AutoCloseable {
    private static final int FETCH = 1000;
    private static final String SCRATCH = "qbc_verify_";

    private final Connection connection;
    private final Dialect dialect;
    private final Lease lease;
    private final LiveTables tables;
    private final Progress progress;
    private final String schema;
    private final List<TableShape> shapes;
    private final RowMaker maker;
    private final Findings findings = new Findings();

    private TablesVerifier(Connection connection, Dialect dialect, Lease lease, LiveTables tables) {
        this.connection = connection;
        this.dialect = dialect;
        this.lease = lease;
        this.tables = tables;
        progress = tables.progress();
        schema = TableSets.schema(dialect, progress, Place.LIVE);
        Mapping mapping = Mapping.read(progress.name(), progress.mapping());
        shapes = TableShapes.of(mapping);
        maker = new RowMaker(mapping);
    }

    /**
     * Begins, at the state that the tables have now.
     *
     * @throws TablesReplacedException if others took their place meanwhile
     */
    public static TablesVerifier begin(TableDatabase database, Connection connection, String name) throws SQLException {
        Lease lease = database.leases().hold();
        boolean begun = false;
        try {
            LiveTables before = find(database, connection, lease, name);
            prepare(connection, new TablesVerifier(connection, database.dialect(), lease, before), before);
            LiveTables tables = find(database, connection, lease, name);
            if (tables.progress().generation() != before.progress().generation()) {
                throw new TablesReplacedException();
            }
            begun = true;
            return new TablesVerifier(connection, database.dialect(), lease, tables);
        } finally {
            if (!begun) {
                lease.close();
            }
        }
    }

    private static void prepare(Connection connection, TablesVerifier verifier, LiveTables before) throws SQLException {
        try {
            verifier.makeScratch();
            connection.commit();
            connection.setTransactionIsolation(verifier.dialect.snapshot());
        } catch (SQLException e) {
            if (before.isReplaced()) {
                throw new TablesReplacedException();
            }
            throw e;
        }
    }

    private static LiveTables find(TableDatabase database, Connection connection, Lease lease, String name)
            throws SQLException {
        return LiveTables.find(database.dialect(), connection, lease, name)
                .orElseThrow(() -> new SQLException("there are no tables yet"));
    }

    /** Fails if others took the place of these tables: what was found of them says nothing then. */
    public void requireLive() throws SQLException {
        if (lease.isOutdated() || !tables.isIntact()) {
            throw new TablesReplacedException();
        }
    }

    /** Ends the transaction, and tells whether others took the place of these tables. */
    public boolean isReplaced() throws SQLException {
        return tables.isReplaced();
    }

    @Override
    public void close() {
        lease.close();
    }

    public Progress progress() {
        return progress;
    }

    public Findings findings() {
        return findings;
    }

    private List<TableShape> keyed() {
        return shapes.stream().filter(TableShape::keyed).toList();
    }

    private String live(TableShape shape) {
        return Dialect.quoted(schema) + "." + Dialect.quoted(shape.name());
    }

    private static String scratch(TableShape shape) {
        return Dialect.quoted(SCRATCH + shape.mapped().orElse(0));
    }

    private void makeScratch() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (TableShape shape : keyed()) {
                String table = scratch(shape);
                String kind = dialect == Dialect.H2 ? "LOCAL TEMPORARY" : "TEMPORARY";
                statement.execute(
                        "CREATE " + kind + " TABLE " + table + " AS SELECT * FROM " + live(shape) + " WHERE 1 = 0");
                statement.execute("CREATE INDEX "
                        + Dialect.quoted(SCRATCH + "by_key_" + shape.mapped().orElse(0)) + " ON " + table
                        + " (\"_key\")");
            }
        }
    }

    /** Compares a part of the chain. */
    public void compare(ChainBatch part) throws SQLException {
        Set<DeadRow> aside = part.leaves().isEmpty()
                ? Set.of()
                : new HashSet<>(ProgressTable.dead(
                        connection,
                        progress,
                        part.leaves().get(0).index(),
                        part.leaves().size()));
        RowBatch rows = RowBatch.of(part, maker, true, aside);
        quants(part.quants());
        if (part.leaves().isEmpty()) {
            return;
        }
        long from = part.leaves().get(0).index();
        long end = from + part.leaves().size();
        Map<String, List<Object>> transactions = new HashMap<>();
        for (Leaf leaf : part.leaves()) {
            transactions.put(String.valueOf(leaf.index()), TableSet.transactionRow(leaf));
        }
        range(TableShapes.TRANSACTION, from, end, transactions);
        for (TableShape shape : shapes) {
            if (shape.mapped().isPresent()) {
                List<Change> changes = rows.changes().stream()
                        .filter(change -> change.row().table() == shape.mapped().get())
                        .toList();
                mapped(shape, changes, from, end);
            }
        }
    }

    private void quants(List<QuantHead> quants) throws SQLException {
        if (!quants.isEmpty()) {
            Map<String, List<Object>> expected = new HashMap<>();
            quants.forEach(quant -> expected.put(String.valueOf(quant.header().height()), TableSet.quantRow(quant)));
            long from = quants.get(0).header().height();
            long end = quants.get(quants.size() - 1).header().height() + 1;
            range(TableShapes.QUANT, from, end, expected);
        }
    }

    private void mapped(TableShape shape, List<Change> changes, long from, long end) throws SQLException {
        if (!shape.keyed()) {
            Map<String, List<Object>> expected = new HashMap<>();
            changes.forEach(change ->
                    expected.put(change.leaf().index() + "/" + change.row().n(), TableSet.mappedRow(change, false)));
            range(shape, from, end, expected);
            return;
        }
        Map<String, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.row().key(), change));
        try (PreparedStatement gone =
                connection.prepareStatement("DELETE FROM " + scratch(shape) + " WHERE \"_key\" = ?")) {
            for (String key : last.keySet()) {
                gone.setString(1, key);
                gone.addBatch();
            }
            gone.executeBatch();
        }
        List<List<Object>> rows = new ArrayList<>();
        last.values().stream()
                .filter(change -> !change.row().delete())
                .forEach(change -> rows.add(TableSet.mappedRow(change, true)));
        RowInsert.into(connection, dialect, scratch(shape), shape, rows);
    }

    /** Compares the rows whose first key column is in a range. */
    private void range(TableShape shape, long from, long end, Map<String, List<Object>> expected) throws SQLException {
        String column = Dialect.quoted(shape.key().get(0));
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + columns(shape) + " FROM "
                + live(shape) + " WHERE " + column + " >= ? AND " + column + " < ? ORDER BY " + column)) {
            statement.setFetchSize(FETCH);
            statement.setLong(1, from);
            statement.setLong(2, end);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String key = key(shape, row);
                    List<Object> wanted = expected.remove(key);
                    if (wanted == null) {
                        findings.added(shape, key);
                    } else {
                        List<String> different = RowComparison.differences(dialect, shape, row, wanted);
                        if (!different.isEmpty()) {
                            findings.changed(shape, key, different);
                        }
                    }
                }
            }
        }
        expected.keySet().stream().sorted().forEach(key -> findings.removed(shape, key));
    }

    private static String columns(TableShape shape) {
        return String.join(
                ", ",
                shape.columns().stream()
                        .map(column -> Dialect.quoted(column.name()))
                        .toList());
    }

    private static String key(TableShape shape, ResultSet row) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (String column : shape.key()) {
            parts.add(row.getString(column));
        }
        return String.join("/", parts);
    }

    /** Compares what no part of the chain is about, and the latest rows. */
    public void finish() throws SQLException {
        for (TableShape shape : shapes) {
            if (shape.keyed()) {
                latest(shape);
            } else {
                boolean quants = shape.equals(TableShapes.QUANT);
                long end = quants
                        ? progress.position().height() + 1
                        : progress.position().leaf();
                range(shape, Long.MIN_VALUE, 0, new HashMap<>());
                range(shape, end, Long.MAX_VALUE, new HashMap<>());
            }
        }
        connection.rollback();
    }

    private void latest(TableShape shape) throws SQLException {
        String join = " s ON s.\"_key\" = t.\"_key\" WHERE s.\"_key\" IS NULL ORDER BY 1";
        keys("SELECT t.\"_key\" FROM " + live(shape) + " t LEFT JOIN " + scratch(shape) + join, shape, true);
        keys("SELECT t.\"_key\" FROM " + scratch(shape) + " t LEFT JOIN " + live(shape) + join, shape, false);
        StringBuilder columns = new StringBuilder("SELECT t.\"_key\"");
        StringBuilder where = new StringBuilder(" WHERE ");
        for (int i = 0; i < shape.columns().size(); i++) {
            String test = different(shape.columns().get(i));
            columns.append(", ").append(test);
            where.append(i > 0 ? " OR " : "").append(test);
        }
        String sql = columns + " FROM " + live(shape) + " t JOIN " + scratch(shape) + " s ON s.\"_key\" = t.\"_key\""
                + where + " ORDER BY 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> different = new ArrayList<>();
                    for (int i = 0; i < shape.columns().size(); i++) {
                        if (row.getBoolean(i + 2)) {
                            different.add(shape.columns().get(i).name());
                        }
                    }
                    findings.changed(shape, row.getString(1), different);
                }
            }
        }
    }

    private String different(TableShape.Column column) {
        String name = Dialect.quoted(column.name());
        String cast = dialect == Dialect.POSTGRESQL && column.type() == ColumnType.JSON ? "::text" : "";
        return "(t." + name + cast + " IS DISTINCT FROM s." + name + cast + ")";
    }

    private void keys(String sql, TableShape shape, boolean added) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (added) {
                        findings.added(shape, row.getString(1));
                    } else {
                        findings.removed(shape, row.getString(1));
                    }
                }
            }
        }
    }
}
