package io.qbc.persistence.lifecycle;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.ParentHistory;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.Pruning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reduces a dropped chain to what its forks still read of it: their shared history, and nothing after it. */
final class RetainedHistory {
    private static final int STEP_DELETIONS = 4096;

    private final Store store;
    private final OpenChain chain;
    private final int number;
    private final long last;
    private final Set<Hash> aside = new HashSet<>();
    private final TreeMap<Long, Long> asideEnds = new TreeMap<>();

    RetainedHistory(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
        this.number = chain.number();
        this.last = chain.forks().stream()
                .flatMap(fork -> fork.parentHistory().stream())
                .mapToLong(ParentHistory::point)
                .max()
                .orElse(-1);
    }

    /** Hands the deletions to the writer in steps of bounded size; a step made twice does no harm. */
    void reduce(Consumer<Consumer<Group>> write) {
        write.accept(this::ranges);
        chain.forks().forEach(this::keptBy);
        Steps steps = new Steps(write);
        quants(steps);
        log(steps);
        index(steps);
        steps.flush();
    }

    private void ranges(Group group) {
        group.delete(ColumnFamily.MAIN, StoreKeys.numbered(number, last + 1), StoreKeys.begin(number + 1));
        for (ColumnFamily columnFamily :
                List.of(ColumnFamily.SUPERSEDED, ColumnFamily.STATES, ColumnFamily.SUBSCRIPTIONS)) {
            group.delete(columnFamily, StoreKeys.begin(number), StoreKeys.begin(number + 1));
        }
        group.delete(ColumnFamily.META, StoreKeys.watermark(number));
        group.delete(ColumnFamily.META, StoreKeys.agreed(number));
        Pruning.forget(group, number);
    }

    /** What a fork has noted itself since this chain went another way. */
    private void keptBy(OpenChain fork) {
        long point = fork.parentHistory().orElseThrow().point();
        try (SequenceScan main = new SequenceScan(store, ColumnFamily.MAIN, fork.number())) {
            for (main.seek(0); main.here() && main.number() <= point; main.next()) {
                Hash hash = Quants.hash(main.value());
                aside.add(hash);
                store.get(ColumnFamily.QUANTS, StoreKeys.hashed(number, hash))
                        .map(value -> QuantRecord.decode(hash, value))
                        .ifPresent(quant ->
                                quant.logRanges().forEach(logRange -> asideEnds.put(logRange.from(), logRange.end())));
            }
        }
    }

    private void quants(Steps steps) {
        byte[] key = StoreKeys.hashed(number, Hash.ZERO);
        try (Store.Scan scan = store.scan(ColumnFamily.QUANTS)) {
            for (scan.seek(key); scan.here() && scan.key(key) == key.length; scan.next()) {
                if (StoreKeys.chain(key) != number) {
                    return;
                }
                Hash hash = Hash.at(key, StoreKeys.CHAIN_BYTES);
                QuantRecord quant = QuantRecord.decode(hash, scan.value());
                boolean kept = aside.contains(hash)
                        || (quant.height() <= last && chain.quants().onChain(quant));
                if (!kept) {
                    steps.delete(ColumnFamily.QUANTS, StoreKeys.hashed(number, hash));
                }
            }
        }
    }

    private void log(Steps steps) {
        byte[] buffer = new byte[LogEntry.HEAD_BYTES];
        try (SequenceScan log = new SequenceScan(store, ColumnFamily.LOG, number);
                PlacementIndex placementIndex = new PlacementIndex(store, number)) {
            Optional<Placed> place = Optional.empty();
            for (log.seek(0); log.here(); log.next()) {
                long at = log.number();
                if (place.filter(placed -> holds(placed.logRange(), at)).isEmpty()) {
                    place = placementIndex.of(at);
                    place.filter(placed -> placed.height() > last)
                            .ifPresent(placed -> steps.delete(
                                    ColumnFamily.PLACED,
                                    StoreKeys.numbered(number, placed.logRange().from())));
                }
                boolean kept = place.filter(placed -> placed.height() <= last).isPresent() || heldAside(at);
                if (!kept) {
                    LogEntry entry = LogEntry.read(at, buffer, log.value(buffer));
                    steps.delete(ColumnFamily.LOG, StoreKeys.numbered(number, at));
                    steps.delete(ColumnFamily.IDS, StoreKeys.hashed(number, entry.id()));
                    entry.scope()
                            .ifPresent(scope -> steps.delete(ColumnFamily.KEYS, StoreKeys.scoped(number, scope, at)));
                }
            }
        }
    }

    private void index(Steps steps) {
        byte[] key = new byte[Postings.KEY_BYTES];
        try (Store.Scan scan = store.sweep(ColumnFamily.INDEX)) {
            for (scan.seek(StoreKeys.begin(number)); scan.here(); scan.next()) {
                int size = scan.key(key);
                if (StoreKeys.chain(key) != number) {
                    return;
                }
                if (Postings.isPosting(key, size) && Postings.height(key) > last) {
                    steps.delete(ColumnFamily.INDEX, key.clone());
                }
            }
        }
    }

    private static boolean holds(LogRange logRange, long sequence) {
        return logRange.from() <= sequence && sequence < logRange.end();
    }

    private boolean heldAside(long sequence) {
        Map.Entry<Long, Long> run = asideEnds.floorEntry(sequence);
        return run != null && sequence < run.getValue();
    }

    /** Collects deletions. */
    private static final class Steps {
        private final Consumer<Consumer<Group>> write;
        private List<Consumer<Group>> deletions = new ArrayList<>();

        Steps(Consumer<Consumer<Group>> write) {
            this.write = write;
        }

        void delete(ColumnFamily columnFamily, byte[] key) {
            deletions.add(group -> group.delete(columnFamily, key));
            if (deletions.size() == STEP_DELETIONS) {
                flush();
            }
        }

        void flush() {
            List<Consumer<Group>> collected = deletions;
            deletions = new ArrayList<>();
            write.accept(group -> collected.forEach(deletion -> deletion.accept(group)));
        }
    }
}
