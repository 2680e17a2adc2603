package io.qbc.projection;

import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.ReadLeases;
import io.qbc.projection.sql.TableDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database whose connection breaks once, at the n-th step of whoever writes: before a statement, before a commit, or
 * after a commit that was done.
 */
final class FailingDatabase implements TableDatabase {
    private final TableDatabase real;
    private final AtomicInteger left;

    /** One that breaks when {@code left} has come down to 0; negative for never. */
    FailingDatabase(TableDatabase real, AtomicInteger left) {
        this.real = real;
        this.left = left;
    }

    private void step() throws SQLException {
        if (left.getAndUpdate(n -> n < 0 ? n : n - 1) == 0) {
            throw new SQLException("the test ends it", "08006");
        }
    }

    @Override
    public Connection writer() throws SQLException {
        Connection connection = real.writer();
        // Only the thread that keeps tables: comparing writes nothing that stays.
        return Thread.currentThread().getName().startsWith("qbc-projection-") ? failing(connection) : connection;
    }

    private Connection failing(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                FailingDatabase.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    boolean commit = method.getName().equals("commit");
                    if (commit) {
                        step();
                    }
                    Object result = invoke(method, connection, args);
                    if (commit) {
                        step();
                    }
                    return result instanceof Statement ? failing(result, method.getReturnType()) : result;
                });
    }

    private Object failing(Object statement, Class<?> type) {
        return Proxy.newProxyInstance(
                FailingDatabase.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    if (method.getName().startsWith("execute")) {
                        step();
                    }
                    return invoke(method, statement, args);
                });
    }

    private static Object invoke(Method method, Object target, Object... args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
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
