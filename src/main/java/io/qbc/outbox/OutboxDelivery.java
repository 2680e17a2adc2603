package io.qbc.outbox;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.answer.BatchResult;
import io.qbc.client.request.AuthorKey;
import io.qbc.client.request.TransactionRequest;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * A deliverer of an outbox. Each row goes to its chain under the row's own key and is marked in a transaction of the
 * database, so that a deliverer that ends in between, wherever that is, only sends once more what is there already, and
 * is told the same id. Several may run at once; with one of them rows arrive in their order.
 *
 * <pre>{@code
 * OutboxDelivery delivery = new OutboxDelivery(outbox, source, client, OutboxDelivery.Options.USUAL);
 * delivery.start();
 * }</pre>
 */
public final class OutboxDelivery implements AutoCloseable {
    /** The JDK's, so that users of the client need nothing more. */
    private static final System.Logger LOG = System.getLogger(OutboxDelivery.class.getName());

    private static final long FAILURE_PAUSE_MILLIS = 1000;
    private static final long END_SECONDS = 60;

    private final Outbox outbox;
    private final DataSource source;
    private final BlockingQbcClient client;
    private final Options options;
    private final Semaphore signal = new Semaphore(0);
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "qbc-outbox");
        made.setDaemon(true);
        return made;
    });
    private volatile boolean closed;

    /**
     * How a deliverer works.
     *
     * @param pause between two looks for rows, unless it is told of some
     * @param rowsMax that are delivered in one transaction of the database
     * @param author who signs what is delivered, if anybody; always the same key, as a row's key is the author's own
     */
    public record Options(Duration pause, int rowsMax, Optional<AuthorKey> author) {
        /** Looks each 200 ms, and delivers up to 200 rows at once that nobody signs. */
        public static final Options USUAL = new Options(Duration.ofMillis(200), 200, Optional.empty());

        /** The same, signed by an author. */
        public Options signedBy(AuthorKey key) {
            return new Options(pause, rowsMax, Optional.of(key));
        }
    }

    /** A deliverer that does nothing before {@link #start} or {@link #deliver}. The client is not closed with it. */
    public OutboxDelivery(Outbox outbox, DataSource source, BlockingQbcClient client, Options options) {
        this.outbox = outbox;
        this.source = source;
        this.client = client;
        this.options = options;
    }

    /** Delivers in a thread of its own until it is closed. */
    public void start() {
        thread.execute(this::run);
    }

    /** Looks at once and not after a while, as there are rows: for callers that have just committed some. */
    public void wake() {
        signal.release();
    }

    /**
     * Delivers what is due, up to a limit.
     *
     * @return how many rows were looked at; 0 if none is due
     */
    public int deliver() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<OutboxRow> rows = outbox.due(connection, System.currentTimeMillis(), options.rowsMax());
                for (Map.Entry<String, List<OutboxRow>> chain :
                        OutboxRow.byChain(rows).entrySet()) {
                    deliver(connection, chain.getKey(), chain.getValue());
                }
                connection.commit();
                return rows.size();
            } catch (SQLException | RuntimeException e) {
                undo(connection, e);
                throw e;
            }
        }
    }

    private void deliver(Connection connection, String chain, List<OutboxRow> rows) throws SQLException {
        List<TransactionRequest> requests =
                rows.stream().map(row -> signed(row.request())).toList();
        List<BatchResult> results = client.injectAll(chain, requests);
        for (int i = 0; i < rows.size(); i++) {
            settle(connection, rows.get(i), results.get(i));
        }
    }

    private void settle(Connection connection, OutboxRow row, BatchResult result) throws SQLException {
        if (result instanceof BatchResult.Taken taken) {
            outbox.delivered(connection, row, taken.result().id().hex());
            return;
        }
        FailedTry failed = FailedTry.of(row, (BatchResult.Refused) result, options.pause());
        outbox.failed(connection, row, failed.state(), failed.problem(), failed.dueAt());
    }

    private TransactionRequest signed(TransactionRequest request) {
        return options.author().map(request::signedBy).orElse(request);
    }

    private static void undo(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void run() {
        while (!closed) {
            long pause = options.pause().toMillis();
            try {
                if (deliver() > 0) {
                    continue;
                }
            } catch (SQLException | RuntimeException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "the outbox cannot be delivered at present: {0}", e.toString());
                }
                pause = Math.max(pause, FAILURE_PAUSE_MILLIS);
            }
            rest(pause);
        }
    }

    private void rest(long millis) {
        try {
            if (signal.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                signal.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Ends it after what it is delivering. */
    @Override
    public void close() {
        closed = true;
        signal.release();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "the deliverer of the outbox still works");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
