package io.qbc.projection.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sets of tables of a projection that others took the place of: each is dropped once nobody reads it. What somebody
 * else made of such tables is not touched, and keeps them. Used by one thread.
 */
public final class OldTables {
    private static final Logger LOG = LoggerFactory.getLogger(OldTables.class);
    /** How long programs that read PostgreSQL themselves may hold a drop up, and with it what else the thread does. */
    private static final Duration LOCK_WAIT = Duration.ofMillis(200);
    /** How long after a drop that failed it is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final TableDatabase database;
    private final List<Old> sets = new ArrayList<>();

    /** One set, and the readers' era that it was live in at last. */
    private static final class Old {
        private final TableSet set;
        private final long era;
        private final long sinceNanos = System.nanoTime();
        private long nextNanos = sinceNanos;

        Old(TableSet set, long era) {
            this.set = set;
            this.era = era;
        }
    }

    OldTables(TableDatabase database) {
        this.database = database;
    }

    /** One that was there when the database was opened: nobody reads it. */
    void add(TableSet set) {
        sets.add(new Old(set, -1));
    }

    /** One that was live until now. */
    void swapped(TableSet set) {
        sets.add(new Old(set, database.leases().swapped()));
    }

    /** How many there are. */
    public int size() {
        return sets.size();
    }

    /**
     * Drops those that nobody reads any more.
     *
     * @param patience how long a reader may take; it reads anew after that
     */
    public void drop(Connection connection, Duration patience) throws SQLException {
        for (Old old : List.copyOf(sets)) {
            long now = System.nanoTime();
            boolean late = now - old.sinceNanos > patience.toNanos();
            if (now - old.nextNanos >= 0 && (late || database.leases().over(old.era))) {
                database.leases().revoke(old.era);
                drop(connection, old);
            }
        }
    }

    private void drop(Connection connection, Old old) throws SQLException {
        try {
            drop(connection, old.set);
            sets.remove(old);
        } catch (SQLException e) {
            connection.rollback();
            if (SqlFault.isOfConnection(e)) {
                throw e;
            }
            if (old.nextNanos == old.sinceNanos) {
                LOG.warn(
                        "tables that a rebuild replaced are kept in the schema {} for now: {}",
                        old.set.schema(),
                        e.getMessage());
            }
            old.nextNanos = System.nanoTime() + AGAIN.toNanos();
        }
    }

    private void drop(Connection connection, TableSet set) throws SQLException {
        if (database.dialect() == Dialect.H2) {
            dropSchema(connection, set.schema());
        } else {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL lock_timeout = " + LOCK_WAIT.toMillis());
            }
            dropTables(connection, set);
        }
        ProgressTable.forget(connection, set.progress().name(), set.progress().generation());
        connection.commit();
    }

    /** Drops all, whoever reads. */
    void dropAll(Connection connection) throws SQLException {
        for (Old old : List.copyOf(sets)) {
            drop(connection, old.set);
            sets.remove(old);
        }
    }

    static void dropSchema(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + Dialect.quoted(schema) + " CASCADE");
        }
    }

    static void dropTables(Connection connection, TableSet set) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String table = Dialect.quoted(set.schema()) + ".";
            for (TableShape shape : set.shapes()) {
                statement.execute("DROP TABLE IF EXISTS " + table + Dialect.quoted(shape.name()));
                statement.execute("DROP TABLE IF EXISTS " + table
                        + Dialect.quoted("qbc_undo_" + shape.mapped().orElse(0)));
            }
            statement.execute("DROP SCHEMA IF EXISTS " + Dialect.quoted(set.schema()));
        }
    }
}
