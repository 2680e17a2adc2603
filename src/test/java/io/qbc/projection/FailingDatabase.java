package io.qbc.projection;

import io.qbc.projection.sql.ConnectionBreaker;
import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.ReadLeases;
import io.qbc.projection.sql.TableDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A database whose connection breaks once, at the n-th step of whoever writes. */
final class FailingDatabase implements TableDatabase {
    private final TableDatabase real;
    private final ConnectionBreaker breaker;

    /** One that breaks when {@code left} has come down to 0; negative for never. */
    FailingDatabase(TableDatabase real, AtomicInteger left) {
        this.real = real;
        this.breaker = new ConnectionBreaker(left);
    }

    @Override
    public Connection writer() throws SQLException {
        Connection connection = real.writer();
        // Only the thread that keeps tables: comparing writes nothing that stays.
        boolean keeper = Thread.currentThread().getName().startsWith("qbc-projection-");
        return keeper ? breaker.breaking(connection) : connection;
    }

    @Override
    public Dialect dialect() {
        return real.dialect();
    }

    @Override
    public ReadLeases leases() {
        return real.leases();
    }

    @Override
    public Connection reader() throws SQLException {
        return real.reader();
    }

    @Override
    public boolean lock(Connection writer) throws SQLException {
        return real.lock(writer);
    }

    @Override
    public void grant(Connection writer, String schema) throws SQLException {
        real.grant(writer, schema);
    }

    @Override
    public void close() {
        real.close();
    }
}
