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
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** A schema of somebody's PostgreSQL, which one node at a time keeps by a lock of its session. */
public final class PostgresDatabase implements TableDatabase {
    private static final int CONNECT_SECONDS = 10;
    private final PGSimpleDataSource owner;
    private final HikariDataSource readers;
    private final Optional<String> role;
    private final long lock;
    private final ReadLeases leases = new ReadLeases();

    /** Who connects, and in which role the connections read that only read. */
    public record Login(String user, String password, Optional<String> reader) {}

    /**
     * Makes the connections' description; the first statement connects.
     *
     * @param schema whose tables are kept
     */
    public PostgresDatabase(String url, Login login, String schema, String name, NodeConfig.Projections limits)
            throws SQLException {
        role = login.reader();
        owner = source(url, login, limits);
        try (Connection connection = owner.getConnection()) {
            connection.isValid(CONNECT_SECONDS);
        }
        HikariConfig config = new HikariConfig();
        config.setDataSource(reading(source(url, login, limits), role));
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

    /** From its first moment on a connection that reads is in that role, to which a RESET would bring it back too. */
    private static PGSimpleDataSource reading(PGSimpleDataSource source, Optional<String> role) {
        role.ifPresent(name -> source.setOptions("-c role=" + name));
        return source;
    }

    private static PGSimpleDataSource source(String url, Login login, NodeConfig.Projections limits) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser(login.user());
        source.setPassword(login.password());
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

    @Override
    public boolean lock(Connection writer) throws SQLException {
        try (PreparedStatement statement = writer.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            statement.setLong(1, lock);
            try (ResultSet result = statement.executeQuery()) {
                boolean mine = result.next() && result.getBoolean(1);
                writer.commit();
                if (mine) {
                    SchemaVersions.migrate(owner, Dialect.POSTGRESQL);
                    grant(writer, SchemaVersions.SCHEMA);
                    writer.commit();
                }
                return mine;
            }
        }
    }

    /** Without a role of their own readers are the same user here, in transactions that only read. */
    @Override
    public void grant(Connection writer, String schema) throws SQLException {
        if (role.isPresent()) {
            String to = Dialect.quoted(schema) + " TO " + Dialect.quoted(role.get());
            try (Statement statement = writer.createStatement()) {
                statement.execute("GRANT USAGE ON SCHEMA " + to);
                statement.execute("GRANT SELECT ON ALL TABLES IN SCHEMA " + to);
            }
        }
    }

    @Override
    public void close() {
        readers.close();
    }
}
