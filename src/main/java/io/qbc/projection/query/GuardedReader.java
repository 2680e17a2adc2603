package io.qbc.projection.query;

import io.qbc.bus.Catalogue.QueryAnswer;
import io.qbc.bus.Catalogue.QueryColumn;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Failure;
import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.projection.query.QueryWatch.Watched;
import io.qbc.projection.query.QueryWatch.Why;
import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.TablesView;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Executes statements that read, within limits of time, memory, rows and bytes. */
final class GuardedReader {
    private static final int FETCH_ROWS = 500;
    private static final int PARAMETERS_MAX = 100;

    private final QueryWatch watch;
    private final QueryLimits limits;

    GuardedReader(QueryWatch watch, QueryLimits limits) {
        this.watch = watch;
        this.limits = limits;
    }

    QueryLimits limits() {
        return limits;
    }

    /** A query of a caller's own. */
    QueryAnswer query(TablesView view, QueryTables ask) throws SQLException {
        if (watch.isAbandoned(ask.ticket())) {
            throw new Failure(Reason.STOPPING, QueryWatch.LEFT);
        }
        List<Object> parameters = parameters(ask.parameters());
        String sql = QueryGuard.check(ask.sql(), view.dialect(), parameters);
        if (view.dialect() == Dialect.POSTGRESQL) {
            refuseForeignTables(view, sql, parameters);
        }
        int most = Math.min(ask.limit(), limits.rows());
        List<QueryColumn> columns = new ArrayList<>();
        List<Bytes> rows = new ArrayList<>();
        boolean more = read(view, new AskedStatement(sql, parameters, ask.ticket()), most, result -> {
            columns.addAll(columns(result.getMetaData()));
            return rows(result, most, rows, JsonCells::array);
        });
        return new QueryAnswer(columns, rows, more, view.leaf());
    }

    /** Reads rows as far as the limits go, and tells whether there are more. */
    boolean rows(ResultSet result, int most, List<Bytes> rows, RowForm form) throws SQLException {
        long bytes = 0;
        while (result.next()) {
            if (rows.size() == most) {
                return true;
            }
            Bytes row = form.of(result);
            bytes += row.size();
            if (bytes > limits.bytes()) {
                if (rows.isEmpty()) {
                    throw new Failure(
                            Reason.RANGE_TOO_LARGE,
                            "a row has more than " + limits.bytes() + " bytes, the most of an answer");
                }
                return true;
            }
            rows.add(row);
        }
        return false;
    }

    /** How a row is written. */
    interface RowForm {
        Bytes of(ResultSet row) throws SQLException;
    }

    /** What is read of a result. */
    interface Reading<T> {
        T of(ResultSet result) throws SQLException;
    }

    /** Executes a statement and reads its result; what the database says against it is the caller's failure. */
    <T> T read(TablesView view, String sql, List<Object> parameters, int rows, Reading<T> reading) throws SQLException {
        return read(view, new AskedStatement(sql, parameters, ""), rows, reading);
    }

    /** A statement with its parameters, and by which ticket its caller may abandon it; empty for none. */
    private record AskedStatement(String sql, List<Object> parameters, String ticket) {}

    private <T> T read(TablesView view, AskedStatement asked, int rows, Reading<T> reading) throws SQLException {
        Connection connection = view.connection();
        if (view.dialect() == Dialect.POSTGRESQL) {
            prepare(connection);
        }
        try (PreparedStatement statement = connection.prepareStatement(asked.sql())) {
            statement.setMaxRows(rows + 1);
            statement.setFetchSize(Math.min(rows + 1, FETCH_ROWS));
            bind(statement, asked.parameters());
            try (Watched watched = watch.begin(statement, limits.time(), asked.ticket())) {
                return read(statement, watched, view.dialect(), reading);
            }
        } catch (SQLException e) {
            throw SqlFailures.of(e, view.dialect());
        } catch (StackOverflowError e) {
            throw SqlLexer.invalid("the query is nested too deep");
        }
    }

    private <T> T read(PreparedStatement statement, Watched watched, Dialect dialect, Reading<T> reading)
            throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            return reading.of(result);
        } catch (SQLException e) {
            boolean cancelled = SqlFailures.CANCELLED.equals(e.getSQLState());
            throw cancelled ? cancelled(watched.why()) : SqlFailures.of(e, dialect);
        }
    }

    private Failure cancelled(Optional<Why> why) {
        if (why.isPresent() && why.get() == Why.MEMORY) {
            return SqlLexer.invalid("the query takes too much of the node's memory");
        }
        if (why.isPresent() && why.get() == Why.CALLER) {
            return new Failure(Reason.STOPPING, QueryWatch.LEFT);
        }
        return new Failure(
                Reason.TIMED_OUT, "the query takes longer than projections.queryTimeout, " + seconds(limits.time()));
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** The database itself stops it too, and reads quotes as the guard does. */
    private void prepare(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + limits.time().toMillis());
            statement.execute("SET LOCAL standard_conforming_strings = on");
            statement.execute("SET LOCAL transaction_read_only = on");
        }
    }

    private static void bind(PreparedStatement statement, List<Object> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i);
            if (value instanceof Optional<?>) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    private static List<QueryColumn> columns(ResultSetMetaData columns) throws SQLException {
        List<QueryColumn> found = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            found.add(new QueryColumn(columns.getColumnLabel(i), JsonCells.type(columns, i)));
        }
        return found;
    }

    private static List<Object> parameters(Bytes json) {
        if (!(JsonTree.read(json) instanceof List<?> values) || values.size() > PARAMETERS_MAX) {
            throw SqlLexer.invalid("parameters are an array of up to " + PARAMETERS_MAX + " values");
        }
        List<Object> parameters = new ArrayList<>(values);
        for (Object value : parameters) {
            boolean plain = value instanceof String
                    || value instanceof Long
                    || value instanceof BigDecimal
                    || value instanceof Boolean
                    || value instanceof Optional<?>;
            if (!plain) {
                throw SqlLexer.invalid("a parameter is a text, a number, true, false or null");
            }
        }
        return parameters;
    }

    /** Which tables a query reads, the database itself says best: names alone may mean those of other schemas. */
    private void refuseForeignTables(TablesView view, String sql, List<Object> parameters) throws SQLException {
        StringBuilder plan = new StringBuilder();
        read(view, "EXPLAIN (VERBOSE, FORMAT JSON) " + sql, parameters, limits.rows(), result -> {
            while (result.next()) {
                plan.append(result.getString(1));
            }
            return plan;
        });
        Set<String> own = view.tables().stream()
                .map(table -> view.mapping().schema() + "." + table.name())
                .collect(Collectors.toSet());
        refuse(JsonValue.read(Bytes.utf8(plan.toString())), own);
    }

    private static void refuse(JsonValue part, Set<String> own) {
        if (part instanceof JsonValue.Items list) {
            list.items().forEach(item -> refuse(item, own));
        } else if (part instanceof JsonValue.Members object) {
            Optional<String> table = text(object, "Relation Name");
            String schema = text(object, "Schema").orElse("");
            if (table.isPresent() && !own.contains(schema + "." + table.get())) {
                throw SqlLexer.invalid("a query reads the tables of its projection alone, and not " + table.get());
            }
            object.members().forEach(member -> refuse(member.value(), own));
        }
    }

    private static Optional<String> text(JsonValue.Members object, String name) {
        return object.value(name)
                .filter(JsonValue.Text.class::isInstance)
                .map(value -> ((JsonValue.Text) value).text());
    }
}
