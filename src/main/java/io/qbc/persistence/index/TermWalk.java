package io.qbc.persistence.index;

import io.qbc.persistence.chain.InheritedPlaces;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A walk over the transactions of a chain that have a type or an author, in either direction; used by one thread. For a
 * fork the rows of its ancestors count too. Of those it may give some that are of another branch, so whoever asks looks
 * at what is there.
 */
final class TermWalk implements AutoCloseable {
    private final List<Source> sources = new ArrayList<>();

    TermWalk(Store store, OpenChain chain, int kind, long term) {
        // In this order: an ancestor that goes another way hands its rows over, which are then in one of the two.
        List<InheritedPlaces.Ancestor> ancestors = new InheritedPlaces(chain).ancestors();
        for (int i = ancestors.size() - 1; i >= 0; i--) {
            InheritedPlaces.Ancestor ancestor = ancestors.get(i);
            sources.add(new Source(store, ancestor.owner().number(), ancestor.highest(), kind, term));
        }
        sources.add(new Source(store, chain.number(), Long.MAX_VALUE, kind, term));
    }

    /** The first one at this spot or after it. */
    Optional<Spot> forward(Spot from) {
        return sources.stream()
                .map(source -> source.forward(from))
                .flatMap(Optional::stream)
                .min(Spot::compareTo);
    }

    /** The last one at this spot or before it. */
    Optional<Spot> backward(Spot from) {
        return sources.stream()
                .map(source -> source.backward(from))
                .flatMap(Optional::stream)
                .max(Spot::compareTo);
    }

    @Override
    public void close() {
        sources.forEach(Source::close);
    }

    /** The rows under one chain's number. */
    private static final class Source {
        private final Store.Scan scan;
        private final int chain;
        private final long highest;
        private final int kind;
        private final long term;
        private final byte[] key = new byte[Postings.KEY_BYTES];
        /** The row that was read last. */
        private int[] runs = {};

        private long height = -1;

        Source(Store store, int chain, long highest, int kind, long term) {
            this.scan = store.scan(ColumnFamily.INDEX);
            this.chain = chain;
            this.highest = highest;
            this.kind = kind;
            this.term = term;
        }

        Optional<Spot> forward(Spot from) {
            if (from.height() > highest) {
                return Optional.empty();
            }
            if (has(from)) {
                return after(from);
            }
            byte[] wanted = key(from);
            scan.seekBack(wanted);
            if (read() && height == from.height() && runs[runs.length - 1] >= from.offset()) {
                return after(from);
            }
            scan.seek(wanted);
            return read() ? after(from) : Optional.empty();
        }

        Optional<Spot> backward(Spot from) {
            Spot begin = from.height() > highest ? Spot.end(highest) : from;
            if (has(begin)) {
                return before(begin);
            }
            scan.seekBack(key(begin));
            return read() ? before(begin) : Optional.empty();
        }

        private byte[] key(Spot spot) {
            return Postings.key(chain, kind, term, spot.height(), spot.offset());
        }

        private boolean has(Spot spot) {
            return height == spot.height() && runs[0] <= spot.offset() && runs[runs.length - 1] >= spot.offset();
        }

        private boolean read() {
            boolean here = scan.here() && Postings.isOf(key, scan.key(key), chain, kind, term);
            height = here ? Postings.height(key) : -1;
            runs = here ? Postings.runs(key, scan.value()) : new int[0];
            return here;
        }

        /** The first spot of the row that is not before this one. */
        private Optional<Spot> after(Spot from) {
            if (height > highest) {
                return Optional.empty();
            }
            int least = height == from.height() ? from.offset() : 0;
            for (int i = 0; i < runs.length; i += 2) {
                if (runs[i + 1] >= least) {
                    return Optional.of(new Spot(height, Math.max(least, runs[i])));
                }
            }
            return Optional.empty();
        }

        /** The last spot of the row that is not after this one. */
        private Optional<Spot> before(Spot from) {
            int most = height == from.height() ? from.offset() : Integer.MAX_VALUE;
            for (int i = runs.length - 2; i >= 0; i -= 2) {
                if (runs[i] <= most) {
                    return Optional.of(new Spot(height, Math.min(most, runs[i + 1])));
                }
            }
            return Optional.empty();
        }

        void close() {
            scan.close();
        }
    }
}
