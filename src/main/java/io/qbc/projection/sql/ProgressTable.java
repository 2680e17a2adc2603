package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.follow.Position;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tables in which the node keeps how far each set of tables is. */
final class ProgressTable {
    private static final String PROGRESS = SchemaVersions.SCHEMA + ".qbc_progress";
    private static final String ROWS = SchemaVersions.SCHEMA + ".qbc_rows";
    private static final String DEAD = SchemaVersions.SCHEMA + ".qbc_dead";
    private static final String THIS = " WHERE name = ? AND generation = ?";

    private ProgressTable() {}

    /** The sets of tables of a projection, the live one first. */
    static List<Progress> load(Connection connection, String name) throws SQLException {
        List<Progress> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT generation, live, version, chain, height, hash, leaf, undo_above, mapping_hash, mapping FROM "
                        + PROGRESS + " WHERE name = ? ORDER BY live DESC, generation")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Progress(
                            name,
                            row.getLong(1),
                            row.getBoolean(2),
                            row.getInt(3),
                            Hash.at(row.getBytes(4), 0),
                            new Position(row.getLong(7), row.getLong(5), Hash.at(row.getBytes(6), 0)),
                            row.getLong(8),
                            Hash.at(row.getBytes(9), 0),
                            Bytes.utf8(row.getString(10))));
                }
            }
        }
        return found;
    }

    static void insert(Connection connection, Progress progress, OffsetDateTime now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + PROGRESS
                + " (name, generation, live, version, chain, height, hash, leaf, undo_above, mapping_hash, mapping,"
                + " built) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setString(1, progress.name());
            statement.setLong(2, progress.generation());
            statement.setBoolean(3, progress.live());
            statement.setInt(4, progress.version());
            statement.setBytes(5, progress.chain().bytes());
            statement.setLong(6, progress.position().height());
            statement.setBytes(7, progress.position().quant().bytes());
            statement.setLong(8, progress.position().leaf());
            statement.setLong(9, progress.undoAbove());
            statement.setBytes(10, progress.rowsHash().bytes());
            statement.setString(11, progress.mapping().text());
            statement.setObject(12, now);
            statement.executeUpdate();
        }
    }

    /** Moves on from where it is expected to be; {@link OtherProjectorException} if it is somewhere else. */
    static void move(Connection connection, Progress from, Progress to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + PROGRESS
                + " SET height = ?, hash = ?, leaf = ?, undo_above = ?" + THIS
                + " AND leaf = ? AND height = ? AND hash = ?")) {
            statement.setLong(1, to.position().height());
            statement.setBytes(2, to.position().quant().bytes());
            statement.setLong(3, to.position().leaf());
            statement.setLong(4, to.undoAbove());
            statement.setString(5, from.name());
            statement.setLong(6, from.generation());
            statement.setLong(7, from.position().leaf());
            statement.setLong(8, from.position().height());
            statement.setBytes(9, from.position().quant().bytes());
            if (statement.executeUpdate() != 1) {
                throw new OtherProjectorException(from);
            }
        }
    }

    /** Makes a set of tables the live one, and the one that was an old one, which is there until it is dropped. */
    static void promote(Connection connection, Progress next, Progress old) throws SQLException {
        live(connection, old, false);
        live(connection, next, true);
    }

    private static void live(Connection connection, Progress progress, boolean live) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE " + PROGRESS + " SET live = ?" + THIS + " AND live <> ?")) {
            statement.setBoolean(1, live);
            statement.setString(2, progress.name());
            statement.setLong(3, progress.generation());
            statement.setBoolean(4, live);
            if (statement.executeUpdate() != 1) {
                throw new OtherProjectorException(progress);
            }
        }
    }

    /** Puts another mapping in the place of one that makes the same rows. */
    static void adopt(Connection connection, Progress progress) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + PROGRESS + " SET mapping = ?, version = ?" + THIS + " AND leaf = ? AND mapping_hash = ?")) {
            statement.setString(1, progress.mapping().text());
            statement.setInt(2, progress.version());
            statement.setString(3, progress.name());
            statement.setLong(4, progress.generation());
            statement.setLong(5, progress.position().leaf());
            statement.setBytes(6, progress.rowsHash().bytes());
            if (statement.executeUpdate() != 1) {
                throw new OtherProjectorException(progress);
            }
        }
    }

    static void forget(Connection connection, String name, long generation) throws SQLException {
        for (String table : List.of(PROGRESS, ROWS, DEAD)) {
            try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + table + THIS)) {
                statement.setString(1, name);
                statement.setLong(2, generation);
                statement.executeUpdate();
            }
        }
    }

    /** Begins to count the rows of tables. */
    static void beginCounts(Connection connection, Progress progress, List<TableShape> shapes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO " + ROWS + " (name, generation, table_name, row_count) VALUES (?, ?, ?, 0)")) {
            for (TableShape shape : shapes) {
                statement.setString(1, progress.name());
                statement.setLong(2, progress.generation());
                statement.setString(3, shape.name());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    static void count(Connection connection, Progress progress, Map<String, Long> changes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + ROWS + " SET row_count = row_count + ?" + THIS + " AND table_name = ?")) {
            for (Map.Entry<String, Long> change : new TreeMap<>(changes).entrySet()) {
                if (change.getValue() != 0) {
                    statement.setLong(1, change.getValue());
                    statement.setString(2, progress.name());
                    statement.setLong(3, progress.generation());
                    statement.setString(4, change.getKey());
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }

    static SortedMap<String, Long> counts(Connection connection, Progress progress) throws SQLException {
        SortedMap<String, Long> counts = new TreeMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT table_name, row_count FROM " + ROWS + THIS)) {
            statement.setString(1, progress.name());
            statement.setLong(2, progress.generation());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    counts.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return counts;
    }

    static void bury(Connection connection, Progress progress, List<DeadRow> dead) throws SQLException {
        if (dead.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + DEAD
                + " (name, generation, leaf, tx, table_name, pointer, reason) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (DeadRow row : dead) {
                statement.setString(1, progress.name());
                statement.setLong(2, progress.generation());
                statement.setLong(3, row.leaf());
                statement.setBytes(4, row.transaction().bytes());
                statement.setString(5, row.table());
                statement.setString(6, row.pointer());
                statement.setString(7, row.reason());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    static void unbury(Connection connection, Progress progress, long fromLeaf) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + DEAD + THIS + " AND leaf >= ?")) {
            statement.setString(1, progress.name());
            statement.setLong(2, progress.generation());
            statement.setLong(3, fromLeaf);
            statement.executeUpdate();
        }
    }

    /** Takes one transaction off those that are kept aside. */
    static void raise(Connection connection, Progress progress, long leaf) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + DEAD + THIS + " AND leaf = ?")) {
            statement.setString(1, progress.name());
            statement.setLong(2, progress.generation());
            statement.setLong(3, leaf);
            if (statement.executeUpdate() != 1) {
                throw new OtherProjectorException(progress);
            }
        }
    }

    static long deadCount(Connection connection, Progress progress) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM " + DEAD + THIS)) {
            statement.setString(1, progress.name());
            statement.setLong(2, progress.generation());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    static List<DeadRow> dead(Connection connection, Progress progress, long fromLeaf, int countMax)
            throws SQLException {
        List<DeadRow> dead = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT leaf, tx, table_name, pointer, reason FROM " + DEAD + THIS
                        + " AND leaf >= ? ORDER BY leaf LIMIT ?")) {
            statement.setString(1, progress.name());
            statement.setLong(2, progress.generation());
            statement.setLong(3, fromLeaf);
            statement.setInt(4, countMax);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    dead.add(new DeadRow(
                            row.getLong(1),
                            Hash.at(row.getBytes(2), 0),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5)));
                }
            }
        }
        return dead;
    }
}
