package io.qbc.outbox;

import io.qbc.client.request.TransactionRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An outbox for the SQL clients of Vert.x, with {@code io.vertx:vertx-sql-client} beside one of them on the class path.
 *
 * <pre>{@code
 * VertxOutbox outbox = VertxOutbox.postgres(Outbox.table("qbc_outbox"));
 * pool.withTransaction(connection -> orders.save(connection, order)
 *         .compose(saved -> outbox.store(connection, "orders", TransactionRequest.of(order))));
 * }</pre>
 */
public final class VertxOutbox {
    private final Outbox outbox;
    private final IntFunction<String> placeholder;

    private VertxOutbox(Outbox outbox, IntFunction<String> placeholder) {
        this.outbox = outbox;
        this.placeholder = placeholder;
    }

    /** By the client for PostgreSQL, whose values are {@code $1}. */
    public static VertxOutbox postgres(Outbox outbox) {
        return new VertxOutbox(outbox, place -> "$" + place);
    }

    /** By the client for JDBC, whose values are {@code ?}. */
    public static VertxOutbox jdbc(Outbox outbox) {
        return new VertxOutbox(outbox, place -> "?");
    }

    /**
     * Stores a request in the transaction that the connection is in, which the caller commits, or not; fails with an
     * {@link IllegalStateException} if it is in none.
     *
     * @return the idempotency key, by which the row and later the transaction are known
     */
    public Future<String> store(SqlConnection connection, String chain, TransactionRequest request) {
        if (connection.transaction() == null) {
            return Future.failedFuture(new IllegalStateException("the connection is in no transaction, so that the"
                    + " row and its entry could part; begin one first"));
        }
        OutboxRow row = outbox.row(chain, request);
        return connection
                .preparedQuery(outbox.insert(placeholder))
                .execute(Tuple.from(row.values()))
                .map(stored -> row.key());
    }

    Future<List<OutboxRow>> due(SqlConnection connection, long now, int most) {
        return connection
                .preparedQuery(outbox.selectDue(placeholder))
                .execute(Tuple.of(now, (long) most))
                .map(VertxOutbox::rows);
    }

    private static List<OutboxRow> rows(RowSet<Row> found) {
        List<OutboxRow> rows = new ArrayList<>();
        for (Row row : found) {
            rows.add(new OutboxRow(
                    row.getLong(0),
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getInteger(5)));
        }
        return rows;
    }

    Future<?> delivered(SqlConnection connection, OutboxRow row, String transaction) {
        return connection.preparedQuery(outbox.updateDelivered(placeholder)).execute(Tuple.of(transaction, row.id()));
    }

    Future<?> failed(SqlConnection connection, OutboxRow row, FailedTry failed) {
        return connection
                .preparedQuery(outbox.updateFailed(placeholder))
                .execute(Tuple.of(failed.state(), row.tries() + 1, failed.dueAt(), failed.problem(), row.id()));
    }
}
