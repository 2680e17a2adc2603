package io.qbc.client;

import io.qbc.client.answer.DeadRowPage;
import io.qbc.client.answer.ProjectionInfo;
import io.qbc.client.answer.QueryResult;
import io.qbc.client.answer.RowPage;
import io.qbc.client.request.ReadSince;
import io.qbc.client.request.RowQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;

/**
 * The chains that nodes keep as tables. Each node has its own: ask at the node that has one.
 *
 * <pre>{@code
 * ProjectionClient tables = client.projections();
 * client.inject("orders", request, Duration.ofSeconds(5))
 *         .compose(taken -> tables.row("shop", "customer", "4711", ReadSince.transaction(taken.id(), wait)))
 *         .onSuccess(row -> row.ifPresent(json -> show(json)));
 * }</pre>
 */
public interface ProjectionClient {
    /** All that the caller may read. */
    Future<List<ProjectionInfo>> list();

    /** One, when it has come as far as wanted; nothing if there is none. */
    Future<Optional<ProjectionInfo>> find(String name, ReadSince since);

    /**
     * Keeps a chain as tables, or by another mapping than so far.
     *
     * @param mapping its JSON text
     */
    Future<ProjectionInfo> put(String name, String mapping);

    /**
     * Ends one; false if there was none.
     *
     * @param tables whether tables outside of the node's data go too
     */
    Future<Boolean> remove(String name, boolean tables);

    /** Builds the tables anew beside the present ones. */
    Future<ProjectionInfo> rebuild(String name);

    /** Leaves the tables as they are. */
    Future<ProjectionInfo> pause(String name);

    /** Goes on. */
    Future<ProjectionInfo> resume(String name);

    /** Begins to compare the tables with the chain; how far that is, and what was found, {@link #find} tells. */
    Future<ProjectionInfo> verify(String name);

    /** Ends a comparison. */
    Future<ProjectionInfo> cancelVerification(String name);

    /** A page of transactions that did not fit, from a leaf index on. */
    Future<DeadRowPage> dead(String name, long from, int limit);

    /** Tries what did not fit once more, by a rebuild. */
    Future<ProjectionInfo> retryDead(String name);

    /** A page of the rows of a table. */
    Future<RowPage> rows(String name, String table, RowQuery query);

    /** The JSON text of the row of a key; nothing if there is none. */
    Future<Optional<String>> row(String name, String table, String key, ReadSince since);

    /** A page of the transactions that led to the row of a key. */
    Future<RowPage> history(String name, String table, String key, RowQuery query);

    /**
     * Asks the tables in SQL, which reads alone.
     *
     * @param parameters for the question marks
     * @param limit how many rows at most
     */
    Future<QueryResult> query(String name, String sql, JsonArray parameters, int limit, ReadSince since);
}
