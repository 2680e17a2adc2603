package io.qbc.api;

import io.qbc.config.NodeConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** The limits that count for the node as a whole, shared by all instances of the API, and the port in use. */
public final class SharedLimits {
    /** Of what all peers may have at once, one address gets the part that this divides it into. */
    private static final int PEER_SHARES = 4;

    private final Permits requests;
    private final Permits waiters;
    private final Permits streams;
    private final Permits connections;
    private final ByteBudget peerBodies;
    private final ByteBudget peerAnswers;
    private final AtomicInteger port = new AtomicInteger();

    public SharedLimits(NodeConfig config) {
        NodeConfig.Http limits = config.http();
        NodeConfig.PeerLimits peers = config.gossip().limits();
        requests = new Permits(limits.requestsMax());
        waiters = new Permits(limits.waitersMax());
        streams = new Permits(limits.streamsMax());
        connections = new Permits(limits.connections());
        peerBodies = new ByteBudget(peers.bodyBytes(), Math.max(peers.bodyBytes() / PEER_SHARES, peers.messageBytes()));
        long answerBytes = Math.max(peers.bodyBytes(), config.gossip().batchBytes());
        peerAnswers = new ByteBudget(
                answerBytes, Math.max(answerBytes / PEER_SHARES, config.gossip().batchBytes()));
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

    /** Large answers to peers that are made or on their way. */
    public ByteBudget peerAnswers() {
        return peerAnswers;
    }

    /** Messages of peers that are read or worked on. */
    public ByteBudget peerBodies() {
        return peerBodies;
    }
}
