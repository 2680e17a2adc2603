package io.qbc.persistence.write;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.InheritedKeys;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.ScopeWalk;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One synced write in the making, and what it adds that the store does not show yet; on the writer's thread. */
public final class Group implements AutoCloseable {
    private final Store store;
    private final Store.Batch batch;
    private final Map<OpenChain, Additions> additions = new LinkedHashMap<>();
    private boolean changed;

    public Group(Store store) {
        this.store = store;
        this.batch = store.batch();
    }

    public Additions to(OpenChain chain) {
        return additions.computeIfAbsent(chain, Additions::new);
    }

    public void put(ColumnFamily columnFamily, byte[] key, byte[] value) {
        changed = true;
        batch.put(columnFamily, key, value);
    }

    public void delete(ColumnFamily columnFamily, byte[] key) {
        changed = true;
        batch.delete(columnFamily, key);
    }

    public void delete(ColumnFamily columnFamily, byte[] from, byte[] end) {
        changed = true;
        batch.delete(columnFamily, from, end);
    }

    /** Makes it durable; a group without changes has nothing to sync, since what it saw in the store is. */
    public void write() {
        if (changed) {
            additions.values().forEach(Additions::index);
            store.append(batch);
            additions.values().forEach(Additions::adopt);
        }
    }

    @Override
    public void close() {
        additions.values().forEach(Additions::close);
        batch.close();
    }

    /** The part of a group that goes to one chain's log. */
    public final class Additions {
        private final OpenChain chain;
        private Optional<ScopeWalk> scopes = Optional.empty();
        private Optional<InheritedKeys> inheritedKeys = Optional.empty();
        private final long first;
        private final List<Transaction> added = new ArrayList<>();
        private Map<Hash, Long> sequences = new HashMap<>();
        private final Map<Hash, List<Long>> scoped = new HashMap<>();
        private int mapped;
        private int kept;

        Additions(OpenChain chain) {
            this.chain = chain;
            this.first = chain.nextSequence();
        }

        /** Where a transaction is in the log, in the store or by this group. */
        public Optional<Long> sequence(Hash id) {
            Long here = sequences().get(id);
            return here != null ? Optional.of(here) : chain.log().sequence(id);
        }

        /** The entries of a scope, in the store or by this group, in order. */
        public List<Long> scoped(Hash scope) {
            List<Long> entries = walk().entries(scope);
            entries.addAll(scoped.getOrDefault(scope, List.of()));
            return entries;
        }

        /** The transaction of a scope in the history that a fork has of its ancestors. */
        Optional<Transaction> inherited(Hash scope) {
            if (chain.parentHistory().isEmpty()) {
                return Optional.empty();
            }
            InheritedKeys keys = inheritedKeys.orElseGet(() -> new InheritedKeys(store, chain));
            inheritedKeys = Optional.of(keys);
            return keys.find(scope);
        }

        /** Filled when somebody asks, as nobody does for most quants and for what is fresh. */
        private Map<Hash, Long> sequences() {
            if (sequences.isEmpty()) {
                sequences = new HashMap<>(added.size() + added.size() / 2);
            }
            for (; mapped < added.size(); mapped++) {
                sequences.putIfAbsent(added.get(mapped).id(), first + mapped);
            }
            return sequences;
        }

        /** Whether this group adds entries already that came without a quant. */
        public boolean grown() {
            return kept > 0;
        }

        /** The transaction at a place in the log, in the store or by this group. */
        public Transaction transaction(long sequence) {
            return sequence < first ? chain.log().transaction(sequence) : added.get(Math.toIntExact(sequence - first));
        }

        /** Adds an entry to the log that came without a quant, and gives its sequence number. */
        long append(Transaction transaction, Optional<Hash> scope) {
            kept++;
            return supply(transaction, scope);
        }

        /** As {@link #append}, for an entry that comes with a quant. */
        public long supply(Transaction transaction, Optional<Hash> scope) {
            long sequence = add(transaction);
            scope.ifPresent(hash -> {
                put(ColumnFamily.KEYS, StoreKeys.scoped(chain.number(), hash, sequence), new byte[0]);
                scoped.computeIfAbsent(hash, none -> new ArrayList<>()).add(sequence);
            });
            return sequence;
        }

        private long add(Transaction transaction) {
            long sequence = first + added.size();
            added.add(transaction);
            put(ColumnFamily.LOG, StoreKeys.numbered(chain.number(), sequence), LogEntry.value(transaction));
            return sequence;
        }

        /** Puts the ids in their order, as the store takes in neighbours faster than keys that jump. */
        private void index() {
            int size = added.size();
            // Sorted as plain numbers: the front of the id, and behind it the place in the list.
            long places = (Long.highestOneBit(Math.max(1, size)) << 1) - 1;
            long[] order = new long[size];
            for (int i = 0; i < size; i++) {
                order[i] = ((added.get(i).id().a() ^ Long.MIN_VALUE) & ~places) | i;
            }
            Arrays.sort(order);
            for (long each : order) {
                int i = (int) (each & places);
                put(
                        ColumnFamily.IDS,
                        StoreKeys.hashed(chain.number(), added.get(i).id()),
                        StoreKeys.number(first + i));
            }
        }

        private void adopt() {
            chain.adopt(first + added.size(), chain.kept() + kept);
        }

        /** Most groups have no keys to look for, and an iterator costs more than an entry. */
        private ScopeWalk walk() {
            ScopeWalk walk = scopes.orElseGet(() -> new ScopeWalk(store, chain.number()));
            scopes = Optional.of(walk);
            return walk;
        }

        private void close() {
            scopes.ifPresent(ScopeWalk::close);
            inheritedKeys.ifPresent(InheritedKeys::close);
        }
    }
}
