package io.qbc.persistence.analytics;

import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Grain;
import io.qbc.ledger.analytics.Tally;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Decoder;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.persistence.analytics.RollupKeys.Row;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The tallies of some quants that follow each other, before they are added to those of the store or taken away. */
final class RollupPiece implements AutoCloseable {
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final Store store;
    private final OpenChain chain;
    private final Names names;
    private final Map<Row, Tally> tallies = new HashMap<>();
    private final byte[] buffer = new byte[LogEntry.HEAD_BYTES];
    private Optional<SequenceScan> entries = Optional.empty();
    private int entriesOf;
    private long transactions;
    private long finalHeight;
    private long finalTime;

    RollupPiece(Store store, OpenChain chain, Names names) {
        this.store = store;
        this.chain = chain;
        this.names = names;
    }

    /** How many transactions it has. */
    long transactions() {
        return transactions;
    }

    Names names() {
        return names;
    }

    /** What there is to change, by where it stands. */
    Map<Row, Tally> tallies() {
        return tallies;
    }

    /** Counts a quant. A genesis quant came with the chain, and says nothing of who uses it. */
    void count(QuantRecord quant) {
        if (quant.header().isGenesis()) {
            return;
        }
        transactions += quant.header().count();
        Map<Name, Tally> found = new HashMap<>();
        found.put(Name.ALL, new Tally());
        finality(quant).ifPresent(found.get(Name.ALL)::lag);
        SequenceScan log = log(chain.owner(quant.height()).number());
        for (LogRange range : quant.logRanges()) {
            boolean here = log.seek(range.from());
            for (long at = range.from(); at < range.end(); at++) {
                if (!here || log.number() != at) {
                    throw StoreException.corrupt("log entry " + at + " is not there");
                }
                int size = log.value(buffer);
                count(found, body(at, size), size - Hash.BYTES, quant.header().timestamp());
                here = log.next();
            }
        }
        found.forEach((name, tally) -> {
            tally.quant();
            for (Grain grain : Grain.values()) {
                long span = grain.number(quant.header().timestamp());
                Row row = new Row(grain, name.by(), span, name.number());
                tallies.computeIfAbsent(row, none -> new Tally()).add(tally);
            }
        });
    }

    /** How old the newest final quant was as this one came; nothing where none was final by the engine. */
    private OptionalLong finality(QuantRecord quant) {
        if (quant.finality() == 0) {
            return OptionalLong.empty();
        }
        if (finalHeight != quant.finality()) {
            Hash hash = chain.quants()
                    .at(quant.finality())
                    .orElseThrow(() -> StoreException.corrupt("quant " + quant.finality() + " is not there"));
            finalTime = chain.quants().known(hash).header().timestamp();
            finalHeight = quant.finality();
        }
        return OptionalLong.of(quant.header().timestamp() - finalTime);
    }

    /** A walk over a log; mostly all quants of a piece have theirs in one. */
    private SequenceScan log(int number) {
        if (entries.isEmpty() || entriesOf != number) {
            close();
            entries = Optional.of(SequenceScan.sweep(store, ColumnFamily.LOG, number));
            entriesOf = number;
        }
        return entries.orElseThrow();
    }

    @Override
    public void close() {
        entries.ifPresent(SequenceScan::close);
        entries = Optional.empty();
    }

    /** What a tally of a quant is about. */
    private record Name(Breakdown by, int number) {
        static final Name ALL = new Name(Breakdown.NONE, 0);
    }

    private void count(Map<Name, Tally> found, Body body, int size, long quantTime) {
        long wait = quantTime - body.timestamp();
        found.get(Name.ALL).transaction(size, wait);
        tally(found, Breakdown.TYPE, body.type()).transaction(size, wait);
        tally(found, Breakdown.AUTHOR, body.author()).transaction(size, wait);
    }

    private Tally tally(Map<Name, Tally> found, Breakdown by, Bytes name) {
        return found.computeIfAbsent(new Name(by, names.number(by, name)), none -> new Tally());
    }

    private Body body(long sequence, int size) {
        int head = Math.min(size, buffer.length);
        if (head <= Hash.BYTES) {
            throw StoreException.corrupt("log entry " + sequence + " is too short");
        }
        Decoder in = new Decoder(Bytes.wrap(buffer, Hash.BYTES, head - Hash.BYTES));
        Bytes body = in.bytes(BODY_BYTES_MAX);
        return Optional.of(body)
                .filter(bytes -> !in.failed())
                .flatMap(Canonical::body)
                .orElseThrow(() -> StoreException.corrupt("log entry " + sequence + " has no body"));
    }
}
