package io.qbc.outbox;

import io.qbc.client.answer.BatchResult;
import io.qbc.client.answer.QbcException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;

/**
 * What becomes of a row that was not taken.
 *
 * @param state whether it waits for another try, or was refused for good
 * @param dueAt when it is to be tried again, in milliseconds since 1970
 */
record FailedTry(int state, String problem, long dueAt) {
    private static final System.Logger LOG = System.getLogger(FailedTry.class.getName());

    /** Statuses that are about the request itself; any other may be mended without it. */
    private static final Set<Integer> FOR_GOOD = Set.of(400, 413, 422);

    private static final int PROBLEM_CHARS_MAX = 1000;
    private static final long PAUSE_MILLIS_MAX = 60_000;
    private static final int DOUBLINGS_MAX = 10;

    /** @param first the pause after the first try */
    static FailedTry of(OutboxRow row, BatchResult.Refused refused, Duration first) {
        QbcException cause = refused.cause();
        boolean forGood = FOR_GOOD.contains(cause.status());
        if (forGood) {
            LOG.log(Level.ERROR, "the row {0} of the outbox was refused for good: {1}", row.key(), cause.getMessage());
        }
        long pause = Math.min(PAUSE_MILLIS_MAX, first.toMillis() << Math.min(row.tries(), DOUBLINGS_MAX));
        String problem = cause.getMessage();
        return new FailedTry(
                forGood ? Outbox.REFUSED : Outbox.WAITING,
                problem.substring(0, Math.min(problem.length(), PROBLEM_CHARS_MAX)),
                System.currentTimeMillis() + pause);
    }
}
