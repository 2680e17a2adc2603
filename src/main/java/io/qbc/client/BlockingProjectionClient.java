package io.qbc.client;

import io.qbc.client.answer.DeadRowPage;
import io.qbc.client.answer.ProjectionInfo;
import io.qbc.client.answer.QueryResult;
import io.qbc.client.answer.RowPage;
import io.qbc.client.request.ReadSince;
import io.qbc.client.request.RowQuery;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;

/** The calls of {@link ProjectionClient} that block. */
public final class BlockingProjectionClient {
    private final ProjectionClient client;

    BlockingProjectionClient(ProjectionClient client) {
        this.client = client;
    }

    /** All that the caller may read. */
    public List<ProjectionInfo> list() {
        return BlockingQbcClient.await(client.list());
    }

    /** One, when it has come as far as wanted; nothing if there is none. */
    public Optional<ProjectionInfo> find(String name, ReadSince since) {
        return BlockingQbcClient.await(client.find(name, since));
    }

    /**
     * Keeps a chain as tables, or by another mapping than so far.
     *
     * @param mapping its JSON text
     */
    public ProjectionInfo put(String name, String mapping) {
        return BlockingQbcClient.await(client.put(name, mapping));
    }

    /**
     * Ends one; false if there was none.
     *
     * @param tables whether tables outside of the node's data go too
     */
    public boolean remove(String name, boolean tables) {
        return BlockingQbcClient.await(client.remove(name, tables));
    }

    /** Builds the tables anew beside the present ones. */
    public ProjectionInfo rebuild(String name) {
        return BlockingQbcClient.await(client.rebuild(name));
    }

    /** Leaves the tables as they are. */
    public ProjectionInfo pause(String name) {
        return BlockingQbcClient.await(client.pause(name));
    }

    /** Goes on. */
    public ProjectionInfo resume(String name) {
        return BlockingQbcClient.await(client.resume(name));
    }

    /** Begins to compare the tables with the chain; how far that is, and what was found, {@link #find} tells. */
    public ProjectionInfo verify(String name) {
        return BlockingQbcClient.await(client.verify(name));
    }

    /** Ends a comparison. */
    public ProjectionInfo cancelVerification(String name) {
        return BlockingQbcClient.await(client.cancelVerification(name));
    }

    /** A page of transactions that did not fit, from a leaf index on. */
    public DeadRowPage dead(String name, long from, int limit) {
        return BlockingQbcClient.await(client.dead(name, from, limit));
    }

    /** Tries what did not fit once more, by a rebuild. */
    public ProjectionInfo retryDead(String name) {
        return BlockingQbcClient.await(client.retryDead(name));
    }

    /** A page of the rows of a table. */
    public RowPage rows(String name, String table, RowQuery query) {
        return BlockingQbcClient.await(client.rows(name, table, query));
    }

    /** The JSON text of the row of a key; nothing if there is none. */
    public Optional<String> row(String name, String table, String key, ReadSince since) {
        return BlockingQbcClient.await(client.row(name, table, key, since));
    }

    /** A page of the transactions that led to the row of a key. */
    public RowPage history(String name, String table, String key, RowQuery query) {
        return BlockingQbcClient.await(client.history(name, table, key, query));
    }

    /**
     * Asks the tables in SQL, which reads alone.
     *
     * @param parameters for the question marks
     * @param limit how many rows at most
     */
    public QueryResult query(String name, String sql, JsonArray parameters, int limit, ReadSince since) {
        return BlockingQbcClient.await(client.query(name, sql, parameters, limit, since));
    }
}
