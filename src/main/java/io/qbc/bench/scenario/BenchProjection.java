package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.process.NodeUnderTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;

/** The projection under measurement: one mapped table beside those of the whole chain. */
final class BenchProjection {
    static final String TYPE = "order.placed";
    static final JsonObject EMBEDDED = new JsonObject().put("kind", "embedded");

    private static final String PATH = "/v1/projections/bench";
    private static final String TABLE = "order_placed";
    private static final long SLOWEST_PER_SECOND = 500;
    private static final Duration POLL = Duration.ofMillis(20);

    private final NodeUnderTest node;

    BenchProjection(NodeUnderTest node) {
        this.node = node;
    }

    private static JsonObject mapping(JsonObject target) {
        JsonObject columns = new JsonObject()
                .put("order_no", column("/order", "text").put("required", true))
                .put("customer", column("/customer", "text"))
                .put("amount", column("/amount", "numeric"));
        JsonObject table = new JsonObject()
                .put("table", TABLE)
                .put("when", new JsonObject().put("type", TYPE))
                .put("mode", "append")
                .put("columns", columns);
        return new JsonObject()
                .put("chain", "main")
                .put("schema", "qbc_bench_" + Long.toHexString(System.nanoTime()))
                .put("target", target)
                .put("tables", new JsonArray().add(table));
    }

    private static JsonObject column(String pointer, String type) {
        return new JsonObject().put("pointer", pointer).put("type", type);
    }

    void put(JsonObject target) throws IOException, InterruptedException {
        node.api().put(PATH, mapping(target));
    }

    /** Ends it, and its tables wherever they are. */
    void remove() throws IOException, InterruptedException {
        node.api().delete(PATH + "?tables=true");
    }

    /** The path of a read of its newest row, once the row of a transaction is there. */
    static String rowAfter(String transaction, Duration patience) {
        return PATH + "/tables/" + TABLE + "/rows?order=-_leaf&limit=1&at=" + transaction + "&wait="
                + patience.toSeconds() + "s";
    }

    long leaf() throws IOException, InterruptedException {
        return node.api().get(PATH).getLong("leaf");
    }

    /** Waits until the tables have so many transactions. */
    void await(long length) throws IOException, InterruptedException {
        long limit = System.nanoTime()
                + Duration.ofSeconds(60 + length / SLOWEST_PER_SECOND).toNanos();
        while (true) {
            JsonObject state = node.api().get(PATH);
            if (state.getLong("leaf") >= length) {
                return;
            }
            if (System.nanoTime() > limit || state.getJsonObject("lastError") != null) {
                throw new BenchException("the projection stands at " + state.getLong("leaf") + " of " + length + ", "
                        + state.getString("state") + ": " + state.getJsonObject("lastError"));
            }
            node.expectAlive();
            Bench.settle(POLL);
        }
    }
}
