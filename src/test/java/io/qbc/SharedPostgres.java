package io.qbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one PostgreSQL of all tests of this process, which begins with the first that asks for it and ends with the
 * process. Each class has databases of its own in it; roles are common to all.
 */
public final class SharedPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private SharedPostgres() {}

    /** Held so that it is started once, when it is asked for. */
    private static final class Held {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new IllegalStateException("no PostgreSQL starts here: " + e, e);
            }
        }
    }

    /** The name of a new database, whose owner is {@code postgres}. */
    public static String newDatabase() throws SQLException {
        String name = "tests" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return name;
    }

    /** Ends it, and whatever has it open. */
    public static void drop(String database) throws SQLException {
        execute("DROP DATABASE " + database + " WITH (FORCE)");
    }

    /** Where a database is, for the user {@code postgres} without a password. */
    public static String url(String database) {
        return Held.SERVER.getJdbcUrl("postgres", database).replaceAll("\\?.*", "");
    }

    /** A connection to a database, for its operator. */
    public static Connection connection(String database) throws SQLException {
        return Held.SERVER.getDatabase("postgres", database).getConnection();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connection("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
