package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.ReadPoint;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The way to the tables of projections, for whoever reads them. */
public interface ProjectionTables {
    /**
     * Reads tables, on a thread for that, through a user that may only read them.
     *
     * @param at what the tables must have before
     * @param wait how long to wait for that; {@code PROJECTION_BEHIND} after it
     * @return fails as {@code PROJECTION_UNKNOWN}, {@code BUSY} and {@code TABLES_UNAVAILABLE} too
     */
    <T> Future<T> read(String projection, Optional<ReadPoint> at, Duration wait, Reading<T> reading);

    /** What is read; a {@link io.qbc.bus.Failure} that it throws is the answer. */
    @FunctionalInterface
    interface Reading<T> {
        T read(TablesView view) throws SQLException;
    }
}
