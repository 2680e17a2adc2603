package io.qbc.persistence;

import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;

/** One chain of an open store: its rules, where it stands, and how to read it. Each moving part has one writer. */
final class OpenChain {
    private final Store store;
    private final int number;
    private final ChainSpec spec;
    private final Hash id;
    private final QuantRules quantRules;
    private final TransactionRules transactionRules;
    private final Log log;
    private final Quants quants;
    private volatile Tip tip;
    private volatile long watermark;
    private volatile long nextSequence;

    /** @param start where the chain stands as it is opened */
    OpenChain(Store store, int number, ChainSpec spec, Rules rules, Start start) {
        this.store = store;
        this.number = number;
        this.spec = spec;
        this.id = spec.id();
        this.quantRules = rules.quants();
        this.transactionRules = rules.transactions();
        this.log = new Log(store, number);
        this.quants = new Quants(store, number);
        this.tip = start.tip();
        this.watermark = start.watermark();
        this.nextSequence = start.nextSequence();
    }

    /** What quants and transactions of the chain are judged by. */
    record Rules(QuantRules quants, TransactionRules transactions) {}

    /** Head, lowest entry that may wait, and the sequence number of the next entry. */
    record Start(Tip tip, long watermark, long nextSequence) {}

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

    QuantRules quantRules() {
        return quantRules;
    }

    TransactionRules transactionRules() {
        return transactionRules;
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

    /** The next entry's sequence number; set by the writer alone. While it stays, nothing came into the log. */
    long nextSequence() {
        return nextSequence;
    }

    void nextSequence(long sequence) {
        nextSequence = sequence;
    }
}
