package io.qbc.gossip.peers;

import io.qbc.bus.Catalogue.Handshakes;

/** Counters of handshakes, of those that this node begins and of those that others begin with it. */
public final class SessionCounts {
    private long made;
    private long failed;
    private long accepted;
    private long refused;
    private long rationed;

    /** This node opened a session. */
    void made() {
        made++;
    }

    /** A handshake that this node began came to nothing. */
    void failed() {
        failed++;
    }

    /** Another node opened a session. */
    void accepted() {
        accepted++;
    }

    /** A handshake of another node was refused. */
    void refused() {
        refused++;
    }

    /** It was refused because there were too many. */
    void rationed() {
        rationed++;
    }

    public Handshakes handshakes() {
        return new Handshakes(made, failed, accepted, refused, rationed);
    }
}
