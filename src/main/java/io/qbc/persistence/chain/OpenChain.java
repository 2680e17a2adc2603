package io.qbc.persistence.chain;

import io.qbc.bus.Failure;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EquivocationDetector;
import io.qbc.consensus.engine.Evidence;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One chain of an open store: its rules, where it stands, and how to read it. Each moving part has one writer. */
public final class OpenChain {
    private final Store store;
    private final int number;
    private final ChainSpec spec;
    private final Hash id;
    private final Rules rules;
    private final Optional<ParentHistory> parentHistory;
    private final Log log;
    private final LogTailCache logTailCache;
    private final Quants quants;
    private final MetDamage metDamage;
    private final IndexState indexState;
    private volatile Optional<TransactionRules> transactionRules = Optional.empty();
    private volatile List<OpenChain> forks = List.of();
    private volatile Tip tip;
    private volatile long agreed;
    private volatile long turns;
    private volatile long watermark;
    private volatile boolean frozen;
    private volatile boolean closed;
    private Optional<EquivocationDetector> equivocationDetector = Optional.empty();
    private volatile long nextSequence;
    /** No quant aside is below this height; confined to the commit thread. */
    private long lowestAside;

    private volatile long kept;

    /**
     * One instance.
     *
     * @param start where the chain stands as it is opened
     */
    public OpenChain(
            Store store,
            LogTailCache logTailCache,
            int number,
            ChainSpec spec,
            Rules rules,
            Optional<ParentHistory> parentHistory,
            Start start) {
        this.store = store;
        this.number = number;
        this.spec = spec;
        this.id = spec.id();
        this.rules = rules;
        this.parentHistory = parentHistory;
        this.log = new Log(store, number);
        this.logTailCache = logTailCache;
        this.quants = new Quants(store, number, parentHistory);
        this.metDamage = new MetDamage(spec.name());
        this.indexState = IndexState.read(store, number);
        this.tip = start.tip();
        this.agreed =
                Math.max(start.agreed(), rules.engine().finality(start.tip().parent()));
        this.watermark = start.watermark();
        this.nextSequence = start.nextSequence();
        this.frozen = start.frozen();
    }

    /** What quants and transactions of the chain are judged by; rules of data are made at their first use. */
    public record Rules(Engine engine, QuantRules quants, Supplier<TransactionRules> transactions) {}

    /**
     * Where it stands.
     *
     * @param tip its head
     * @param agreed the highest height that its engine ever called final here
     * @param watermark the lowest entry of the log that may wait
     * @param nextSequence the sequence number of the next entry
     * @param frozen whether writes are stopped
     */
    public record Start(Tip tip, long agreed, long watermark, long nextSequence, boolean frozen) {}

    /** Its number in the store's keys. */
    public int number() {
        return number;
    }

    public ChainSpec spec() {
        return spec;
    }

    public Hash id() {
        return id;
    }

    /** The height of its genesis quant. */
    public long base() {
        return parentHistory.map(shared -> shared.point() + 1).orElse(0L);
    }

    /** What a fork shares with its parent. */
    public Optional<ParentHistory> parentHistory() {
        return parentHistory;
    }

    /** The chain in whose log the transactions of the quant at a height are. */
    public OpenChain owner(long height) {
        return height >= base() ? this : parentHistory.orElseThrow().parent().owner(height);
    }

    /** The chains that have a part of this one's history as theirs; changed by the commit thread alone. */
    public List<OpenChain> forks() {
        return forks;
    }

    public void join(OpenChain fork) {
        List<OpenChain> more = new ArrayList<>(forks);
        more.add(fork);
        forks = List.copyOf(more);
    }

    public void leave(OpenChain fork) {
        forks = forks.stream().filter(other -> other != fork).toList();
    }

    public Engine engine() {
        return rules.engine();
    }

    public QuantRules quantRules() {
        return rules.quants();
    }

