package io.qbc.e2e;

import io.qbc.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A PostgreSQL that is killed as {@code kill -9} does, with all its processes, and comes back with its data. */
final class KillablePostgres implements AutoCloseable {
    private static final Duration START = Patience.stretch(Duration.ofMinutes(1));

    private final Path data;
    private final int port = Ports.free();
    private EmbeddedPostgres postgres;

    KillablePostgres(Path data) throws IOException {
        this.data = data;
        start();
    }

    private void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data.toFile())
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(START)
                // Otherwise what was committed may be lost with the process.
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    DataSource source() {
        return postgres.getPostgresDatabase();
    }

    String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /** Ends all its processes at once. */
    void kill9() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
        postmaster.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        Await.until("the database is dead", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Starts it again, after its end, with the same data and port. */
    void restart() throws IOException {
        // Lets go of the directory; there is nothing left to stop.
        postgres.close();
        Await.until("the database is back", () -> {
            start();
            return true;
        });
    }

    /** Executes a statement, once more as long as the database is not there. */
    void execute(String sql) {
        Await.until("the database executes " + sql, () -> {
            try (var connection = source().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
                return true;
            }
        });
    }

    /** The first column of what a query finds. */
    List<String> strings(String sql) throws SQLException {
        try (var connection = source().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
