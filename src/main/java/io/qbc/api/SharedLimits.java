package io.qbc.api;

import io.qbc.config.NodeConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** The limits that count for the node as a whole, shared by all instances of the API, and the port in use. */
public final class SharedLimits {
    private final Permits requests;
    private final Permits waiters;
    private final Permits streams;
    private final Permits connections;
    private final AtomicInteger port = new AtomicInteger();

    public SharedLimits(NodeConfig.Http limits) {
        requests = new Permits(limits.requestsMax());
        waiters = new Permits(limits.waitersMax());
        streams = new Permits(limits.streamsMax());
        connections = new Permits(limits.connections());
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
}