    public TransactionRules transactionRules() {
        Optional<TransactionRules> made = transactionRules;
        if (made.isEmpty()) {
            made = Optional.of(rules.transactions().get());
            transactionRules = made;
        }
        return made.get();
    }

    public Log log() {
        return log;
    }

    /** Gives the heads of all entries of these runs, as far as possible without a look at the disk. */
    public void heads(List<LogRange> logRanges, Consumer<LogEntry> each) {
        logTailCache.heads(number, log, logRanges, each);
    }

    /** Notes an entry that is in the log and synced, for {@link #heads}; by the writer alone. */
    public void remember(LogEntry entry) {
        logTailCache.add(number, entry);
    }

    /** Lets go of what was noted; once nothing is written to the log any more. */
    public void forget() {
        logTailCache.forget(number);
    }

    public Quants quants() {
        return quants;
    }

    /** How far its index is made. */
    public IndexState indexState() {
        return indexState;
    }

    /** The damage that was met while the chain was open. */
    public MetDamage metDamage() {
        return metDamage;
    }

    public Tip tip() {
        return tip;
    }

    /** Moves the head; by the writer, after the sync. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public // The writer alone writes it.
    void move(Tip to) {
        if (!to.head().header().previous().equals(tip.head().hash())) {
            turns++;
        }
        tip = to;
        agreed = agreed(to);
    }

    /**
     * The highest height that the engine ever called final on this node. A heavier branch may show less of it than the
     * one before, and takes nothing of it back.
     */
    public long agreed() {
        return agreed;
    }

    /** The same once this is the head. */
    public long agreed(Tip next) {
        return Math.max(agreed, rules.engine().finality(next.parent()));
    }

    /** The height that cannot revert while this is the head: final at any time before, or pinned. */
    public long finality(Tip head) {
        return Math.max(agreed, rules.quants().finality(head));
    }

    /** A height below which no quant is aside; by the commit thread alone. */
    public long lowestAside() {
        return lowestAside;
    }

    public void lowestAside(long height) {
        lowestAside = height;
    }

    /** While it stays, the chain only grew: what had a place in it has that place still. */
    public long turns() {
        return turns;
    }

    /** Whether writes are stopped on this node. */
    public boolean frozen() {
        return frozen;
    }

    public void freeze(boolean stopped) {
        frozen = stopped;
    }

    /** Whether the chain was dropped; what still refers to it then finds nothing. */
    public boolean closed() {
        return closed;
    }

    public void requireOpen() {
        if (closed) {
            throw new Failure(Reason.CHAIN_UNKNOWN, "the chain " + id + " was dropped");
        }
    }

    public void close() {
        closed = true;
    }

    /** What a valid quant proves of its producer together with an earlier one; by the commit thread alone. */
    public Optional<Evidence> watch(CompactQuant quant) {
        if (rules.engine().slot(quant.header()) < 0) {
            return Optional.empty();
        }
        if (equivocationDetector.isEmpty()) {
            equivocationDetector = Optional.of(new EquivocationDetector(rules.engine()));
            quants.last(base(), tip.head().height()).forEach(equivocationDetector.get()::see);
        }
        return equivocationDetector.get().see(quant);
    }

    /** Whether an entry of the log has a place in the present chain. */
    public boolean isPlaced(long sequence) {
        try (PlacementIndex placementIndex = new PlacementIndex(store, number)) {
            return placementIndex.of(sequence).isPresent();
        }
    }

    /** The lowest entry that may still wait. */
    public long watermark() {
        return watermark;
    }

    /** Sets the watermark; while the commit thread works or waits for the writer. */
    public void watermark(long sequence) {
        watermark = sequence;
    }

    /** The next entry's sequence number; set by the writer alone. */
    public long nextSequence() {
        return nextSequence;
    }

    /** How many entries came without a quant since the store was opened. While it stays, only quants brought some. */
    public long kept() {
        return kept;
    }

    /** Entries were appended to the log; by the writer alone. */
    public void adopt(long next, long keptInAll) {
        nextSequence = next;
        kept = keptInAll;
    }
}
