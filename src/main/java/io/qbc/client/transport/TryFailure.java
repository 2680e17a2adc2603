package io.qbc.client.transport;

import io.qbc.client.answer.QbcException;
import io.qbc.model.Bytes;
import java.util.Set;

/** The failure of one try, with what decides about another one. */
public final class TryFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int GATEWAY_FAILED = 502;
    private static final int GATEWAY_TIMED_OUT = 504;
    /** A node says by these that it did nothing and may do it later; a gateway between says that it does not know. */
    private static final Set<Integer> PASSING = Set.of(429, GATEWAY_FAILED, 503, GATEWAY_TIMED_OUT, 507);

    /** The caller has said how long to wait for that, and the node has waited. */
    private static final String BEHIND = "projection_behind";

    private final QbcException failure;
    private final boolean passing;
    private final boolean lost;
    private final long pauseMillis;

    private TryFailure(QbcException failure, boolean passing, boolean lost, long pauseMillis) {
        super(failure.getMessage(), failure);
        this.failure = failure;
        this.passing = passing;
        this.lost = lost;
        this.pauseMillis = pauseMillis;
    }

    /** Nothing was sent. */
    public static TryFailure unreachable(String where, Throwable cause) {
        return new TryFailure(unreachable(where + " cannot be reached: " + cause), true, false, 0);
    }

    /** What was sent may have been done, or not. */
    public static TryFailure lost(String where, Throwable cause) {
        return new TryFailure(unreachable(where + " did not answer whole: " + cause), true, true, 0);
    }

    public static TryFailure timedOut(String where, long millis) {
        QbcException failure = QbcException.own(
                QbcException.TIMED_OUT, "It took too long", where + " did not answer in " + millis + " ms");
        return new TryFailure(failure, true, true, 0);
    }

    /** A node said no. */
    public static TryFailure refused(int status, Bytes document, long pauseMillis) {
        QbcException failure = QbcException.of(status, document);
        boolean unsure = status == GATEWAY_FAILED || status == GATEWAY_TIMED_OUT;
        boolean passing = PASSING.contains(status) && !failure.code().equals(BEHIND);
        return new TryFailure(failure, passing, unsure, pauseMillis);
    }

    /** Something of a batch is left to be sent again. */
    public static TryFailure left(QbcException failure) {
        return new TryFailure(failure, true, false, 0);
    }

    public static TryFailure of(Throwable cause) {
        if (cause instanceof TryFailure known) {
            return known;
        }
        QbcException failure = cause instanceof QbcException known
                ? known
                : QbcException.own(QbcException.ANSWER_INVALID, "The answer cannot be read", cause.toString());
        return new TryFailure(failure, false, false, 0);
    }

    private static QbcException unreachable(String detail) {
        return QbcException.own(QbcException.UNREACHABLE, "No node answers", detail);
    }

    public QbcException failure() {
        return failure;
    }

    /** Whether another try may succeed. */
    public boolean isPassing() {
        return passing;
    }

    /** Whether it may have been done all the same. */
    public boolean isLost() {
        return lost;
    }

    /** Whether no node said anything. */
    public boolean isSilence() {
        return failure.status() == 0;
    }

    /** How long that node wants to be left alone. */
    public long pauseMillis() {
        return pauseMillis;
    }
}
