package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.store.Store;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Remembers, for all readers, where runs of the chains' logs have their places, so that most look-ups need no walk
 * through the store. What was found before a chain went another way is not believed afterwards.
 */
public final class PlacementCache {
    private static final int ENTRIES_MAX = 8192;

    private final ConcurrentSkipListMap<Start, Kept> kept = new ConcurrentSkipListMap<>();
    private final int most;

    /** Where a run begins. */
    private record Start(int chain, long sequence) implements Comparable<Start> {
        private static final Comparator<Start> ORDER =
                Comparator.comparingInt(Start::chain).thenComparingLong(Start::sequence);

        @Override
        public int compareTo(Start other) {
            return ORDER.compare(this, other);
        }
    }

    /** A place, and how often the chain had turned before it was looked up. */
    private record Kept(OpenChain chain, long turns, Placed placed) {
        boolean holdsFor(OpenChain asked) {
            // A chain that was dropped and made again may have the number, but is not the same.
            return chain == asked && turns == asked.turns();
        }
    }

    public PlacementCache() {
        this(ENTRIES_MAX);
    }

    /** @param most how many runs are remembered; over it all are forgotten, since they are soon found again */
    PlacementCache(int most) {
        this.most = most;
    }

    /** Looks places up for one reader; what was not remembered is read from the store. */
    Walk walk(Store store, OpenChain chain) {
        return new Walk(store, chain);
    }

    private Optional<Placed> remembered(OpenChain chain, long sequence) {
        Map.Entry<Start, Kept> floor = kept.floorEntry(new Start(chain.number(), sequence));
        if (floor == null || floor.getKey().chain() != chain.number()) {
            return Optional.empty();
        }
        if (!floor.getValue().holdsFor(chain)) {
            // It would hide what begins before it.
            kept.remove(floor.getKey(), floor.getValue());
            return Optional.empty();
        }
        Placed placed = floor.getValue().placed();
        return sequence < placed.logRange().end() ? Optional.of(placed) : Optional.empty();
    }

    private void remember(OpenChain chain, long turns, Placed placed) {
        if (kept.size() >= most) {
            kept.clear();
        }
        kept.put(new Start(chain.number(), placed.logRange().from()), new Kept(chain, turns, placed));
    }

    /** The look-ups of one reader, who closes it. */
    final class Walk implements AutoCloseable {
        private final Store store;
        private final OpenChain chain;
        private Optional<PlacementIndex> placementIndex = Optional.empty();
        private long turns;

        private Walk(Store store, OpenChain chain) {
            this.store = store;
            this.chain = chain;
        }

        /** The run that holds this entry, with its place. */
        Optional<Placed> of(long sequence) {
            return remembered(chain, sequence).or(() -> read(sequence));
        }

        private Optional<Placed> read(long sequence) {
            if (placementIndex.isEmpty()) {
                // In this order: if the chain turns meanwhile, what is read must not pass for the new way's.
                turns = chain.turns();
                placementIndex = Optional.of(new PlacementIndex(store, chain.number()));
            }
            Optional<Placed> placed = placementIndex.get().of(sequence);
            placed.ifPresent(found -> remember(chain, turns, found));
            return placed;
        }

        @Override
        public void close() {
            placementIndex.ifPresent(PlacementIndex::close);
        }
    }
}
