package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.protocol.peer.PeerState;

/** A peer of the book, with where it is called. */
public final class ConnectedPeer extends PeerState {
    private PeerEndpoint peerEndpoint;
    private boolean live;

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

    void left() {
        live = false;
    }

    @Override
    public String toString() {
        return peerEndpoint.address().text();
    }
}
