package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Payloads;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** What a user would pick instead: a table in PostgreSQL, plain and as a hash chain. */
public final class PostgresScenario implements Scenario {
    private static final int CLIENTS = 16;
    private static final String SCHEMA = """
            DROP TABLE IF EXISTS qbc_bench_plain, qbc_bench_chain, qbc_bench_head;
            CREATE TABLE qbc_bench_plain (id bigserial PRIMARY KEY, hash bytea NOT NULL, data json NOT NULL);
            CREATE TABLE qbc_bench_chain (id bigserial PRIMARY KEY, previous bytea NOT NULL, hash bytea NOT NULL,
              data json NOT NULL);
            CREATE TABLE qbc_bench_head (hash bytea NOT NULL);
            INSERT INTO qbc_bench_head VALUES (sha256('genesis'));
            CREATE OR REPLACE FUNCTION qbc_bench_append(content text) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE last bytea; next bytea;
            BEGIN
              SELECT hash INTO last FROM qbc_bench_head FOR UPDATE;
              next := sha256(last || convert_to(content, 'UTF8'));
              INSERT INTO qbc_bench_chain (previous, hash, data) VALUES (last, next, content::json);
              UPDATE qbc_bench_head SET hash = next;
            END $$;
            """;
    private static final String PLAIN = "INSERT INTO qbc_bench_plain (hash, data) VALUES (?, ?::json)";
    private static final String CHAINED = "SELECT qbc_bench_append(?)";
    private static final String DROP =
            "DROP TABLE qbc_bench_plain, qbc_bench_chain, qbc_bench_head; DROP FUNCTION qbc_bench_append(text)";

    private final PostgresAccess access;

    public PostgresScenario(PostgresAccess access) {
        this.access = access;
    }

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        try {
            execute(SCHEMA);
            double plain = row(bench, "postgresql, plain insert, 16 clients", PLAIN);
            row(bench, "postgresql, insert into a hash chain", CHAINED);
            execute(DROP);
            bench.injectRate()
                    .ifPresent(
                            rate -> bench.rows().add(Bar.atLeast("1 inject, of postgresql", rate / plain, 2, "times")));
        } catch (SQLException | CompletionException e) {
            throw new BenchException("PostgreSQL: " + e.getMessage());
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private double row(Bench bench, String name, String sql) {
        AtomicLong number = new AtomicLong();
        long start = System.nanoTime();
        long end = start + bench.options().time().toNanos();
        Histogram latencies = new Histogram(3);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<CompletableFuture<Histogram>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                all.add(CompletableFuture.supplyAsync(() -> client(bench.payloads(), sql, number, end), clients));
            }
            all.forEach(one -> latencies.add(one.join()));
        } finally {
            clients.shutdownNow();
        }
        double rate = latencies.getTotalCount() / ((System.nanoTime() - start) / 1e9);
        bench.rows().add(Row.of(name, rate, "transactions/s").latency(Latency.of(latencies)));
        return rate;
    }

    private Histogram client(Payloads payloads, String sql, AtomicLong number, long end) {
        Histogram latencies = new Histogram(3);
        byte[] body = new byte[payloads.size()];
        try (Connection connection = access.connect();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            while (System.nanoTime() < end) {
                payloads.write(number.incrementAndGet(), body, 0);
                String text = new String(body, StandardCharsets.US_ASCII);
                long begin = System.nanoTime();
                if (sql.equals(PLAIN)) {
                    insert.setBytes(1, Sha256.of(body, 0, body.length).bytes());
                    insert.setString(2, text);
                } else {
                    insert.setString(1, text);
                }
                insert.execute();
                latencies.recordValue(System.nanoTime() - begin);
            }
            return latencies;
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }
}
