package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Acquaintance;

/** A peer of the book, with where it is called. */
public final class Link extends Acquaintance {
    private Endpoint endpoint;
    private boolean live;

    Link(Bytes key, Endpoint endpoint) {
        super(key);
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean live() {
        return live;
    }

    void joined(Endpoint at) {
        endpoint = at;
        live = true;
    }

    void left() {
        live = false;
    }

    @Override
    public String toString() {
        return endpoint.address().text();
    }
}
