package io.qbc.persistence.chain;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Transaction;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads one chain's transaction log. */
public final class Log {
    private static final int LOOKUPS_MAX = 1024;
    private static final int VALUES_BYTES = 32 * 1024;

    private final Store store;
    private final int chain;

    Log(Store store, int chain) {
        this.store = store;
        this.chain = chain;
    }

    /** Where a transaction is in the log. */
    public Optional<Long> sequence(Hash id) {
        return store.get(ColumnFamily.IDS, StoreKeys.hashed(chain, id)).map(LogEntry::sequence);
    }

    /** Where transactions are in the log, in order; 0 for one that is not there. */
    public long[] sequences(List<Hash> ids) {
        long[] sequences = new long[ids.size()];
        for (int from = 0; from < sequences.length; from += LOOKUPS_MAX) {
            List<Hash> some = ids.subList(from, Math.min(sequences.length, from + LOOKUPS_MAX));
            List<byte[]> keys = new ArrayList<>(some.size());
            some.forEach(id -> keys.add(StoreKeys.hashed(chain, id)));
            List<byte[]> found = store.gets(ColumnFamily.IDS, keys);
            for (int i = 0; i < found.size(); i++) {
                sequences[from + i] = found.get(i).length == 0 ? 0 : LogEntry.sequence(found.get(i));
            }
        }
        return sequences;
    }

    /** The transaction at a place that is known to be in the log. */
    public Transaction transaction(long sequence) {
        byte[] value = store.get(ColumnFamily.LOG, StoreKeys.numbered(chain, sequence))
                .orElseThrow(() -> StoreException.corrupt("log entry " + sequence + " is not there"));
        return LogEntry.transaction(sequence, Bytes.wrap(value));
    }

    /** The transactions at those of these places that are not 0, in order; places that are known to be in the log. */
    public List<Transaction> transactions(long[] sequences) {
        List<Transaction> transactions = new ArrayList<>(sequences.length);
        List<byte[]> keys = new ArrayList<>(sequences.length);
        long[] present =
                Arrays.stream(sequences).filter(sequence -> sequence != 0).toArray();
        for (long sequence : present) {
            keys.add(StoreKeys.numbered(chain, sequence));
        }
        List<byte[]> values = keys.isEmpty() ? List.of() : store.gets(ColumnFamily.LOG, keys);
        for (int i = 0; i < present.length; i++) {
            // A value that is absent is empty, and an empty one is none of a transaction.
            transactions.add(LogEntry.transaction(present[i], Bytes.wrap(values.get(i))));
        }
        return transactions;
    }

    /** Reads the heads of all entries of these runs, one after the other. */
    public void heads(List<LogRange> logRanges, Consumer<LogEntry> each) {
        try (Heads heads = heads()) {
            logRanges.forEach(logRange -> heads.read(logRange.from(), logRange.end(), each));
        }
    }

    /** A walk forward over the heads of entries. */
    Heads heads() {
        return new Heads();
    }

    /** Reads heads as the log is when the first is asked for; used by one thread. */
    final class Heads implements AutoCloseable {
        private final byte[] buffer = new byte[LogEntry.HEAD_BYTES];
        private Optional<SequenceScan> walk = Optional.empty();

        /** Reads the heads of all entries from one on that are before {@code end}. */
        void read(long from, long end, Consumer<LogEntry> each) {
            if (from >= end) {
                return;
            }
            SequenceScan log = walk.orElseGet(() -> SequenceScan.sweep(store, ColumnFamily.LOG, chain));
            walk = Optional.of(log);
            log.seek(from);
            for (long at = from; at < end; at++) {
                require(log, at);
                each.accept(LogEntry.read(at, buffer, log.value(buffer)));
                log.next();
            }
        }

        @Override
        public void close() {
            walk.ifPresent(SequenceScan::close);
        }
    }

    /** The ids in these runs. */
    public List<Hash> ids(List<LogRange> logRanges) {
        List<Hash> ids = new ArrayList<>(LogRanges.count(logRanges));
        byte[] buffer = new byte[Hash.BYTES];
        try (SequenceScan log = new SequenceScan(store, ColumnFamily.LOG, chain)) {
            for (LogRange logRange : logRanges) {
                log.seek(logRange.from());
                for (long at = logRange.from(); at < logRange.end(); at++) {
                    require(log, at);
                    log.value(buffer);
                    ids.add(Hash.at(buffer, 0));
                    log.next();
                }
            }
        }
        return ids;
    }

    /** All transactions of these runs. */
    public List<Transaction> transactions(List<LogRange> logRanges) {
        return transactions(logRanges, 0, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /** Transactions of these runs from an offset on, at least one, up to so many and about so many bytes. */
    public List<Transaction> transactions(List<LogRange> logRanges, int offset, int countMax, long bytesMax) {
        List<Transaction> transactions = new ArrayList<>();
        long bytes = 0;
        long skip = offset;
        Values values = new Values();
        try (SequenceScan log = SequenceScan.sweep(store, ColumnFamily.LOG, chain)) {
            for (LogRange logRange : logRanges) {
                if (skip >= logRange.count()) {
                    skip -= logRange.count();
                    continue;
                }
                long at = logRange.from() + skip;
                skip = 0;
                log.seek(at);
                require(log, at);
                while (true) {
                    Transaction transaction = LogEntry.transaction(at, values.next(log));
                    transactions.add(transaction);
                    bytes += transaction.encoded().size();
                    if (at + 1 == logRange.end() || bytes >= bytesMax || transactions.size() >= countMax) {
                        break;
                    }
                    log.step();
                    at++;
                }
                // Keys only grow: if the first and the last are in their places, so are those between.
                log.settle();
                require(log, at);
                if (bytes >= bytesMax || transactions.size() >= countMax) {
                    return transactions;
                }
            }
        }
        return transactions;
    }

    private static void require(SequenceScan log, long sequence) {
        if (!log.here() || log.number() != sequence) {
            throw StoreException.corrupt("log entry " + sequence + " is not there");
        }
    }

    /** Values one behind the other in a few arrays; a view keeps its whole array in memory, so they are not large. */
    private static final class Values {
        private byte[] array = new byte[VALUES_BYTES];
        private int used;

        Bytes next(SequenceScan log) {
            int size = log.value(array, used);
            if (size > array.length - used) {
                array = new byte[Math.max(VALUES_BYTES, size)];
                used = 0;
                log.value(array, used);
            }
            used += size;
            return Bytes.wrap(array, used - size, size);
        }
    }
}
