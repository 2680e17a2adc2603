package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.qbc.bus.Failure;
import io.qbc.bus.FatalError;
import io.qbc.model.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryExhaustedTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<Integer> codes = new ArrayList<>();
    private final MemoryExhausted handler = new MemoryExhausted(log, codes::add);

    /** Runs it on a thread of which this is the handler. */
    private void run(Runnable work) throws InterruptedException {
        Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler(handler);
        thread.start();
        thread.join();
    }

    @Test
    void aThreadThatRunsOutOfMemoryEndsTheNodeWithOneLine() throws InterruptedException {
        run(() -> {
            throw new OutOfMemoryError("as the test wants");
        });
        assertThat(codes).containsExactly(MemoryExhausted.EXIT_CODE);
        assertThat(log.toString(StandardCharsets.UTF_8)).isEqualTo(MemoryExhausted.TEXT + System.lineSeparator());
    }

    @Test
    void soDoesOneThatAFutureCarries() throws InterruptedException {
        run(() -> Failure.of(new OutOfMemoryError("as the test wants")));
        assertThat(codes).containsExactly(MemoryExhausted.EXIT_CODE);
    }

    @Test
    void anythingElseDoesNot() throws InterruptedException {
        run(() -> {
            throw new IllegalStateException("as the test wants");
        });
        run(() -> Failure.of(new StackOverflowError()));
        run(() -> Failure.of(new Failure(Reason.BUSY, "as the test wants")));
        assertThatCode(() -> FatalError.raise(new IllegalStateException())).doesNotThrowAnyException();
        assertThat(FatalError.is(new OutOfMemoryError() {})).isFalse();
        assertThat(codes).isEmpty();
        assertThat(log.size()).isZero();
    }
}
