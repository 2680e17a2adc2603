package io.qbc.node;

import io.qbc.bus.FatalError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a node whose memory ran out: one line, and the process ends at once. A thread or a turn that broke off
 * anywhere leaves callers without answers and locks without owners; what was acknowledged is on disk, and a process
 * that ends is started again. Nothing here needs memory that is not there already.
 */
final class MemoryExhausted implements Thread.UncaughtExceptionHandler {
    /** The same as with {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int EXIT_CODE = 3;

    static final String TEXT = "qbc: memory ran out, the node ends; what was acknowledged is safe."
            + " Give it more (-Xmx), or less to hold (budgets, pool, store in the configuration)";

    private static final Logger LOG = LoggerFactory.getLogger(MemoryExhausted.class);

    private final byte[] line = (TEXT + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    private final OutputStream log;
    private final IntConsumer halt;

    MemoryExhausted(OutputStream log, IntConsumer halt) {
        this.log = log;
        this.halt = halt;
    }

    /** Makes it the handler of all threads that have none of their own. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(
                new MemoryExhausted(new FileOutputStream(FileDescriptor.out), Runtime.getRuntime()::halt));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        if (FatalError.is(cause)) {
            end();
        } else {
            LOG.error("the thread {} ended", thread.getName(), cause);
        }
    }

    private void end() {
        try {
            log.write(line);
        } catch (IOException e) {
            // There is nobody to tell.
            halt.accept(EXIT_CODE);
        }
        halt.accept(EXIT_CODE);
    }
}
