package io.qbc.api.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shares of all credentials in use: how many connections and streams each has, of so many that it may have. */
public final class CallerShares {
    private static final int PERCENT = 100;

    private final int connectionsMax;
    private final int streamsMax;
    private final Map<String, Share> byCredential = new ConcurrentHashMap<>();

    /** What is counted. */
    public enum Kind {
        CONNECTIONS,
        STREAMS
    }

    private record Share(int connections, int streams) {
        static final Share NONE = new Share(0, 0);

        int of(Kind kind) {
            return kind == Kind.CONNECTIONS ? connections : streams;
        }

        Share plus(Kind kind, int more) {
            return kind == Kind.CONNECTIONS
                    ? new Share(connections + more, streams)
                    : new Share(connections, streams + more);
        }
    }

    /** @param percent how much of all connections and of all streams one credential may have */
    CallerShares(int connections, int streams, int percent) {
        connectionsMax = part(connections, percent);
        streamsMax = part(streams, percent);
    }

    /** Takes one of a credential's; false, and nothing taken, if it has as many as it may. */
    public boolean take(Kind kind, String credential) {
        boolean[] taken = new boolean[1];
        byCredential.compute(credential, (id, share) -> {
            Share has = share == null ? Share.NONE : share;
            taken[0] = has.of(kind) < most(kind);
            return taken[0] ? has.plus(kind, 1) : share;
        });
        return taken[0];
    }

    public void release(Kind kind, String credential) {
        byCredential.computeIfPresent(credential, (id, share) -> {
            Share left = share.plus(kind, -1);
            return left.equals(Share.NONE) ? null : left;
        });
    }

    /** How many a credential may have. */
    public int most(Kind kind) {
        return kind == Kind.CONNECTIONS ? connectionsMax : streamsMax;
    }

    /** How many a credential has. */
    public int inUse(Kind kind, String credential) {
        return byCredential.getOrDefault(credential, Share.NONE).of(kind);
    }

    private static int part(int most, int percent) {
        return (int) (most == 0 ? 0 : Math.max(1, (long) most * percent / PERCENT));
    }
}
