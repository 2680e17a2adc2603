package io.qbc.projection.query;

import io.qbc.config.NodeConfig.Projections;
import java.time.Duration;

/** What one answer may take. */
record QueryLimits(Duration time, int rows, int bytes) {
    static QueryLimits of(Projections config) {
        return new QueryLimits(config.queryTimeout(), config.queryRows(), config.queryBytes());
    }
}
