package io.qbc.api.limits;

/**
 * A share of the node that one address may take: of connections, requests in work, streams, and the bytes that wait for
 * readers or come as bodies. What is taken of a share is taken of the whole too.
 */
public final class AddressShare {
    private static final int PERCENT = 100;
    /** So that a share of a small limit is not nothing. */
    private static final long LEAST = 1;

    private final Permits connections;
    private final Permits spareConnections;
    private final Permits requests;
    private final Permits streams;
    private final ByteBudget bodyBytes;
    private final ByteBudget streamBytes;

    AddressShare(SharedLimits whole, int percent) {
        connections = whole.connections().part(part(whole.connectionsMost(), percent));
        spareConnections = whole.spareConnections().part(part(SharedLimits.SPARE_CONNECTIONS, percent));
        requests = whole.requests().part(part(whole.requestsMost(), percent));
        streams = whole.streams().part(part(whole.streamsMost(), percent));
        bodyBytes = whole.bodyBytes().part(bytes(whole, whole.bodyBytes(), percent));
        streamBytes = whole.streamBytes().part(bytes(whole, whole.streamBytes(), percent));
    }

    public Permits connections() {
        return connections;
    }

    /** Connections on which only the node's health and metrics are answered. */
    public Permits spareConnections() {
        return spareConnections;
    }

    public Permits requests() {
        return requests;
    }

    public Permits streams() {
        return streams;
    }

    public ByteBudget bodyBytes() {
        return bodyBytes;
    }

    public ByteBudget streamBytes() {
        return streamBytes;
    }

    private static int part(int most, int percent) {
        return (int) (most == 0 ? 0 : Math.max(LEAST, (long) most * percent / PERCENT));
    }

    /** At least one message of a peer: a smaller share would keep peers from each other. */
    private static long bytes(SharedLimits whole, ByteBudget budget, int percent) {
        return Math.max(budget.most() * percent / PERCENT, Math.min(budget.most(), whole.messageBytes()));
    }
}
