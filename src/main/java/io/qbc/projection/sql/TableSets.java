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
    private static final String OLD = "__old_";

    private final TableDatabase database;
    private final String name;
    private final OldTables old;
    private Optional<TableSet> live = Optional.empty();
    private Optional<TableSet> next = Optional.empty();

    private TableSets(TableDatabase database, String name) {
        this.database = database;
        this.name = name;
        old = new OldTables(database);
    }

    /** What a set of tables is at present. */
    enum Place {
        LIVE,
        NEXT,
        OLD
    }

    /** Those that a database has. */
    public static TableSets load(TableDatabase database, Connection connection, String name) throws SQLException {
        TableSets sets = new TableSets(database, name);
        for (Progress progress : ProgressTable.load(connection, name)) {
            if (progress.live()) {
                sets.live = Optional.of(sets.set(progress, Place.LIVE));
            } else if (progress.generation() > sets.generation()) {
                sets.next = Optional.of(sets.set(progress, Place.NEXT));
            } else {
                sets.old.add(sets.set(progress, Place.OLD));
            }
        }
        connection.commit();
        return sets;
    }

    private TableSet set(Progress progress, Place place) {
        return new TableSet(
                database.dialect(),
                schema(database.dialect(), progress, place),
                Mapping.read(name, progress.mapping()),
                progress);
    }

    private long generation() {
        return live.map(set -> set.progress().generation()).orElse(0L);
    }

    /** Embedded tables stay where they were made, since H2 renames nothing inside a transaction. */
    static String schema(Dialect dialect, Progress progress, Place place) {
        if (dialect == Dialect.H2) {
            return progress.name() + "__" + progress.generation();
        }
        return switch (place) {
            case LIVE -> progress.name();
            case NEXT -> progress.name() + NEXT;
            case OLD -> progress.name() + OLD + progress.generation();
        };
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
        Progress progress = new Progress(
                name,
                generation() + 1,
                first,
                mapping.version(),
                chain,
                Position.BEGINNING,
                -1,
                mapping.rowsHash(),
                mapping.canonical());
        TableSet made = set(progress, first ? Place.LIVE : Place.NEXT);
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
            OldTables.dropSchema(connection, gone.schema());
            connection.commit();
            next = Optional.empty();
        }
    }

    /**
     * Puts the tables of a rebuild in the place of the live ones, in one database transaction. These are old ones then,
     * and stay until they are dropped.
     */
    public void swap(Connection connection) throws SQLException {
        TableSet gone = live.orElseThrow();
        TableSet made = next.orElseThrow();
        TableSet left = set(gone.progress().live(false), Place.OLD);
        TableSet come = set(made.progress().live(true), Place.LIVE);
        if (database.dialect() == Dialect.POSTGRESQL) {
            rename(connection, gone.schema(), left.schema());
            rename(connection, made.schema(), come.schema());
        }
        ProgressTable.promote(connection, made.progress(), gone.progress());
        connection.commit();
        live = Optional.of(come);
        next = Optional.empty();
        old.swapped(left);
    }

    private static void rename(Connection connection, String from, String to) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER SCHEMA " + Dialect.quoted(from) + " RENAME TO " + Dialect.quoted(to));
        }
    }

    /** What was live before, and is to be dropped. */
    public OldTables old() {
        return old;
    }

    /**
     * Takes another mapping that makes the same rows.
     *
     * @return false if tables have transactions kept aside at which the other mapping stops
     */
    public boolean adopt(Connection connection, TableSet set, Mapping mapping) throws SQLException {
        if (set.progress().mapping().equals(mapping.canonical())) {
            return true;
        }
        if (!mapping.dead() && ProgressTable.deadCount(connection, set.progress()) > 0) {
            connection.rollback();
            return false;
        }
        Progress progress = set.progress().by(mapping);
        ProgressTable.adopt(connection, progress);
        connection.commit();
        TableSet made = set(progress, progress.live() ? Place.LIVE : Place.NEXT);
        if (progress.live()) {
            live = Optional.of(made);
        } else {
            next = Optional.of(made);
        }
        return true;
    }

    /** Drops all tables of the projection, and what is known of them. */
    public void dropAll(Connection connection) throws SQLException {
        dropNext(connection);
        old.dropAll(connection);
        if (live.isPresent()) {
            TableSet gone = live.get();
            ProgressTable.forget(connection, name, gone.progress().generation());
            OldTables.dropTables(connection, gone);
            connection.commit();
            live = Optional.empty();
        }
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
