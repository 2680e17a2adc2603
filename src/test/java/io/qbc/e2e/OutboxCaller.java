package io.qbc.e2e;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.qbc.client.BlockingQbcClient;
import io.qbc.client.QbcClient;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.qbc.outbox.Outbox;
import io.qbc.outbox.OutboxDelivery;
import io.qbc.outbox.OutboxDelivery.Options;
import io.qbc.outbox.VertxOutbox;
import io.qbc.outbox.VertxOutboxDelivery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program with business rows of its own, in a process to be killed: it stores rows and what the ledger is to have of
 * them, commits or rolls back, and delivers, for ever.
 */
public final class OutboxCaller {
    static final String BUSINESS = "CREATE TABLE business (key VARCHAR(64) PRIMARY KEY, n BIGINT NOT NULL)";
    static final Outbox OUTBOX = Outbox.table("qbc_outbox");
    static final String CHAIN = "main";

    /** Few rows at once, so that a kill finds deliveries at all their steps. */
    static final Options OPTIONS = new Options(Duration.ofMillis(20), 10, Optional.empty());

    private static final String INSERT = "INSERT INTO business (key, n) VALUES (?, ?)";
    private static final int WRITERS = 3;
    private static final int ROLLBACKS_ONE_IN = 5;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long TROUBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private OutboxCaller() {}

    /** Which outbox, the database's JDBC URL, and the node's. */
    public static void main(String[] args) throws InterruptedException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[1]);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(5));
        config.setInitializationFailTimeout(-1);
        HikariDataSource source = new HikariDataSource(config);
        Storing storing = args[0].equals("vertx") ? vertx(source, args[2]) : jdbc(source, args[2]);
        for (int i = 0; i < WRITERS; i++) {
            new Thread(() -> work(storing)).start();
        }
        new CountDownLatch(1).await();
    }

    /** One business row with its request, in one transaction, that ends well or not. */
    private interface Storing {
        void store(String key, long n, boolean commit) throws Exception;
    }

    private static void work(Storing storing) {
        while (true) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            try {
                boolean commit = random.nextInt(ROLLBACKS_ONE_IN) > 0;
                storing.store(UUID.randomUUID().toString(), random.nextLong(1_000_000), commit);
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                // The database is away; whether the row is there is its own matter.
                LockSupport.parkNanos(TROUBLE_NANOS);
            }
        }
    }

    private static TransactionRequest request(String key, long n) {
        return TransactionRequest.json("{\"n\":" + n + "}").withKey(key);
    }

    private static Storing jdbc(HikariDataSource source, String node) {
        BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of(node));
        new OutboxDelivery(OUTBOX, source, client, OPTIONS).start();
        return (key, n, commit) -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                insert(connection, key, n);
                OUTBOX.store(connection, CHAIN, request(key, n));
                if (commit) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
            }
        };
    }

    private static void insert(Connection connection, String key, long n) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, key);
            statement.setLong(2, n);
            statement.executeUpdate();
        }
    }

    private static Storing vertx(HikariDataSource source, String node) {
        Vertx vertx = Vertx.vertx();
        PoolOptions options = new PoolOptions().setMaxSize(5).setMaxLifetime(1).setMaxLifetimeUnit(TimeUnit.SECONDS);
        Pool pool = JDBCPool.pool(vertx, source, options);
        VertxOutbox outbox = VertxOutbox.jdbc(OUTBOX);
        new VertxOutboxDelivery(vertx, outbox, pool, QbcClient.rest(vertx, ClientOptions.of(node)), OPTIONS).start();
        return (key, n, commit) -> pool.withTransaction(connection -> insert(connection, key, n)
                        .compose(row -> outbox.store(connection, CHAIN, request(key, n)))
                        .compose(row -> commit ? Future.succeededFuture() : Future.failedFuture("rolled back")))
                .otherwiseEmpty()
                .await(1, TimeUnit.MINUTES);
    }

    private static Future<?> insert(SqlConnection connection, String key, long n) {
        return connection.preparedQuery(INSERT).execute(Tuple.of(key, n));
    }
}
