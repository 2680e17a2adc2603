package io.qbc.persistence;

import io.qbc.bus.Failure;
import io.qbc.consensus.Engine;
import io.qbc.consensus.Evidence;
import io.qbc.consensus.Watch;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One chain of an open store: its rules, where it stands, and how to read it. Each moving part has one writer. */
final class OpenChain {
    private final Store store;
    private final int number;
    private final ChainSpec spec;
    private final Hash id;
    private final Rules rules;
    private final Optional<Past> past;
    private final Log log;
    private final Quants quants;
    private volatile Optional<TransactionRules> transactionRules = Optional.empty();
    private volatile List<OpenChain> forks = List.of();
    private volatile Tip tip;
    private volatile long watermark;
    private volatile boolean frozen;
    private volatile boolean closed;
    private Optional<Watch> watch = Optional.empty();
    private volatile long nextSequence;
    private volatile long kept;

    /** @param start where the chain stands as it is opened */
    OpenChain(Store store, int number, ChainSpec spec, Rules rules, Optional<Past> past, Start start) {
        this.store = store;
        this.number = number;
        this.spec = spec;
        this.id = spec.id();
        this.rules = rules;
        this.past = past;
        this.log = new Log(store, number);
        this.quants = new Quants(store, number, past);
        this.tip = start.tip();
        this.watermark = start.watermark();
        this.nextSequence = start.nextSequence();
        this.frozen = start.frozen();
    }

    /** What quants and transactions of the chain are judged by; rules of data are made at their first use. */
    record Rules(Engine engine, QuantRules quants, Supplier<TransactionRules> transactions) {}

    /** Head, lowest entry that may wait, the sequence number of the next entry, and whether writes are stopped. */
    record Start(Tip tip, long watermark, long nextSequence, boolean frozen) {}

    /** Its number in the store's keys. */
    int number() {
        return number;
    }

    ChainSpec spec() {
        return spec;
    }

    Hash id() {
        return id;
    }

    /** The height of its genesis quant. */
    long base() {
        return past.map(shared -> shared.point() + 1).orElse(0L);
    }

    /** What a fork shares with its parent. */
    Optional<Past> past() {
        return past;
    }

    /** The chain in whose log the transactions of the quant at a height are. */
    OpenChain home(long height) {
        return height >= base() ? this : past.orElseThrow().parent().home(height);
    }

    /** The chains that have a part of this one's history as theirs; changed by the ledger alone. */
    List<OpenChain> forks() {
        return forks;
    }

    void join(OpenChain fork) {
        List<OpenChain> more = new ArrayList<>(forks);
        more.add(fork);
        forks = List.copyOf(more);
    }

    void leave(OpenChain fork) {
        forks = forks.stream().filter(other -> other != fork).toList();
    }

    Engine engine() {
        return rules.engine();
    }

    QuantRules quantRules() {
        return rules.quants();
    }

    TransactionRules transactionRules() {
        Optional<TransactionRules> made = transactionRules;
        if (made.isEmpty()) {
            made = Optional.of(rules.transactions().get());
            transactionRules = made;
        }
        return made.get();
    }

    Log log() {
        return log;
    }

    Quants quants() {
        return quants;
    }

    Tip tip() {
        return tip;
    }

    /** Moves the head; by the writer, after the sync. */
    void move(Tip to) {
        tip = to;
    }

    /** Whether writes are stopped on this node. */
    boolean frozen() {
        return frozen;
    }

    void freeze(boolean stopped) {
        frozen = stopped;
    }

    /** Whether the chain was dropped; what still refers to it then finds nothing. */
    boolean closed() {
        return closed;
    }

    void requireOpen() {
        if (closed) {
            throw new Failure(Reason.CHAIN_UNKNOWN, "the chain " + id + " was dropped");
        }
    }

    void close() {
        closed = true;
    }

    /** What a valid quant proves of its producer together with an earlier one; by the ledger alone. */
    Optional<Evidence> watch(Outline quant) {
        if (rules.engine().slot(quant.header()) < 0) {
            return Optional.empty();
        }
        if (watch.isEmpty()) {
            watch = Optional.of(new Watch(rules.engine()));
            quants.last(base(), tip.head().height()).forEach(watch.get()::see);
        }
        return watch.get().see(quant);
    }

    /** Whether an entry of the log has a place in the present chain. */
    boolean isPlaced(long sequence) {
        try (Placements placements = new Placements(store, number)) {
            return placements.of(sequence).isPresent();
        }
    }

    /** The lowest entry that may still wait. */
    long watermark() {
        return watermark;
    }

    /** Sets the watermark; while the ledger works or waits for the writer. */
    void mark(long sequence) {
        watermark = sequence;
    }

    /** The next entry's sequence number; set by the writer alone. */
    long nextSequence() {
        return nextSequence;
    }

    /** How many entries came without a quant since the store was opened. While it stays, only quants brought some. */
    long kept() {
        return kept;
    }

    /** Entries were appended to the log; by the writer alone. */
    void adopt(long next, long keptInAll) {
        nextSequence = next;
        kept = keptInAll;
    }
}
