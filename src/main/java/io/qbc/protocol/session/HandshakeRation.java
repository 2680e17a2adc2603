package io.qbc.protocol.session;

import io.qbc.protocol.peer.Ration;

/**
 * A ration of handshakes, each of which costs this node four operations on curves: so many a second for one source, and
 * for all together; who was still for a while may have some more at once. Times are milliseconds.
 */
final class HandshakeRation {
    /** How many sources may use up their rations before others are refused too. */
    static final int SOURCES = 20;
    /** For how long a ration that nobody used is kept. */
    static final int BURST_SECONDS = 5;

    private static final long BURST_MILLIS = BURST_SECONDS * 1000L;
    private static final String ALL = "";

    private final Ration bySource;
    private final Ration all;

    /** @param perSecond for one source, 0 for any number */
    HandshakeRation(int perSecond) {
        long burst = (long) BURST_SECONDS * perSecond;
        bySource = new Ration(burst, BURST_MILLIS);
        all = new Ration(SOURCES * burst, BURST_MILLIS);
    }

    boolean take(String source, long now) {
        // Who has used up its own takes nothing of the others'.
        return all.has(ALL, now) && bySource.take(source, now) && all.take(ALL, now);
    }
}
