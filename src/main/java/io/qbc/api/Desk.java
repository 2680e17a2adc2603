package io.qbc.api;

import io.qbc.config.NodeConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** What all instances of the doors share: the limits that count for the node as a whole, and the port in use. */
public final class Desk {
    private final Slots requests;
    private final Slots waiters;
    private final Slots streams;
    private final Slots connections;
    private final AtomicInteger port = new AtomicInteger();

    public Desk(NodeConfig.Http limits) {
        requests = new Slots(limits.requestsMax());
        waiters = new Slots(limits.waitersMax());
        streams = new Slots(limits.streamsMax());
        connections = new Slots(limits.connections());
    }

    /** The port that the server listens on; 0 until it does. */
    public int port() {
        return port.get();
    }

    public void listensOn(int actual) {
        port.set(actual);
    }

    public Slots requests() {
        return requests;
    }

    public Slots waiters() {
        return waiters;
    }

    /** Event streams and long reads. */
    public Slots streams() {
        return streams;
    }

    public Slots connections() {
        return connections;
    }
}
