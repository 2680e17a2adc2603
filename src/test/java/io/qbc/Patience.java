package io.qbc;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The time limits of all tests: generous, as they only end what would never end, and stretched by
 * {@code -Dqbc.test.patience=10} for a machine that is ten times slower. No test may need something within a time.
 */
public final class Patience implements LauncherSessionListener {
    private static final double FACTOR = Double.parseDouble(System.getProperty("qbc.test.patience", "1"));

    /** For one answer from something in this process. */
    public static final Duration ANSWER = stretch(Duration.ofMinutes(1));
    /** For what several threads, nodes or processes must bring about. */
    public static final Duration CONDITION = stretch(Duration.ofMinutes(2));
    /** For the start, the work or the end of another process. */
    public static final Duration PROCESS = stretch(Duration.ofMinutes(3));

    /** A time that a test sets for the product, as long as the machine needs it. */
    public static Duration stretch(Duration time) {
        return Duration.ofMillis(Math.round(time.toMillis() * FACTOR));
    }

    /** The same in milliseconds. */
    public static long stretchMillis(long millis) {
        return stretch(Duration.ofMillis(millis)).toMillis();
    }

    /** The value of a future that is complete in time; anything else is an {@link IllegalStateException}. */
    public static <T> T get(Future<T> future) {
        try {
            return outcome(future);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of a future as {@link java.util.concurrent.Future#get(long, TimeUnit)} gives it. */
    public static <T> T outcome(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(CONDITION.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of a process; false if it does not end. */
    public static boolean ended(Process process) throws InterruptedException {
        return process.waitFor(PROCESS.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(CONDITION);
    }
}
