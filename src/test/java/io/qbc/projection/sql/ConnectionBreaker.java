package io.qbc.projection.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A breaker of connections at the n-th step: before a statement, before a commit, or after a commit that was done. */
public final class ConnectionBreaker {
    private final AtomicInteger left;

    /** One that breaks once, when {@code left} has come down to 0; negative for never. */
    public ConnectionBreaker(AtomicInteger left) {
        this.left = left;
    }

    private void step() throws SQLException {
        if (left.getAndUpdate(n -> n < 0 ? n : n - 1) == 0) {
            throw new SQLException("the test ends it", "08006");
        }
    }

    /** The same connection, which breaks. */
    public Connection breaking(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                ConnectionBreaker.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    boolean commit = method.getName().equals("commit");
                    if (commit) {
                        step();
                    }
                    Object result = invoke(method, connection, args);
                    if (commit) {
                        step();
                    }
                    return result instanceof Statement ? breaking(result, method.getReturnType()) : result;
                });
    }

    private Object breaking(Object statement, Class<?> type) {
        return Proxy.newProxyInstance(
                ConnectionBreaker.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
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
}
