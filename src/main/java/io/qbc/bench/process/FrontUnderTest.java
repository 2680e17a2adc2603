package io.qbc.bench.process;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A front end in its own process, on a free port. */
public final class FrontUnderTest implements AutoCloseable {
    private static final long START_NANOS = Duration.ofSeconds(60).toNanos();

    private final Child child;
    private final int port;

    private FrontUnderTest(Child child, int port) {
        this.child = child;
        this.port = port;
    }

    /** Starts one and waits until it reaches a node. */
    public static FrontUnderTest start(Path directory, String heap, Map<String, String> settings)
            throws IOException, InterruptedException {
        int port = Child.freePort();
        List<String> arguments = List.of("front", "--host", Http.HOST, "--port", Integer.toString(port));
        Child child = Child.start("front", directory, List.of(heap), settings, arguments);
        FrontUnderTest front = new FrontUnderTest(child, port);
        try {
            front.awaitReady(System.nanoTime());
            return front;
        } catch (IOException | InterruptedException | RuntimeException e) {
            front.close();
            throw e;
        }
    }

    private void awaitReady(long begin) throws IOException, InterruptedException {
        NodeApi api = new NodeApi(port, Optional.empty());
        while (!NodeUnderTest.answers(port) || api.status("/health/ready") != 200) {
            child.expectAlive();
            if (System.nanoTime() - begin > START_NANOS) {
                throw new BenchException("the front end was not ready within 60 s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return child.pid();
    }

    /** Stops it as an operator would. */
    public void stop() throws InterruptedException {
        child.stop();
    }

    @Override
    public void close() {
        child.close();
    }
}
