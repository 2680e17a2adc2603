package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.protocol.peer.PeerState;
import java.util.OptionalLong;

/** A connected peer: its protocol state, and the endpoint where it is called. */
public final class ConnectedPeer extends PeerState {
    /** What one answer weighs in the latency: so the last eight or so make most of it. */
    private static final double WEIGHT = 0.125;

    private PeerEndpoint peerEndpoint;
    private boolean live;
    /** Smoothed over its answers to challenges, in milliseconds; negative before the first. */
    private double latencyMillis = -1;

    ConnectedPeer(Bytes key, PeerEndpoint peerEndpoint) {
        super(key);
        this.peerEndpoint = peerEndpoint;
    }

    PeerEndpoint peerEndpoint() {
        return peerEndpoint;
    }

    boolean live() {
        return live;
    }

    void joined(PeerEndpoint at) {
        peerEndpoint = at;
        live = true;
    }

    /** It answered a challenge after so many milliseconds. */
    void answered(long millis) {
        // A clock that was set back makes no answer come before its call.
        double took = Math.max(0, millis);
        latencyMillis = latencyMillis < 0 ? took : latencyMillis + WEIGHT * (took - latencyMillis);
    }

    /** Milliseconds that its answers take of late; empty before the first. */
    OptionalLong latency() {
        return latencyMillis < 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(latencyMillis));
    }

    void left() {
        live = false;
    }

    @Override
    public String toString() {
        return peerEndpoint.address().text();
    }
}
