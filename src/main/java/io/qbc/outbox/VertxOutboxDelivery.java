package io.qbc.outbox;

import io.qbc.client.QbcClient;
import io.qbc.client.answer.BatchResult;
import io.qbc.client.request.TransactionRequest;
import io.qbc.outbox.OutboxDelivery.Options;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * A deliverer of an outbox by a SQL client of Vert.x, which blocks nothing. It does what {@link OutboxDelivery} does
 * and may work beside others of either kind.
 *
 * <pre>{@code
 * VertxOutboxDelivery delivery = new VertxOutboxDelivery(vertx, outbox, pool, client, OutboxDelivery.Options.USUAL);
 * delivery.start();
 * }</pre>
 */
public final class VertxOutboxDelivery {
    private static final System.Logger LOG = System.getLogger(VertxOutboxDelivery.class.getName());
    private static final long FAILURE_PAUSE_MILLIS = 1000;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final VertxOutbox outbox;
    private final Pool pool;
    private final QbcClient client;
    private final Options options;
    private final Promise<Void> ended = Promise.promise();
    private long timer = NO_TIMER;
    private boolean delivering;
    private boolean woken;
    private boolean closed;

    /** A deliverer that does nothing before {@link #start} or {@link #deliver}; it closes neither pool nor client. */
    public VertxOutboxDelivery(Vertx vertx, VertxOutbox outbox, Pool pool, QbcClient client, Options options) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.outbox = outbox;
        this.pool = pool;
        this.client = client;
        this.options = options;
    }

    /** Delivers until it is closed. */
    public void start() {
        wake();
    }

    /** Looks at once and not after a while, as there are rows: for callers that have just committed some. */
    public void wake() {
        context.runOnContext(any -> {
            woken = true;
            run();
        });
    }

    /**
     * Delivers what is due, up to a limit.
     *
     * @return how many rows were looked at; 0 if none is due
     */
    public Future<Integer> deliver() {
        return pool.withTransaction(connection -> outbox.due(connection, System.currentTimeMillis(), options.rowsMax())
                .compose(rows -> {
                    Future<?> last = Future.succeededFuture();
                    for (List<OutboxRow> chain : OutboxRow.byChain(rows).values()) {
                        last = last.compose(before -> deliver(connection, chain));
                    }
                    return last.map(done -> rows.size());
                }));
    }

    private Future<?> deliver(SqlConnection connection, List<OutboxRow> rows) {
        List<TransactionRequest> requests =
                rows.stream().map(row -> signed(row.request())).toList();
        return client.injectAll(rows.get(0).chain(), requests).compose(results -> {
            Future<?> last = Future.succeededFuture();
            for (int i = 0; i < rows.size(); i++) {
                OutboxRow row = rows.get(i);
                BatchResult result = results.get(i);
                last = last.compose(before -> settle(connection, row, result));
            }
            return last;
        });
    }

    private Future<?> settle(SqlConnection connection, OutboxRow row, BatchResult result) {
        if (result instanceof BatchResult.Taken taken) {
            return outbox.delivered(connection, row, taken.result().id().hex());
        }
        return outbox.failed(connection, row, FailedTry.of(row, (BatchResult.Refused) result, options.pause()));
    }

    private TransactionRequest signed(TransactionRequest request) {
        return options.author().map(request::signedBy).orElse(request);
    }

    private void run() {
        if (delivering) {
            return;
        }
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
        if (closed) {
            ended.tryComplete();
            return;
        }
        delivering = true;
        woken = false;
        Future<Integer> delivered = deliver();
        delivered.onComplete(done -> context.runOnContext(any -> delivered(done)));
    }

    private void delivered(AsyncResult<Integer> done) {
        delivering = false;
        long pause = options.pause().toMillis();
        if (done.failed() && !closed) {
            LOG.log(
                    Level.WARNING,
                    "the outbox cannot be delivered at present: {0}",
                    done.cause().toString());
            pause = Math.max(pause, FAILURE_PAUSE_MILLIS);
        } else if (closed || woken || done.result() > 0) {
            run();
            return;
        }
        timer = vertx.setTimer(Math.max(1, pause), any -> context.runOnContext(now -> run()));
    }

    /** Ends it after what it is delivering. */
    public Future<Void> close() {
        context.runOnContext(any -> {
            closed = true;
            run();
        });
        return ended.future();
    }
}
