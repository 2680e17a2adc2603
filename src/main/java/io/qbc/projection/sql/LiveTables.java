package io.qbc.projection.sql;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.sql.ProjectionTables.Reading;
import io.qbc.projection.sql.ReadLeases.Lease;
import io.qbc.projection.sql.TableSets.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The live tables of a projection for one reader, all of one generation. H2 has a schema of its own for each
 * generation, which a lease keeps from being dropped. PostgreSQL renames schemas at a swap, and looks names up as they
 * are at the moment, not as they were when the transaction began: there it is looked at afterwards whether the name
 * still means the same schema, and what was read is thrown away otherwise.
 */
public final class LiveTables {
    private static final int ATTEMPTS = 5;
    /** What a swap does not bring about, and trying again does not mend. */
    private static final Set<Reason> FINAL = Set.of(Reason.TIMED_OUT, Reason.STOPPING, Reason.BUSY);

    private final Dialect dialect;
    private final Connection connection;
    private final Lease lease;
    private final Progress progress;
    private final long schemaId;

    private LiveTables(Dialect dialect, Connection connection, Lease lease, Progress progress, long schemaId) {
        this.dialect = dialect;
        this.connection = connection;
        this.lease = lease;
        this.progress = progress;
        this.schemaId = schemaId;
    }

    /**
     * Finds them, at the state that a connection's transaction begins with.
     *
     * @param lease of before the transaction began
     */
    static Optional<LiveTables> find(Dialect dialect, Connection connection, Lease lease, String name)
            throws SQLException {
        Optional<Progress> live = ProgressTable.load(connection, name).stream()
                .filter(Progress::live)
                .findFirst();
        if (live.isEmpty()) {
            return Optional.empty();
        }
        // In the snapshot that the progress is of.
        long id =
                dialect == Dialect.H2 ? 0 : number(connection, "SELECT oid FROM pg_namespace WHERE nspname = ?", name);
        return Optional.of(new LiveTables(dialect, connection, lease, live.get(), id));
    }

    private static long number(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    Progress progress() {
        return progress;
    }

    /** Whether all that was read by name until now was of these tables; false in a transaction that failed, too. */
    boolean isIntact() throws SQLException {
        if (lease.isRevoked()) {
            return false;
        }
        // By the name as statements find it, whatever snapshot they read.
        return dialect == Dialect.H2
                || number(connection, "SELECT to_regnamespace(?)::oid", Dialect.quoted(progress.name())) == schemaId;
    }

    /** Ends the transaction, and tells whether other tables are in the place of these. */
    boolean isReplaced() throws SQLException {
        connection.rollback();
        return !isIntact() || lease.isOutdated();
    }

    /**
     * Reads them at one state. What a swap came between is read again.
     *
     * @param patience how long after the beginning it is read again
     * @throws Failure {@code TABLES_UNAVAILABLE} where there are none, or there were swaps all the time
     */
    public static <T> T read(TableDatabase database, String name, Duration patience, Reading<T> reading)
            throws SQLException {
        long end = System.nanoTime() + patience.toNanos();
        for (int attempt = 1; attempt <= ATTEMPTS && (attempt == 1 || System.nanoTime() < end); attempt++) {
            try (Lease lease = database.leases().hold();
                    Connection connection = database.reader()) {
                try {
                    LiveTables tables = find(database.dialect(), connection, lease, name)
                            .orElseThrow(() -> new Failure(Reason.TABLES_UNAVAILABLE, "there are no tables yet"));
                    Optional<T> answer = tables.attempt(reading);
                    if (answer.isPresent()) {
                        return answer.get();
                    }
                } finally {
                    connection.rollback();
                }
            }
        }
        throw new Failure(Reason.TABLES_UNAVAILABLE, "the tables were replaced while they were read; ask again");
    }

    /** An answer, or nothing where a swap came between. */
    private <T> Optional<T> attempt(Reading<T> reading) throws SQLException {
        try {
            T answer = reading.read(view());
            return isIntact() ? Optional.of(answer) : Optional.empty();
        } catch (Failure e) {
            if (FINAL.contains(e.refusal().reason()) || !isReplaced()) {
                throw e;
            }
        } catch (SQLException e) {
            if (!isReplaced()) {
                throw e;
            }
        }
        return Optional.empty();
    }

    private TablesView view() throws SQLException {
        Mapping mapping = Mapping.read(progress.name(), progress.mapping());
        connection.setSchema(TableSets.schema(dialect, progress, Place.LIVE));
        return new TablesView(
                connection,
                dialect,
                mapping,
                TableShapes.of(mapping),
                progress.position().leaf());
    }
}
