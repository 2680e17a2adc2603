package io.qbc.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.qbc.client.BlockingQbcClient;
import io.qbc.client.QbcClient;
import io.qbc.client.answer.StoredTransaction;
import io.qbc.client.request.TransactionRequest;
import io.qbc.outbox.OutboxDelivery.Options;
import io.qbc.testkit.LedgerChain;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The outbox by an SQL client of Vert.x: that for JDBC, its version 5.0.10 runs on this Vert.x. */
@QbcLedger(chains = @LedgerChain("orders"))
class VertxOutboxTest {
    private static EmbeddedPostgres postgres;
    private static Vertx vertx;

    private final Outbox table = Outbox.table("qbc_outbox");
    private final VertxOutbox outbox = VertxOutbox.jdbc(table);
    private HikariDataSource connections;
    private Pool pool;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws IOException {
        got(vertx.close());
        postgres.close();
    }

    @BeforeEach
    void use() {
        connections = new HikariDataSource();
        connections.setDataSource(postgres.getPostgresDatabase());
        connections.setMaximumPoolSize(4);
        pool = JDBCPool.pool(vertx, connections, lookedAt(new PoolOptions().setMaxSize(4)));
        List<String> statements = new ArrayList<>(List.of(
                "DROP TABLE IF EXISTS qbc_outbox",
                "DROP TABLE IF EXISTS business",
                "CREATE TABLE business (n INTEGER)"));
        statements.addAll(table.definition());
        statements.forEach(sql -> got(pool.query(sql).execute()));
    }

    @AfterEach
    void end() {
        got(pool.close());
        connections.close();
    }

    /** This client's pool never notices that a connection was cut; one behind it does, which is asked again soon. */
    private static PoolOptions lookedAt(PoolOptions options) {
        return options.setMaxLifetime(1).setMaxLifetimeUnit(TimeUnit.SECONDS);
    }

    private static <T> T got(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** A business row and its request in one transaction, which fails behind both if it is not to be. */
    private Future<String> store(int n, boolean commit) {
        return pool.withTransaction(connection -> connection
                .query("INSERT INTO business VALUES (" + n + ")")
                .execute()
                .compose(row -> outbox.store(connection, "orders", TransactionRequest.json("{\"n\":" + n + "}")))
                .compose(key -> commit ? Future.succeededFuture(key) : Future.failedFuture("rolled back")));
    }

    private long count(String sql) {
        return got(pool.query(sql).execute()).iterator().next().getLong(0);
    }

    private long waiting() {
        return count("SELECT COUNT(*) FROM qbc_outbox WHERE state = 0");
    }

    private static List<String> chain(BlockingQbcClient client) {
        client.leap("orders");
        List<String> data = new ArrayList<>();
        client.readQuants(
                "orders",
                1,
                quant -> quant.transactions().stream()
                        .map(StoredTransaction::data)
                        .forEach(data::add));
        return data;
    }

    private static List<String> expected(int most) {
        return IntStream.range(0, most).mapToObj(n -> "{\"n\":" + n + "}").toList();
    }

    @Test
    void aRowAndItsEntryAreBothThereOrNeitherIs(QbcClient ledger, BlockingQbcClient client) {
        got(store(0, true));
        got(store(9, false).otherwiseEmpty());
        got(store(1, true));
        VertxOutboxDelivery delivery = new VertxOutboxDelivery(vertx, outbox, pool, ledger, Options.USUAL);
        assertThat(got(delivery.deliver())).isEqualTo(2);
        assertThat(got(delivery.deliver())).isZero();
        assertThat(chain(client)).isEqualTo(expected(2));
        assertThat(count("SELECT COUNT(*) FROM qbc_outbox WHERE state = 1 AND LENGTH(transaction_id) = 64"))
                .isEqualTo(2);
    }

    @Test
    void aConnectionWithoutATransactionIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> got(pool.withConnection(
                        connection -> outbox.store(connection, "orders", TransactionRequest.json("1")))))
                .withMessageContaining("transaction");
    }

    @Test
    void whatIsRefusedForGoodIsSetAside(QbcClient ledger, BlockingQbcClient client) {
        got(pool.withTransaction(
                connection -> outbox.store(connection, "orders", TransactionRequest.json("{ no json"))));
        got(store(0, true));
        assertThat(got(new VertxOutboxDelivery(vertx, outbox, pool, ledger, Options.USUAL).deliver()))
                .isEqualTo(2);
        assertThat(waiting()).isZero();
        assertThat(count("SELECT COUNT(*) FROM qbc_outbox WHERE state = 2 AND problem <> ''"))
                .isEqualTo(1);
        assertThat(chain(client)).isEqualTo(expected(1));
    }

    @Test
    void valuesOfTheClientForPostgreSqlAreNumbered() {
        assertThat(table.selectDue(place -> "$" + place))
                .endsWith("due_at <= $1 ORDER BY id FETCH FIRST $2 ROWS ONLY FOR UPDATE SKIP LOCKED");
        assertThat(table.updateFailed(place -> "$" + place)).endsWith("problem = $4 WHERE id = $5");
        assertThat(table.updateDelivered(place -> "$" + place)).endsWith("problem = NULL WHERE id = $2");
    }

    @Test
    void aNodeThatIsLostAmidDeliveryRepeatsNothing(LedgerNode node, QbcClient ledger, BlockingQbcClient client) {
        VertxOutboxDelivery delivery = new VertxOutboxDelivery(vertx, outbox, pool, ledger, Options.USUAL);
        delivery.start();
        for (int n = 0; n < 40; n++) {
            got(store(n, true));
            delivery.wake();
            if (n == 20) {
                node.cutOff();
            }
            if (n == 30) {
                node.restore();
            }
        }
        await().until(() -> waiting() == 0);
        got(delivery.close());
        assertThat(chain(client)).containsExactlyInAnyOrderElementsOf(expected(40));
    }

    private static void cutAll() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
        }
    }

    @Test
    void connectionsThatTheDatabaseHasCutAreGivenUp(QbcClient ledger, BlockingQbcClient client) throws SQLException {
        VertxOutboxDelivery delivery = new VertxOutboxDelivery(vertx, outbox, pool, ledger, Options.USUAL);
        delivery.start();
        for (int n = 0; n < 3; n++) {
            int number = n;
            await().ignoreExceptions().until(() -> store(number, true).await(5, TimeUnit.SECONDS) != null);
            delivery.wake();
            await().ignoreExceptions().until(() -> waiting() == 0);
            cutAll();
        }
        got(delivery.close());
        assertThat(chain(client)).isEqualTo(expected(3));
    }
}
