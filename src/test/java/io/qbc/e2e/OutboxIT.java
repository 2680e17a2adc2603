package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.request.ClientOptions;
import io.qbc.outbox.OutboxDelivery;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Business rows and their entries, while caller, database and node are killed again and again")
class OutboxIT {
    private static final int KILLS_EACH = Integer.getInteger("qbc.outbox.kills", 4);
    private static final int ROWS_MIN = 10;
    private static final int ROWS_MORE = 100;
    private static final long PAUSE_MILLIS_MAX = 300;
    private static final int TOGETHER_ONE_IN = 4;

    /** What there is to kill. */
    private enum Part {
        CALLER,
        DATABASE,
        NODE
    }

    /** The process of {@link OutboxCaller}. */
    private static final class Caller implements AutoCloseable {
        private final List<String> command;
        private final Path log;
        private Process process;

        Caller(Path home, String way, String database, String node) throws IOException {
            log = home.resolve("caller.log");
            command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    OutboxCaller.class.getName(),
                    way,
                    database,
                    node);
            launch();
        }

        void launch() throws IOException {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private record Parts(Caller caller, KillablePostgres database, NodeProcess node) {
        void kill(Part part) throws IOException {
            switch (part) {
                case CALLER -> caller.close();
                case DATABASE -> database.kill9();
                case NODE -> node.kill9();
            }
        }

        void restart(Part part) throws IOException {
            switch (part) {
                case CALLER -> caller.launch();
                case DATABASE -> database.restart();
                case NODE -> node.restart();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc", "vertx"})
    @DisplayName("have one another, each exactly once, by JDBC and by the SQL clients of Vert.x")
    void neverPart(String way, @TempDir Path home) throws Exception {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "20").environment("QBC_LEAP_AGE", "100ms");
        try (KillablePostgres database = new KillablePostgres(home.resolve("postgres"));
                NodeProcess node = NodeProcess.start(plan)) {
            database.execute(OutboxCaller.BUSINESS);
            OutboxCaller.OUTBOX.definition().forEach(database::execute);
            try (Caller caller = new Caller(home, way, database.url(), node.url())) {
                killAll(new Parts(caller, database, node), random, seed);
            }
            finish(database, node.url());
            check(database, node.url(), seed);
        }
    }

    private static void killAll(Parts parts, Random random, long seed) throws IOException {
        List<Part> kills = new ArrayList<>();
        for (Part part : Part.values()) {
            kills.addAll(Collections.nCopies(KILLS_EACH, part));
        }
        Collections.shuffle(kills, random);
        long deliveredAtFirst = count(parts.database, "qbc_outbox WHERE state = 1");
        for (int i = 0; i < kills.size(); i++) {
            long until = count(parts.database, "business") + ROWS_MIN + random.nextInt(ROWS_MORE);
            Await.until("rows are stored, seed " + seed, () -> count(parts.database, "business") >= until);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(PAUSE_MILLIS_MAX)));
            List<Part> now = new ArrayList<>(List.of(kills.get(i)));
            if (i + 1 < kills.size() && kills.get(i + 1) != now.get(0) && random.nextInt(TOGETHER_ONE_IN) == 0) {
                now.add(kills.get(++i));
            }
            for (Part part : now) {
                parts.kill(part);
            }
            for (Part part : now) {
                parts.restart(part);
            }
        }
        // The caller delivers by itself, whatever is finished for it below.
        Await.until(
                "rows are delivered, seed " + seed,
                () -> count(parts.database, "qbc_outbox WHERE state = 1") > deliveredAtFirst);
    }

    private static long count(KillablePostgres database, String rows) {
        List<Long> found = new ArrayList<>();
        Await.until(
                "the database counts",
                () -> found.add(Long.parseLong(
                        database.strings("SELECT COUNT(*) FROM " + rows).get(0))));
        return found.get(0);
    }

    /** Delivers what a killed caller left, as its successor would. */
    private static void finish(KillablePostgres database, String node) throws SQLException {
        try (BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of(node));
                OutboxDelivery delivery =
                        new OutboxDelivery(OutboxCaller.OUTBOX, database.source(), client, OutboxCaller.OPTIONS)) {
            Await.until("all is delivered", () -> delivery.deliver() == 0 && waiting(database) == 0);
        }
        try (Connection connection = database.source().getConnection()) {
            assertThat(OutboxCaller.OUTBOX.refused(connection)).isZero();
        }
    }

    private static long waiting(KillablePostgres database) throws SQLException {
        try (Connection connection = database.source().getConnection()) {
            return OutboxCaller.OUTBOX.waiting(connection);
        }
    }

    private static void check(KillablePostgres database, String node, long seed) throws SQLException {
        List<String> entries = new ArrayList<>();
        try (BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of(node))) {
            client.leap(OutboxCaller.CHAIN);
            client.readQuants(
                    OutboxCaller.CHAIN,
                    1,
                    quant -> quant.transactions()
                            .forEach(entry -> entries.add(entry.key().text() + " " + entry.data())));
        }
        List<String> rows = database.strings("SELECT key || ' {\"n\":' || n || '}' FROM business");
        List<String> outbox = database.strings("SELECT idempotency_key || ' ' || data FROM qbc_outbox");
        assertThat(rows).as("seed %d", seed).hasSizeGreaterThan(3 * KILLS_EACH * ROWS_MIN / 2);
        assertThat(outbox).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(entries).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(rows);
    }
}
