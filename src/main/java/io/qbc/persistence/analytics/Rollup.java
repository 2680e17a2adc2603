package io.qbc.persistence.analytics;

import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.store.StoreThread;
import io.qbc.persistence.write.PlainWrite;
import io.qbc.persistence.write.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A roll-up of each chain by minute, hour and day, which follows its head on a thread of its own. A row says up to
 * which quant it is made, and is written with the tallies: after a restart it goes on there, and when the chain goes
 * another way, the quants that left are taken away again. Where that cannot be told any more, it begins anew.
 */
public final class Rollup {
    private static final Logger LOG = LoggerFactory.getLogger(Rollup.class);
    private static final int PIECE_QUANTS = 1000;
    private static final int PIECE_TRANSACTIONS = 20_000;
    /** The start of a node is not held up. */
    private static final long BEGIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Store store;
    private final WritePort writePort;
    private final OpenChains openChains;
    private final Duration period;
    private final Map<Integer, RollupProgress> reached = new ConcurrentHashMap<>();
    private final Set<Integer> unreadable = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, work -> StoreThread.of("store-rollup", work));

    /** @param period how often it is looked whether something came; zero for never */
    public Rollup(Store store, WritePort writePort, OpenChains openChains, Duration period) {
        this.store = store;
        this.writePort = writePort;
        this.openChains = openChains;
        this.period = period;
    }

    public void start() {
        if (isOn()) {
            schedule(Math.min(BEGIN_NANOS, period.toNanos()));
        }
    }

    public boolean isOn() {
        return !period.isZero();
    }

    /** How many quants of all chains are not in it yet. */
    public long behind() {
        return isOn()
                ? openChains.all().stream()
                        .mapToLong(chain -> Math.max(
                                0, chain.tip().head().height() - reached(chain).height()))
                        .sum()
                : 0;
    }

    /** Stops between two pieces; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        thread.shutdownNow();
        return thread.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void schedule(long nanos) {
        try {
            var unusedRound = thread.schedule(this::guarded, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the roll-up was stopped", e);
        }
    }

    private void guarded() {
        long since = System.nanoTime();
        boolean more = false;
        try {
            more = round();
        } catch (RuntimeException e) {
            LOG.error("the roll-up has a fault, and goes on", e);
        }
        // Half of a core at most, while it has much to catch up with.
        schedule(more ? System.nanoTime() - since : period.toNanos());
    }

    /** One piece of each chain that has moved; whether one of them has more. */
    private boolean round() {
        boolean more = false;
        for (OpenChain chain : List.copyOf(openChains.all())) {
            if (!writePort.writable() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            boolean moved = !unreadable.contains(chain.number()) && !isReached(chain);
            more |= moved && piece(chain);
        }
        return more;
    }

    private RollupProgress reached(OpenChain chain) {
        return reached.computeIfAbsent(
                chain.number(), number -> RollupProgress.read(store, number).orElse(RollupProgress.NONE));
    }

    private boolean isReached(OpenChain chain) {
        return reached(chain).hash().equals(chain.tip().head().hash());
    }

    private boolean piece(OpenChain chain) {
        try {
            boolean done = follow(chain);
            return done && !isReached(chain);
        } catch (StoreException e) {
            if (!chain.closed()) {
                unreadable.add(chain.number());
                chain.metDamage().met(e);
                LOG.error(
                        "the roll-up of the chain {} cannot be made until the node starts again",
                        chain.spec().name(),
                        e);
            }
            return false;
        }
    }

    /** Takes a step towards the head; false if it was not written. */
    boolean follow(OpenChain chain) {
        RollupProgress from = reached(chain);
        if (from.height() < 0
                && store.get(ColumnFamily.ROLLUP, RollupKeys.progress(chain.number()))
                        .isPresent()) {
            return anew(chain, "another version made it");
        }
        try (RollupPiece piece = new RollupPiece(store, chain, Names.read(store, chain.number()))) {
            boolean left = from.height() >= 0 && !isPresent(chain, from);
            return left ? undo(chain, from, piece) : add(chain, from, piece);
        }
    }

    private boolean add(OpenChain chain, RollupProgress from, RollupPiece piece) {
        RollupProgress to = from;
        List<QuantRecord> quants = next(chain, from);
        for (QuantRecord quant : quants) {
            piece.count(quant);
            to = new RollupProgress(quant.height(), quant.hash());
            if (piece.transactions() >= PIECE_TRANSACTIONS) {
                break;
            }
        }
        return !quants.isEmpty() && write(chain, Change.of(store, chain.number(), piece, true), to);
    }

    /** Quants behind this one, each on the one before; if the chain goes another way meanwhile, fewer. */
    private static List<QuantRecord> next(OpenChain chain, RollupProgress from) {
        List<QuantRecord> quants = new ArrayList<>();
        Hash before = from.hash();
        long transactions = 0;
        long height = from.height() + 1;
        Optional<Hash> at = chain.quants().at(height);
        while (at.isPresent() && quants.size() < PIECE_QUANTS && transactions < PIECE_TRANSACTIONS) {
            QuantRecord quant = chain.quants().known(at.get());
            if (!quant.header().isGenesis() && !quant.header().previous().equals(before)) {
                break;
            }
            quants.add(quant);
            transactions += quant.header().count();
            before = quant.hash();
            height++;
            at = chain.quants().at(height);
        }
        return quants;
    }

    private static boolean isPresent(OpenChain chain, RollupProgress progress) {
        return chain.quants()
                .at(progress.height())
                .filter(progress.hash()::equals)
                .isPresent();
    }

    /** Takes quants away that left the chain, the newest first. */
    private boolean undo(OpenChain chain, RollupProgress from, RollupPiece piece) {
        RollupProgress to = from;
        for (int i = 0; i < PIECE_QUANTS && to.height() >= 0 && !isPresent(chain, to); i++) {
            Optional<QuantRecord> gone = chain.quants().find(to.hash());
            if (gone.isEmpty()) {
                return anew(chain, "what left it is no longer there");
            }
            piece.count(gone.get());
            to = new RollupProgress(to.height() - 1, gone.get().header().previous());
        }
        Change change = Change.of(store, chain.number(), piece, false);
        return change.isSound() ? write(chain, change, to) : anew(chain, "it does not fit what left it");
    }

    private boolean write(OpenChain chain, Change change, RollupProgress to) {
        if (!change.isSound()) {
            return anew(chain, "a row of it is damaged");
        }
        Optional<Refusal> refusal = PlainWrite.through(writePort, group -> {
            // What is dropped meanwhile must leave nothing behind.
            if (!chain.closed()) {
                change.puts().forEach((key, value) -> group.put(ColumnFamily.ROLLUP, key.array(), value));
                change.deletes().forEach(key -> group.delete(ColumnFamily.ROLLUP, key.array()));
                group.put(ColumnFamily.ROLLUP, RollupKeys.progress(chain.number()), to.encode());
            }
        });
        if (refusal.isEmpty()) {
            reached.put(chain.number(), to);
        }
        return refusal.isEmpty();
    }

    private boolean anew(OpenChain chain, String why) {
        LOG.warn("the roll-up of the chain {} is made anew: {}", chain.spec().name(), why);
        int number = chain.number();
        Optional<Refusal> refusal = PlainWrite.through(
                writePort,
                group -> group.delete(ColumnFamily.ROLLUP, StoreKeys.begin(number), StoreKeys.begin(number + 1)));
        if (refusal.isEmpty()) {
            reached.put(number, RollupProgress.NONE);
        }
        return refusal.isEmpty();
    }
}
