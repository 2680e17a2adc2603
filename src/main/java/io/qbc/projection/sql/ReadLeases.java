package io.qbc.projection.sql;

import java.util.HashSet;
import java.util.Set;

/**
 * Who reads tables at present, so that those which others took the place of are not dropped under a reader. Each swap
 * begins an era: a reader that came in an earlier one may still read the tables of that.
 */
public final class ReadLeases {
    private final Set<Lease> held = new HashSet<>();
    private long era;

    /** Begins a reading; whatever is found to be live from now on stays until the lease is closed or revoked. */
    synchronized Lease hold() {
        Lease lease = new Lease(era);
        held.add(lease);
        return lease;
    }

    /** Other tables are live from now on; the era that ends so. */
    synchronized long swapped() {
        return era++;
    }

    /** Whether nobody reads any more who came in an era, or before. */
    synchronized boolean over(long last) {
        return held.stream().allMatch(lease -> lease.begun > last);
    }

    /** Ends the leases of an era, and of those before, without their readers: what they read meanwhile is void. */
    synchronized void revoke(long last) {
        held.removeIf(lease -> {
            if (lease.begun <= last) {
                lease.revoked = true;
            }
            return lease.revoked;
        });
    }

    /** One reader's. */
    final class Lease implements AutoCloseable {
        private final long begun;
        private boolean revoked;

        private Lease(long begun) {
            this.begun = begun;
        }

        /** Whether the tables may have gone that this reader reads. */
        boolean isRevoked() {
            synchronized (ReadLeases.this) {
                return revoked;
            }
        }

        /** Whether other tables are live than when this reader came. */
        boolean isOutdated() {
            synchronized (ReadLeases.this) {
                return begun < era;
            }
        }

        @Override
        public void close() {
            synchronized (ReadLeases.this) {
                held.remove(this);
            }
        }
    }
}
