package io.qbc.protocol.session;

import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * A ration of handshakes, each of which costs this node four operations on curves: so many a second for one source, and
 * for all together; who was still for a while may have some more at once. Times are milliseconds.
 */
final class HandshakeRation {
    /** How many sources may use up their rations before others are refused too. */
    static final int SOURCES = 20;
    /** For how long a ration that nobody used is kept. */
    static final int BURST_SECONDS = 5;

    private static final int SOURCES_MAX = 4096;
    private static final long SECOND_MILLIS = 1000;

    private final int perSecond;
    private final LinkedHashMap<String, Bucket> bySource = new LinkedHashMap<>();
    private final Bucket all;

    /** @param perSecond for one source, 0 for any number */
    HandshakeRation(int perSecond) {
        this.perSecond = perSecond;
        all = new Bucket(SOURCES * (long) perSecond, 0);
    }

    /** What is left of a ration, in thousandths of a handshake. */
    private static final class Bucket {
        private final long perSecond;
        private long left;
        private long at;

        Bucket(long perSecond, long now) {
            this.perSecond = perSecond;
            left = most();
            at = now;
        }

        private long most() {
            return BURST_SECONDS * perSecond * SECOND_MILLIS;
        }

        boolean has(long now) {
            // A clock that was put back gives nothing and takes nothing.
            long passed = Math.min(BURST_SECONDS * SECOND_MILLIS, Math.max(0, now - at));
            left = Math.min(most(), left + passed * perSecond);
            at = now;
            return left >= SECOND_MILLIS;
        }

        void take() {
            left -= SECOND_MILLIS;
        }
    }

    boolean take(String source, long now) {
        if (perSecond == 0) {
            return true;
        }
        Bucket own = Optional.ofNullable(bySource.remove(source)).orElseGet(() -> new Bucket(perSecond, now));
        bySource.put(source, own);
        if (bySource.size() > SOURCES_MAX) {
            bySource.remove(bySource.keySet().iterator().next());
        }
        // Who has used up its own takes nothing of the others'.
        boolean taken = own.has(now) && all.has(now);
        if (taken) {
            own.take();
            all.take();
        }
        return taken;
    }
}
