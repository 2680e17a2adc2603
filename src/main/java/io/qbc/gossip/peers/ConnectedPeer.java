package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.protocol.peer.PeerState;

/** A connected peer: its protocol state, and the endpoint where it is called. */
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
