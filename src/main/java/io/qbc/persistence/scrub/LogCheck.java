package io.qbc.persistence.scrub;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.ledger.Scope;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.InheritedKeys;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.chain.ScopeWalk;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks every entry of one chain's log: its own rules, and what the other spaces say about it. */
final class LogCheck {
    private static final int BATCH_ENTRIES = 512;

    private final Store store;
    private final OpenChain chain;
    private final CheckTally tally;
    private final List<Transaction> batch = new ArrayList<>(BATCH_ENTRIES);

    LogCheck(Store store, OpenChain chain, CheckTally tally) {
        this.store = store;
        this.chain = chain;
        this.tally = tally;
    }

    /** Checks the whole log, and what stands superseded in it. */
    void run() {
        for (OptionalLong next = OptionalLong.of(1); next.isPresent(); ) {
            next = piece(next.getAsLong(), Long.MAX_VALUE);
        }
        supersessions();
    }

    /** Checks about so many bytes of entries from this one on; gives where to go on, or nothing at the log's end. */
    OptionalLong piece(long from, long bytesMax) {
        long expected = from;
        long bytes = 0;
        boolean more;
        try (SequenceScan log = SequenceScan.sweep(store, ColumnFamily.LOG, chain.number());
                PlacementIndex placementIndex = new PlacementIndex(store, chain.number());
                ScopeWalk scopes = new ScopeWalk(store, chain.number());
                InheritedKeys inherited = new InheritedKeys(store, chain)) {
            for (log.seek(from); log.here() && bytes < bytesMax; log.next()) {
                if (log.number() != expected) {
                    settleIndex(expected);
                    tally.find(-1, "the log goes from entry " + (expected - 1) + " to " + log.number());
                    expected = log.number();
                }
                byte[] value = log.value();
                bytes += value.length;
                Transaction transaction = LogEntry.transaction(expected, Bytes.wrap(value));
                check(transaction, expected, placementIndex.of(expected), scopes);
                Scope.of(transaction)
                        .flatMap(inherited::find)
                        .ifPresent(other -> tally.find(
                                -1, "has the author and key of one before the fork: transaction " + transaction.id()));
                index(transaction, expected++);
                tally.transaction();
            }
            more = log.here();
        }
        settleIndex(expected);
        tally.read(bytes);
        return more ? OptionalLong.of(expected) : OptionalLong.empty();
    }

    private void check(Transaction transaction, long sequence, Optional<Placed> placed, ScopeWalk scopes) {
        long height = placed.map(Placed::height).orElse(-1L);
        chain.transactionRules()
                .check(transaction)
                .ifPresent(refusal -> tally.find(height, refusal.reason().code() + ": " + refusal.detail()));
        Optional<Hash> standing = store.get(ColumnFamily.SUPERSEDED, StoreKeys.numbered(chain.number(), sequence))
                .map(Quants::hash);
        if (placed.isPresent() && standing.isPresent()) {
            tally.find(height, "in the chain and superseded at once: transaction " + transaction.id());
        }
        if (placed.isEmpty() && standing.isEmpty() && sequence < chain.watermark()) {
            tally.find(-1, "waits below the watermark: transaction " + transaction.id());
        }
        Scope.of(transaction).ifPresent(scope -> scope(transaction, sequence, scopes.entries(scope)));
    }

    /** Of one author and key, one at most is in the chain, and then all others are superseded. */
    private void scope(Transaction transaction, long sequence, List<Long> entries) {
        tally.require(entries.contains(sequence), -1, "not under its author and key: transaction", transaction.id());
        if (entries.size() > 1 && entries.get(0) == sequence) {
            long placed = entries.stream().filter(chain::isPlaced).count();
            long superseded = entries.stream()
                    .filter(entry -> store.get(ColumnFamily.SUPERSEDED, StoreKeys.numbered(chain.number(), entry))
                            .isPresent())
                    .count();
            boolean sound = placed == 0 ? superseded == 0 : placed == 1 && superseded == entries.size() - 1;
            tally.require(sound, -1, "others of the same author and key contradict transaction", transaction.id());
        }
    }

    private void index(Transaction transaction, long sequence) {
        batch.add(transaction);
        if (batch.size() == BATCH_ENTRIES) {
            settleIndex(sequence + 1);
        }
    }

    private void settleIndex(long next) {
        List<Hash> ids = batch.stream().map(Transaction::id).toList();
        long[] sequences = chain.log().sequences(ids);
        for (int i = 0; i < sequences.length; i++) {
            boolean sound = sequences[i] == next - sequences.length + i;
            tally.require(sound, -1, "stands at another place than the index says: transaction", ids.get(i));
        }
        batch.clear();
    }

    private void supersessions() {
        try (SequenceScan rows = new SequenceScan(store, ColumnFamily.SUPERSEDED, chain.number())) {
            for (rows.seek(0); rows.here(); rows.next()) {
                Hash standing = Quants.hash(rows.value());
                boolean sound =
                        chain.log().sequence(standing).filter(chain::isPlaced).isPresent();
                tally.require(sound, -1, "supersedes another but is not in the chain: transaction", standing);
            }
        }
    }
}
