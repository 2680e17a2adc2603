package io.qbc.projection.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.SharedPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A process that ends beside any commit of the making of the node's own tables, after which another one goes on. */
class SchemaCrashTest {
    private static final ClassLoader LOADER = SchemaCrashTest.class.getClassLoader();
    /** A script, what Flyway notes of it, and the locks around both. */
    private static final int MIN_STEPS = 10;

    /** All connections of a process, which ends at the n-th step: before a commit, or after one that was done. */
    private static final class KilledProcess {
        private final DataSource database;
        private final List<Connection> connections = new ArrayList<>();
        private int left;
        private boolean ended;

        KilledProcess(DataSource database, int left) {
            this.database = database;
            this.left = left;
        }

        DataSource source() {
            return (DataSource) Proxy.newProxyInstance(
                    LOADER, new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                        assertThat(method.getName()).isEqualTo("getConnection");
                        live();
                        Connection connection = database.getConnection();
                        connections.add(connection);
                        // Flyway makes its own table by the first, and is held up for long where that ends.
                        return ending(connection, connections.size() > 1);
                    });
        }

        private Connection ending(Connection connection, boolean isOfScripts) {
            return (Connection) Proxy.newProxyInstance(
                    LOADER, new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                        // To turn this on is a commit, too.
                        boolean commits = isOfScripts
                                && List.of("commit", "setAutoCommit").contains(method.getName());
                        if (commits) {
                            step();
                        }
                        try {
                            return method.invoke(connection, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        } finally {
                            if (commits) {
                                step();
                            }
                        }
                    });
        }

        private void step() throws SQLException {
            live();
            if (left-- == 0) {
                end();
                live();
            }
        }

        private void live() throws SQLException {
            if (ended) {
                throw new SQLException("the process has ended", "08006");
            }
        }

        void end() throws SQLException {
            ended = true;
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void anotherOneMakesTheTablesOfPostgresqlWhole() throws SQLException {
        int steps = 0;
        while (endsAfter(steps)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(MIN_STEPS);
    }

    /** Whether there were so many steps. */
    private static boolean endsAfter(int steps) throws SQLException {
        String name = newDatabase();
        try {
            PGSimpleDataSource database = new PGSimpleDataSource();
            database.setURL(SharedPostgres.url(name));
            database.setUser("postgres");
            KilledProcess process = new KilledProcess(database, steps);
            assertThat(migrates(process.source()) || process.ended).isTrue();
            boolean ended = process.ended;
            process.end();
            SchemaVersions.migrate(database, Dialect.POSTGRESQL);
            assertThat(count(database, "pg_tables WHERE schemaname = 'qbc'"))
                    .as("after %s steps", steps)
                    .isEqualTo(4);
            assertThat(count(database, "qbc.qbc_schema_version WHERE version = '1' AND success"))
                    .as("after %s steps", steps)
                    .isEqualTo(1);
            return ended;
        } finally {
            SharedPostgres.drop(name);
        }
    }

    private static boolean migrates(DataSource source) {
        try {
            SchemaVersions.migrate(source, Dialect.POSTGRESQL);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static String newDatabase() throws SQLException {
        try {
            return SharedPostgres.newDatabase();
        } catch (LinkageError | IllegalStateException e) {
            return Assumptions.abort(e.toString());
        }
    }

    private static long count(DataSource database, String rows) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + rows)) {
            row.next();
            return row.getLong(1);
        }
    }
}
