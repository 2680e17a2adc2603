package io.qbc.api;

import io.qbc.config.NodeConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** The limits that count for the node as a whole, shared by all instances of the API, and the port in use. */
public final class SharedLimits {
    /** Fewer than the worker threads that there are, since others need them too. */
    private static final int JUDGING_THREADS_MAX = 12;

    private final Permits requests;
    private final Permits waiters;
    private final Permits streams;
    private final Permits connections;
    private final JudgeQueue judging;
    private final AtomicInteger port = new AtomicInteger();

    public SharedLimits(NodeConfig config) {
        NodeConfig.Http limits = config.http();
        requests = new Permits(limits.requestsMax());
        waiters = new Permits(limits.waitersMax());
        streams = new Permits(limits.streamsMax());
        connections = new Permits(limits.connections());
        int threads = Math.min(JUDGING_THREADS_MAX, Runtime.getRuntime().availableProcessors());
        judging = new JudgeQueue(config.limits().judging(), threads);
    }

    /** The port that the server listens on; 0 until it does. */
    public int port() {
        return port.get();
    }

    public void listensOn(int actual) {
        port.set(actual);
    }

    public Permits requests() {
        return requests;
    }

    public Permits waiters() {
        return waiters;
    }

    /** Event streams and long reads. */
    public Permits streams() {
        return streams;
    }

    public Permits connections() {
        return connections;
    }

    /** Data that is checked off the event loops. */
    public JudgeQueue judging() {
        return judging;
    }
}
