package io.qbc.node;

import io.qbc.bus.Catalogue.CatchUp;
import java.time.Duration;

/**
 * How far one catch-up has come, in words for a person who watches it.
 *
 * @param fromMillis when it was first seen
 * @param fromHeight the chain's height at that time
 * @param fromSize the transactions in the chain at that time
 */
record CatchUpLine(long fromMillis, long fromHeight, long fromSize) {
    private static final long SECOND_MILLIS = 1000;

    /** @param size the transactions in the chain now */
    String text(CatchUp run, long size, long nowMillis) {
        double seconds = Math.max(1, nowMillis - fromMillis) / (double) SECOND_MILLIS;
        double quants = (run.height() - fromHeight) / seconds;
        long transactions = Math.round((size - fromSize) / seconds);
        StringBuilder line = new StringBuilder("catching up from ").append(run.peer());
        line.append(": height ").append(run.height()).append(" of ").append(run.target());
        line.append(", ").append(transactions).append(" transactions/s");
        if (quants > 0 && run.target() >= run.height()) {
            long left = Math.round((run.target() - run.height()) / quants);
            line.append(", about ").append(duration(left)).append(" left");
        }
        return line.toString();
    }

    private static String duration(long seconds) {
        Duration left = Duration.ofSeconds(seconds);
        if (left.toHours() > 0) {
            return left.toHours() + " h " + left.toMinutesPart() + " min";
        }
        return left.toMinutes() > 0
                ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
                : left.toSeconds() + " s";
    }
}
