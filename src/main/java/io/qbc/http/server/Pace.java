package io.qbc.http.server;

import io.qbc.config.NodeConfig;
import java.time.Duration;

/**
 * A pace that callers must keep.
 *
 * @param stall how long a reader may take nothing
 * @param rateBytes the least that a body brings and a reader takes in a second
 */
public record Pace(Duration stall, int rateBytes) {
    private static final double SECOND_NANOS = 1e9;

    public static Pace of(NodeConfig.Budgets budgets) {
        return new Pace(budgets.stallTimeout(), budgets.rateBytes());
    }

    /** Whether so many bytes in so many nanoseconds are too few, after a time in which none need to come. */
    public boolean tooSlow(long bytes, long nanos, Duration grace) {
        return (nanos - grace.toNanos()) / SECOND_NANOS * rateBytes > bytes;
    }
}
