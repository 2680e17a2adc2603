package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.projection.mapping.Mapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The sets of tables of one projection: the live one, and the one that is to take its place; used by one thread. */
public final class TableSets {
    private static final String NEXT = "__next";
    private static final String OLD = "__old";

    private final TableDatabase database;
    private final String name;
    private Optional<TableSet> live = Optional.empty();
    private Optional<TableSet> next = Optional.empty();

    private TableSets(TableDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    /** Those that a database has. */
    public static TableSets load(TableDatabase database, Connection connection, String name) throws SQLException {
        TableSets sets = new TableSets(database, name);
        for (Progress progress : ProgressTable.load(connection, name)) {
            Mapping mapping = Mapping.read(name, progress.mapping());
            TableSet set = new TableSet(
                    database.dialect(),
                    schema(database.dialect(), name, progress.generation(), progress.live()),
                    mapping,
                    progress);
            if (progress.live()) {
                sets.live = Optional.of(set);
            } else {
                sets.next = Optional.of(set);
            }
        }
        connection.commit();
        return sets;
    }

    /** Embedded tables stay where they were made, since H2 renames nothing inside a transaction. */
    static String schema(Dialect dialect, String name, long generation, boolean live) {
        if (dialect == Dialect.H2) {
            return name + "__" + generation;
        }
        return live ? name : name + NEXT;
    }

    public Dialect dialect() {
        return database.dialect();
    }

    public Optional<TableSet> live() {
        return live;
    }

    public Optional<TableSet> next() {
        return next;
    }

    /** Makes the first tables, or others beside those that there are. */
    public TableSet create(Connection connection, Mapping mapping, Hash chain, Instant now) throws SQLException {
        dropNext(connection);
        boolean first = live.isEmpty();
        long generation = live.map(set -> set.progress().generation() + 1).orElse(1L);
        Progress progress = new Progress(
                name,
                generation,
                first,
                mapping.version(),
                chain,
                Position.BEGINNING,
                -1,
                mapping.rowsHash(),
                mapping.canonical());
        String schema = schema(database.dialect(), name, generation, first);
        TableSet made = new TableSet(database.dialect(), schema, mapping, progress);
        made.create(connection, database, !first || database.dialect() == Dialect.H2, now);
        if (first) {
            live = Optional.of(made);
        } else {
            next = Optional.of(made);
        }
        return made;
    }

    /** Ends a rebuild without its tables. */
    public void dropNext(Connection connection) throws SQLException {
        if (next.isPresent()) {
            TableSet gone = next.get();
            ProgressTable.forget(connection, name, gone.progress().generation());
            connection.commit();
            dropSchema(connection, gone.schema());
            connection.commit();
            next = Optional.empty();
        }
    }

    private static void dropSchema(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + Dialect.quoted(schema) + " CASCADE");
        }
    }

    /** Puts the tables of a rebuild in the place of the live ones, in one database transaction. */
    public void swap(Connection connection) throws SQLException {
        TableSet old = live.orElseThrow();
        TableSet made = next.orElseThrow();
        if (database.dialect() == Dialect.POSTGRESQL) {
            dropTables(connection, old, name + OLD);
            try (Statement statement = connection.createStatement()) {
                statement.execute("ALTER SCHEMA " + Dialect.quoted(name) + " RENAME TO " + Dialect.quoted(name + OLD));
                statement.execute("ALTER SCHEMA " + Dialect.quoted(name + NEXT) + " RENAME TO " + Dialect.quoted(name));
            }
        }
        ProgressTable.promote(connection, made.progress(), old.progress());
        connection.commit();
        Progress progress = made.progress().asLive();
        live = Optional.of(new TableSet(
                database.dialect(),
                schema(database.dialect(), name, progress.generation(), true),
                made.mapping(),
                progress));
        next = Optional.empty();
    }

    /** Drops what was live before; what others made of it is not touched, and keeps the tables that it is of. */
    public void dropOld(Connection connection, TableSet old) throws SQLException {
        if (database.dialect() == Dialect.H2) {
            dropSchema(connection, old.schema());
        } else {
            dropTables(connection, old, name + OLD);
        }
        connection.commit();
    }

    private static void dropTables(Connection connection, TableSet old, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (TableShape shape : old.shapes()) {
                String table = Dialect.quoted(schema) + ".";
                statement.execute("DROP TABLE IF EXISTS " + table + Dialect.quoted(shape.name()));
                statement.execute("DROP TABLE IF EXISTS " + table
                        + Dialect.quoted("qbc_undo_" + shape.mapped().orElse(0)));
            }
            statement.execute("DROP SCHEMA IF EXISTS " + Dialect.quoted(schema));
        }
    }

    /** Drops all tables of the projection, and what is known of them. */
    public void dropAll(Connection connection) throws SQLException {
        dropNext(connection);
        if (live.isPresent()) {
            TableSet gone = live.get();
            ProgressTable.forget(connection, name, gone.progress().generation());
            dropTables(connection, gone, gone.schema());
            connection.commit();
            live = Optional.empty();
        }
    }

    /** The live tables as a reader finds them; nothing before there are any. */
    public static Optional<TablesView> view(TableDatabase database, Connection reader, String name)
            throws SQLException {
        Optional<Progress> found =
                ProgressTable.load(reader, name).stream().filter(Progress::live).findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Progress progress = found.get();
        Mapping mapping = Mapping.read(name, progress.mapping());
        reader.setSchema(schema(database.dialect(), name, progress.generation(), true));
        return Optional.of(new TablesView(
                reader,
                database.dialect(),
                mapping,
                TableShapes.of(mapping),
                progress.position().leaf()));
    }

    /** What is kept aside of the live tables. */
    public static List<DeadRow> dead(Connection reader, String name, long fromLeaf, int countMax) throws SQLException {
        Optional<Progress> found =
                ProgressTable.load(reader, name).stream().filter(Progress::live).findFirst();
        return found.isEmpty() ? List.of() : ProgressTable.dead(reader, found.get(), fromLeaf, countMax);
    }

    /** How many rows each live table has. */
    public SortedMap<String, Long> counts(Connection connection) throws SQLException {
        return ProgressTable.counts(connection, live.orElseThrow().progress());
    }

    /** How many transactions are kept aside of the live tables. */
    public long deadCount(Connection connection) throws SQLException {
        return ProgressTable.deadCount(connection, live.orElseThrow().progress());
    }

    /** The sets that there are. */
    public List<TableSet> all() {
        List<TableSet> all = new ArrayList<>();
        live.ifPresent(all::add);
        next.ifPresent(all::add);
        return all;
    }
}
