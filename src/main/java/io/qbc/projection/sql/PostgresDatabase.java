package io.qbc.projection.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** A schema of somebody's PostgreSQL, which one node at a time keeps by a lock of its session. */
public final class PostgresDatabase implements TableDatabase {
    private static final int CONNECT_SECONDS = 10;
    private final PGSimpleDataSource owner;
    private final HikariDataSource readers;
    private final long lock;

    /**
     * Makes the connections' description; the first statement connects.
     *
     * @param schema whose tables are kept
     */
    public PostgresDatabase(
            String url, String user, String password, String schema, String name, NodeConfig.Projections limits)
            throws SQLException {
        owner = source(url, user, password, limits);
        try (Connection connection = owner.getConnection()) {
            connection.isValid(CONNECT_SECONDS);
        }
        HikariConfig config = new HikariConfig();
        config.setDataSource(source(url, user, password, limits));
        config.setPoolName("projection-" + name);
        config.setMaximumPoolSize(limits.readers());
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(limits.queryTimeout().toMillis());
        config.setAutoCommit(false);
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        readers = new HikariDataSource(config);
        Bytes text = Bytes.utf8("qbc/projection/" + schema);
        Hash hash = Sha256.of(text.array(), text.offset(), text.size());
        lock = hash.a();
    }

    private static PGSimpleDataSource source(String url, String user, String password, NodeConfig.Projections limits) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser(user);
        source.setPassword(password);
        source.setReWriteBatchedInserts(true);
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout((int) Math.max(1, limits.timeout().toSeconds()));
        source.setTcpKeepAlive(true);
        source.setApplicationName("qbc");
        return source;
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
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

    @Override
    public boolean lock(Connection writer) throws SQLException {
        try (PreparedStatement statement = writer.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            statement.setLong(1, lock);
            try (ResultSet result = statement.executeQuery()) {
                boolean mine = result.next() && result.getBoolean(1);
                writer.commit();
                if (mine) {
                    SchemaVersions.migrate(owner, Dialect.POSTGRESQL);
                }
                return mine;
            }
        }
    }

    /** Readers are the same user here, in transactions that only read. */
    @Override
    public void grant(Connection writer, String schema) {}

    @Override
    public void close() {
        readers.close();
    }
}
