package io.qbc.projection.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qbc.config.NodeConfig;
import io.qbc.config.PrivateDirectory;
import io.qbc.config.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An H2 database in a directory of the node, which one process has open at a time and no socket serves. Its owner makes
 * the tables; another user, who owns nothing, reads them.
 */
public final class EmbeddedDatabase implements TableDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String OWNER = "qbc_owner";
    private static final String READER = "qbc_reader";
    private static final String PASSWORD_FILE = "password";
    private static final int PASSWORD_BYTES = 24;
    /** More rows than these of an intermediate result are put into a file. */
    private static final int MEMORY_ROWS = 10_000;

    private final JdbcDataSource owner = new JdbcDataSource();
    private final HikariDataSource readers;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReadLeases leases = new ReadLeases();

    /** Opens the database, or makes it. */
    public EmbeddedDatabase(Path directory, String name, NodeConfig.Projections limits) throws SQLException {
        String password = password(directory);
        String file = "jdbc:h2:file:" + directory.resolve("tables").toAbsolutePath();
        owner.setURL(file + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=FALSE;DB_CLOSE_ON_EXIT=FALSE"
                + ";DB_CLOSE_DELAY=-1;CACHE_SIZE=" + (limits.cacheBytes() >> 10) + ";MAX_MEMORY_ROWS=" + MEMORY_ROWS
                + ";TRACE_LEVEL_FILE=0;MAX_LOG_SIZE=0");
        owner.setUser(OWNER);
        owner.setPassword(password);
        boolean done = false;
        try (Connection connection = owner.getConnection()) {
            SchemaVersions.migrate(owner, Dialect.H2);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE USER IF NOT EXISTS " + READER + " PASSWORD '" + password + "'");
                statement.execute("GRANT SELECT ON SCHEMA " + SchemaVersions.SCHEMA + " TO " + READER);
                statement.execute("ALTER USER " + READER + " SET PASSWORD '" + password + "'");
            }
            readers = new HikariDataSource(readers(file, password, name, limits));
            done = true;
        } finally {
            if (!done) {
                shutdown();
            }
        }
    }

    private static HikariConfig readers(String file, String password, String name, NodeConfig.Projections limits) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(file + ";IFEXISTS=TRUE");
        config.setUsername(READER);
        config.setPassword(password);
        config.setPoolName("projection-" + name);
        config.setMaximumPoolSize(limits.readers());
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(limits.queryTimeout().toMillis());
        config.setAutoCommit(false);
        config.setReadOnly(true);
        // One state of all tables: what H2 calls repeatable is so for each table from its first read on.
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        return config;
    }

    /** The password of both users, which nobody but this node's user can read. */
    private static String password(Path directory) throws SQLException {
        try {
            PrivateDirectory.make(directory);
            Path file = directory.resolve(PASSWORD_FILE);
            if (!Files.exists(file)) {
                byte[] random = new byte[PASSWORD_BYTES];
                new SecureRandom().nextBytes(random);
                PrivateFile.write(file, HexFormat.of().formatHex(random) + "\n");
            }
            String password = Files.readString(file).strip();
            if (!password.matches("[0-9a-f]{48}")) {
                throw new SQLException("the file " + file + " is damaged; delete the projection, and make it anew");
            }
            return password;
        } catch (IOException e) {
            throw new SQLException("the directory " + directory + " cannot be used: " + e, e);
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.H2;
    }

    @Override
    public ReadLeases leases() {
        return leases;
    }

    @Override
    public Connection writer() throws SQLException {
        Connection connection = owner.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public Connection reader() throws SQLException {
        return readers.getConnection();
    }

    /** The file of the database is locked by whoever has it open. */
    @Override
    public boolean lock(Connection writer) {
        return true;
    }

    @Override
    public void grant(Connection writer, String schema) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("GRANT SELECT ON SCHEMA " + Dialect.quoted(schema) + " TO " + READER);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            readers.close();
            shutdown();
        }
    }

    private void shutdown() {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        } catch (SQLException e) {
            LOG.debug("an embedded database was closed already: {}", e.toString());
        }
    }
}
