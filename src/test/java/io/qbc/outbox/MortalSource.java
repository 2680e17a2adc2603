package io.qbc.outbox;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections that are cut, with nothing said, before or after one step of their work: what the database sees of a
 * process that is killed.
 */
final class MortalSource implements DataSource {
    private static final Set<String> STEPS = Set.of("prepareStatement", "executeUpdate", "commit");

    private final DataSource source;
    private final int stepsMax;
    private int steps;
    private boolean dead;

    /** @param stepsMax how many befores and afters it lives through */
    MortalSource(DataSource source, int stepsMax) {
        this.source = source;
        this.stepsMax = stepsMax;
    }

    boolean isDead() {
        return dead;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = source.getConnection();
        return proxy(Connection.class, real, (method, arguments) -> {
            Object result = call(real, real, method, arguments);
            return result instanceof PreparedStatement statement
                    ? proxy(PreparedStatement.class, statement, (each, values) -> call(real, statement, each, values))
                    : result;
        });
    }

    private interface Call {
        Object of(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T real, Call call) {
        InvocationHandler handler = (proxy, method, arguments) -> call.of(method, arguments);
        return type.cast(Proxy.newProxyInstance(real.getClass().getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object call(Connection connection, Object target, Method method, Object[] arguments) throws Throwable {
        boolean step = STEPS.contains(method.getName());
        if (step) {
            live(connection);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (step) {
            live(connection);
        }
        return result;
    }

    private void live(Connection connection) throws SQLException {
        if (steps++ >= stepsMax) {
            dead = true;
            connection.abort(Runnable::run);
            throw new SQLException("killed at step " + stepsMax);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
