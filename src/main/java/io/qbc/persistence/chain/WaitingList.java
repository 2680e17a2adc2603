package io.qbc.persistence.chain;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.ledger.Pool.Entry;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which entries of one chain's log wait: those without a place in the chain that are not superseded either. */
public final class WaitingList implements AutoCloseable {
    private final Store store;
    private final OpenChain chain;
    private final PlacementIndex placementIndex;
    private final ScopeWalk scopes;

    public WaitingList(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
        this.placementIndex = new PlacementIndex(store, chain.number());
        this.scopes = new ScopeWalk(store, chain.number());
    }

    /** Entries from {@code from} on, in order. */
    public Waiting find(long from, int countMax) {
        List<Entry> entries = new ArrayList<>();
        byte[] buffer = new byte[LogEntry.HEAD_BYTES];
        long at = afterRun(Math.max(from, chain.watermark()));
        try (SequenceScan log = new SequenceScan(store, ColumnFamily.LOG, chain.number())) {
            while (log.seek(at)) {
                Optional<Placed> taken = placementIndex.from(at);
                long stop = taken.map(placed -> placed.logRange().from()).orElse(Long.MAX_VALUE);
                for (; log.here() && log.number() < stop; log.next()) {
                    if (entries.size() >= countMax) {
                        return new Waiting(entries, Optional.of(log.number()));
                    }
                    LogEntry entry = LogEntry.read(log.number(), buffer, log.value(buffer));
                    if (waits(entry)) {
                        entries.add(new Entry(entry.sequence(), entry.id(), entry.bytes(), entry.timestamp()));
                    }
                }
                if (taken.isEmpty()) {
                    break;
                }
                at = taken.get().logRange().end();
            }
        }
        return new Waiting(entries, Optional.empty());
    }

    /** The watermark as it may be now: past everything that has a place or is superseded. */
    public long advanced() {
        long at = chain.watermark();
        while (true) {
            long next = afterRun(at);
            if (next == at && !superseded(at)) {
                return at;
            }
            at = next == at ? at + 1 : next;
        }
    }

    /** Of several with one author and key, none of them in the chain, the first waits for all. */
    private boolean waits(LogEntry entry) {
        if (entry.scope().isEmpty()) {
            return true;
        }
        return !superseded(entry.sequence())
                && scopes.entries(entry.scope().get()).get(0) == entry.sequence();
    }

    private boolean superseded(long sequence) {
        return store.get(ColumnFamily.SUPERSEDED, StoreKeys.numbered(chain.number(), sequence))
                .isPresent();
    }

    private long afterRun(long sequence) {
        return placementIndex
                .of(sequence)
                .map(placed -> placed.logRange().end())
                .orElse(sequence);
    }

    @Override
    public void close() {
        placementIndex.close();
        scopes.close();
    }
}
