package io.qbc.e2e;

import io.qbc.Patience;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waiting for conditions, with a sentence that names the condition when it does not come true. */
public final class Await {
    private Await() {}

    public static void until(String what, Callable<Boolean> condition) {
        patiently(what).until(condition);
    }

    /** Waits until the assertion passes. */
    public static void asserted(String what, ThrowingRunnable assertion) {
        patiently(what).untilAsserted(assertion);
    }

    private static ConditionFactory patiently(String what) {
        return Awaitility.await(what)
                .atMost(Patience.CONDITION)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions();
    }
}
