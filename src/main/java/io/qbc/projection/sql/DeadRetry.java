package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.mapping.MisfitException;
import io.qbc.projection.mapping.RowChange;
import io.qbc.projection.sql.RowBatch.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts transactions into live tables that were kept aside, in one database transaction: each with all of its rows, or
 * it stays aside. A row of a later transaction is never replaced.
 */
public final class DeadRetry {
    private final Connection connection;
    private final Dialect dialect;
    private final TableSet set;
    private final Map<String, Long> counts = new HashMap<>();
    private long rows;

    /** Begins, if the tables are where they are expected to be; nobody else changes them then until the commit. */
    public DeadRetry(Connection connection, Dialect dialect, TableSet set) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.set = set;
        ProgressTable.move(connection, set.progress(), set.progress());
    }

    /**
     * Whether a transaction can be put in after later ones. It cannot where a row may have been taken away meanwhile,
     * as nothing is left of it that says so, nor where what a row was before is kept for a reorganisation.
     */
    public static boolean isInPlace(Mapping mapping) {
        return mapping.tables().stream()
                .filter(table -> table.latest())
                .allMatch(table -> !mapping.head() && table.deleteWhen().isEmpty());
    }

    /** The transactions that are kept aside from a leaf on. */
    public List<DeadRow> dead(long fromLeaf, int countMax) throws SQLException {
        return ProgressTable.dead(connection, set.progress(), fromLeaf, countMax);
    }

    /** Where a transaction stands, as the chain's own table has it; nothing if somebody removed it there. */
    public Optional<Position> place(long leaf) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT \"height\", \"quant\" FROM "
                + sql(TableShapes.TRANSACTION).table() + " WHERE \"leaf\" = ?")) {
            statement.setLong(1, leaf);
            try (ResultSet row = statement.executeQuery()) {
                boolean whole = row.next() && row.getBytes(2) != null && row.getBytes(2).length == Hash.BYTES;
                return whole
                        ? Optional.of(new Position(leaf, row.getLong(1), Hash.at(row.getBytes(2), 0)))
                        : Optional.empty();
            }
        }
    }

    /** Maps a transaction again, and puts its rows in; false if it still does not fit, and stays aside. */
    public boolean put(Leaf leaf) throws SQLException {
        Optional<Bytes> payload = leaf.payload();
        if (payload.isEmpty()) {
            return false;
        }
        Savepoint before = connection.setSavepoint();
        Map<String, Long> added = new HashMap<>();
        try {
            List<RowChange> changes = set.maker().changes(leaf.body().type().text(), payload.get());
            for (TableShape shape : set.shapes()) {
                if (shape.mapped().isPresent()) {
                    put(leaf, shape, changes, added);
                }
            }
        } catch (MisfitException e) {
            return false;
        } catch (SQLException e) {
            if (!SqlFault.isOfValues(e)) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
        ProgressTable.raise(connection, set.progress(), leaf.index());
        added.forEach((table, count) -> counts.merge(table, count, Long::sum));
        return true;
    }

    private void put(Leaf leaf, TableShape shape, List<RowChange> changes, Map<String, Long> added)
            throws SQLException {
        Map<Object, Change> rowsByKey = new LinkedHashMap<>();
        for (RowChange change : changes) {
            if (change.table() == shape.mapped().orElseThrow()) {
                rowsByKey.put(shape.keyed() ? change.key() : (Object) change.n(), new Change(leaf, change));
            }
        }
        String table = sql(shape).table();
        if (shape.keyed()) {
            for (Object key : List.copyOf(rowsByKey.keySet())) {
                long gone = deleteOlder(table, key.toString(), leaf.index());
                added.merge(shape.name(), -gone, Long::sum);
                if (gone == 0 && exists(table, key.toString())) {
                    rowsByKey.remove(key);
                }
            }
        }
        List<List<Object>> made = rowsByKey.values().stream()
                .map(change -> TableSet.mappedRow(change, shape.keyed()))
                .toList();
        RowInsert.into(connection, dialect, table, shape, made);
        added.merge(shape.name(), (long) made.size(), Long::sum);
        rows += made.size();
    }

    private TableStatements sql(TableShape shape) {
        return new TableStatements(dialect, set.schema(), shape);
    }

    private long deleteOlder(String table, String key, long leaf) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + table + " WHERE \"_key\" = ? AND \"_leaf\" < ?")) {
            statement.setString(1, key);
            statement.setLong(2, leaf);
            return statement.executeUpdate();
        }
    }

    private boolean exists(String table, String key) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM " + table + " WHERE \"_key\" = ?")) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Commits what was put in, and says how many rows that were. */
    public long commit() throws SQLException {
        ProgressTable.count(connection, set.progress(), counts);
        connection.commit();
        return rows;
    }
}
