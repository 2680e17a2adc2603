package io.qbc.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.answer.StoredTransaction;
import io.qbc.client.request.AuthorKey;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.outbox.OutboxDelivery.Options;
import io.qbc.testkit.LedgerChain;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows and their entries in a chain never part, whoever ends when. */
@QbcLedger(chains = @LedgerChain("orders"))
class OutboxTest {
    private static final int ROWS = 5;
    private static EmbeddedPostgres postgres;

    private final Outbox outbox = Outbox.table("qbc_outbox");
    private final List<AutoCloseable> open = new ArrayList<>();
    private DataSource source;

    enum Database {
        POSTGRESQL,
        H2
    }

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void use() throws SQLException {
        use(Database.POSTGRESQL);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private void use(Database database) throws SQLException {
        if (database == Database.H2) {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:outbox;DB_CLOSE_DELAY=-1");
            source = h2;
        } else {
            source = postgres.getPostgresDatabase();
        }
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS qbc_outbox");
            statement.execute("DROP TABLE IF EXISTS business");
            statement.execute("CREATE TABLE business (n INTEGER)");
            outbox.create(connection);
            outbox.create(connection);
        }
    }

    /** A business row and its request in one transaction. */
    private String store(int n, boolean commit) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO business VALUES (" + n + ")");
            String key = outbox.store(connection, "orders", TransactionRequest.json("{\"n\":" + n + "}"));
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
            return key;
        }
    }

    private OutboxDelivery delivery(DataSource from, BlockingQbcClient client, Options options) {
        OutboxDelivery delivery = new OutboxDelivery(outbox, from, client, options);
        open.add(0, delivery);
        return delivery;
    }

    private long waiting() throws SQLException {
        try (Connection connection = source.getConnection()) {
            return outbox.waiting(connection);
        }
    }

    private long refused() throws SQLException {
        try (Connection connection = source.getConnection()) {
            return outbox.refused(connection);
        }
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

    private static List<String> expected(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> "{\"n\":" + n + "}").toList();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCommittedIsDeliveredInItsOrderAndWhatIsRolledBackIsNot(Database database, BlockingQbcClient client)
            throws SQLException {
        use(database);
        store(99, false);
        for (int n = 0; n < ROWS; n++) {
            store(n, true);
        }
        OutboxDelivery delivery = delivery(source, client, Options.USUAL);
        assertThat(delivery.deliver()).isEqualTo(ROWS);
        assertThat(delivery.deliver()).isZero();
        assertThat(waiting()).isZero();
        assertThat(chain(client)).isEqualTo(expected(0, ROWS));
        try (Connection connection = source.getConnection()) {
            assertThat(outbox.deleteDelivered(connection)).isEqualTo(ROWS);
        }
    }

    @Test
    void theRowKnowsItsTransaction(BlockingQbcClient client) throws SQLException {
        String key = store(1, true);
        delivery(source, client, Options.USUAL).deliver();
        String id;
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT transaction_id FROM qbc_outbox")) {
            row.next();
            id = row.getString(1);
        }
        StoredTransaction found = client.findTransaction(
                        "orders", Hash.parse(id).orElseThrow())
                .orElseThrow()
                .transaction();
        assertThat(found.key()).isEqualTo(Bytes.utf8(key));
    }

    /** At each call of the database in turn the deliverer ends, as a process that is killed does. */
    @Test
    void aDelivererThatEndsAnywhereDeliversOnceAllTheSame(BlockingQbcClient client) throws SQLException {
        int ends = 0;
        int stored = 0;
        boolean finished = false;
        while (!finished) {
            for (int n = 0; n < ROWS; n++) {
                store(stored++, true);
            }
            MortalSource mortal = new MortalSource(source, ends++);
            OutboxDelivery ending = delivery(mortal, client, Options.USUAL);
            try {
                ending.deliver();
                finished = true;
            } catch (SQLException e) {
                assertThat(mortal.isDead()).isTrue();
            }
            OutboxDelivery next = delivery(source, client, Options.USUAL);
            await().until(() -> next.deliver() == 0 && waiting() == 0);
            assertThat(chain(client)).isEqualTo(expected(0, stored));
        }
        // A look, an answer for each row, and the end of the transaction, each with a before and an after.
        assertThat(ends).isGreaterThan(2 * ROWS);
    }

    @Test
    void whileTheNodeIsAwayRowsWait(LedgerNode node, BlockingQbcClient client) throws SQLException {
        try (BlockingQbcClient impatient = BlockingQbcClient.connect(
                ClientOptions.of(node.url()).withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300)))) {
            OutboxDelivery delivery = delivery(source, impatient, Options.USUAL);
            delivery.start();
            node.cutOff();
            store(0, true);
            delivery.wake();
            await().until(() -> tries() > 0);
            assertThat(waiting()).isEqualTo(1);
            node.stop();
            store(1, true);
            node.start();
            node.restore();
            await().until(() -> waiting() == 0);
            delivery.close();
        }
        assertThat(chain(client)).containsExactlyInAnyOrderElementsOf(expected(0, 2));
    }

    private long tries() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(tries) FROM qbc_outbox")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void severalDeliverersShareTheRows(BlockingQbcClient client) throws SQLException {
        for (int n = 0; n < 20; n++) {
            store(n, true);
        }
        Options few = new Options(Duration.ofMillis(20), 3, Optional.empty());
        for (int i = 0; i < 3; i++) {
            delivery(source, client, few).start();
        }
        await().until(() -> waiting() == 0);
        assertThat(chain(client)).containsExactlyInAnyOrderElementsOf(expected(0, 20));
    }

    @Test
    void whatIsRefusedForGoodIsSetAsideAndHoldsNothingUp(BlockingQbcClient client) throws SQLException {
        String key;
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            key = outbox.store(connection, "orders", TransactionRequest.json("{ no json"));
            outbox.store(connection, "nowhere", TransactionRequest.json("1"));
            connection.commit();
        }
        store(0, true);
        OutboxDelivery delivery = delivery(source, client, Options.USUAL);
        delivery.deliver();
        assertThat(chain(client)).isEqualTo(expected(0, 1));
        assertThat(refused()).isEqualTo(1);
        // A chain that is not there may come.
        assertThat(waiting()).isEqualTo(1);
        try (Connection connection = source.getConnection()) {
            assertThat(outbox.retry(connection, key)).isTrue();
            assertThat(outbox.retry(connection, key)).isFalse();
        }
    }

    @Test
    void anAuthorSignsAndIsKnownAgain(BlockingQbcClient client) throws SQLException {
        AuthorKey author = AuthorKey.fresh();
        store(0, true);
        MortalSource mortal = new MortalSource(source, 3);
        assertThatThrownBy(() ->
                        delivery(mortal, client, Options.USUAL.signedBy(author)).deliver())
                .isInstanceOf(SQLException.class);
        OutboxDelivery next = delivery(source, client, Options.USUAL.signedBy(author));
        await().until(() -> next.deliver() == 0 && waiting() == 0);
        assertThat(chain(client)).isEqualTo(expected(0, 1));
        assertThat(client.head("orders").transactions().get(0).signer()).contains(author.key());
    }

    @Test
    void aConnectionWithoutATransactionIsRefused() throws SQLException {
        try (Connection connection = source.getConnection()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> outbox.store(connection, "orders", TransactionRequest.json("1")))
                    .withMessageContaining("transaction");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Outbox.table("a; DROP TABLE b"));
    }

    @Test
    void theStatementIsThereForOtherClients() {
        OutboxRow row = outbox.row("orders", TransactionRequest.json("1").withKey("k"));
        assertThat(row.values()).containsExactly("k", "orders", "", "1");
        assertThat(outbox.insert(place -> "$" + place)).endsWith("VALUES ($1, $2, $3, $4)");
    }
}
