package io.qbc.persistence.index;

import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.IndexState;
import io.qbc.persistence.chain.IndexState.Progress;
import io.qbc.persistence.chain.IndexState.Times;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.chain.ParentHistory;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.PlainWrite;
import io.qbc.persistence.write.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills in the index of chains that are older than it, on a thread of its own that ends when all is done. What comes
 * to a chain meanwhile is written with its quants, so that only what was there when the chain was opened is left to do.
 */
public final class IndexFiller {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFiller.class);
    private static final int PIECE_QUANTS = 500;
    private static final int PIECE_TRANSACTIONS = 10_000;
    /** The start of a node is not held up. */
    private static final long BEGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final WritePort writePort;
    private final OpenChains openChains;
    private final Map<Integer, Long> ends = new HashMap<>();
    private final Set<Integer> unreadable = new HashSet<>();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, work -> {
        Thread made = new Thread(work, "store-index");
        made.setDaemon(true);
        return made;
    });

    public IndexFiller(WritePort writePort, OpenChains openChains) {
        this.writePort = writePort;
        this.openChains = openChains;
    }

    /** Begins, if there is something to do. */
    public void start() {
        if (chains().anyMatch(this::isDue)) {
            schedule(BEGIN_NANOS);
        } else {
            thread.shutdown();
        }
    }

    /** Stops between two pieces; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        thread.shutdownNow();
        return thread.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Which part of a chain its index has, for the chains whose index is not complete; for any thread. */
    public Map<Hash, Double> incomplete() {
        return List.copyOf(openChains.all()).stream()
                .filter(chain -> !chain.indexState().isComplete())
                .collect(Collectors.toMap(chain -> chain.spec().id(), IndexFiller::share));
    }

    private static double share(OpenChain chain) {
        Progress progress = chain.indexState().progress();
        long first = chain.parentHistory().map(ParentHistory::shared).orElse(-1L) + 1;
        long up = chain.tip().head().height() + 1;
        if (progress.complete() || up <= first) {
            return progress.complete() ? 1 : 0;
        }
        return Math.max(0, Math.min(1, (double) (progress.height() - first) / (up - first)));
    }

    private Stream<OpenChain> chains() {
        return Stream.concat(openChains.retained().stream(), List.copyOf(openChains.all()).stream());
    }

    private boolean isDue(OpenChain chain) {
        return !chain.indexState().isComplete() && !unreadable.contains(chain.number()) && !isGone(chain);
    }

    /** Whether nobody reads the chain any more; one that was dropped is still read by its forks. */
    private static boolean isGone(OpenChain chain) {
        return chain.closed() && chain.forks().isEmpty();
    }

    private void schedule(long nanos) {
        try {
            var unusedRound = thread.schedule(this::guarded, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the filling in of the index was stopped", e);
        }
    }

    private void guarded() {
        long since = System.nanoTime();
        try {
            for (OpenChain chain : chains().filter(this::isDue).toList()) {
                if (!writePort.writable() || Thread.currentThread().isInterrupted()) {
                    break;
                }
                piece(chain);
            }
        } catch (RuntimeException e) {
            LOG.error("the filling in of the index has a fault, and goes on", e);
        }
        if (chains().anyMatch(this::isDue)) {
            // Half of a core at most.
            schedule(writePort.writable() ? System.nanoTime() - since : BEGIN_NANOS);
        } else {
            thread.shutdown();
        }
    }

    private void piece(OpenChain chain) {
        try {
            // A fork's times go on from its parent's.
            if (parent(chain)
                    .map(OpenChain::indexState)
                    .map(IndexState::isComplete)
                    .orElse(true)) {
                fill(chain);
            }
        } catch (StoreException e) {
            if (!isGone(chain)) {
                unreadable.add(chain.number());
                chain.metDamage().met(e);
                LOG.error(
                        "the index of the chain {} cannot be made until the node starts again",
                        chain.spec().name(),
                        e);
            }
        }
    }

    private static Optional<OpenChain> parent(OpenChain chain) {
        return chain.parentHistory().map(ParentHistory::parent);
    }

    /** The height up to which the chain was when it was first seen; of a dropped one, what its forks have of it. */
    private long end(OpenChain chain) {
        return ends.computeIfAbsent(
                chain.number(),
                number -> chain.closed()
                        ? chain.forks().stream()
                                .flatMap(fork -> fork.parentHistory().stream())
                                .mapToLong(ParentHistory::point)
                                .max()
                                .orElse(-1)
                        : chain.tip().head().height());
    }

    private void fill(OpenChain chain) {
        IndexState state = chain.indexState();
        Progress from = state.progress().equals(Progress.NONE) ? begin(chain) : state.progress();
        long turns = state.turns();
        List<Postings> postings = new ArrayList<>();
        Times times = from.times();
        Optional<QuantRecord> last = Optional.empty();
        long height = from.height();
        long transactions = 0;
        long end = end(chain);
        while (height <= end && postings.size() < PIECE_QUANTS && transactions < PIECE_TRANSACTIONS) {
            Optional<Hash> hash = chain.quants().at(height);
            if (hash.isEmpty()) {
                // The chain is shorter than it was, and what comes to it brings its own rows.
                height = end + 1;
                break;
            }
            QuantRecord quant = chain.quants().known(hash.get());
            postings.add(Postings.read(chain, quant));
            transactions += quant.header().count();
            times = times.and(quant.header().timestamp());
            last = Optional.of(quant);
            height++;
        }
        write(chain, postings, new Progress(height > end, height, times), new Seen(turns, last));
    }

    private static Progress begin(OpenChain chain) {
        Times times = parent(chain)
                .map(parent -> parent.indexState().progress().times())
                .orElseGet(Progress.NONE::times);
        long shared = chain.parentHistory().map(ParentHistory::shared).orElse(-1L);
        return new Progress(false, shared + 1, times);
    }

    /**
     * The chain as the pieces were read.
     *
     * @param turns how often quants had left it before
     */
    private record Seen(long turns, Optional<QuantRecord> last) {
        /** Whether nothing left the chain since, as the writer sees it, who may have more on its way to the store. */
        boolean holds(OpenChain chain) {
            return chain.indexState().turns() == turns
                    && last.filter(quant -> !chain.quants().onChain(quant)).isEmpty();
        }
    }

    private void write(OpenChain chain, List<Postings> postings, Progress next, Seen seen) {
        boolean[] written = {false};
        Optional<Refusal> refusal = PlainWrite.through(writePort, group -> {
            written[0] = !isGone(chain) && seen.holds(chain);
            if (written[0]) {
                put(group, chain, postings, next);
            }
        });
        if (refusal.isEmpty() && written[0] && next.complete()) {
            chain.indexState().completed();
            LOG.info("the index of the chain {} is complete", chain.spec().name());
        }
    }

    private static void put(Group group, OpenChain chain, List<Postings> postings, Progress next) {
        int number = chain.number();
        postings.forEach(each -> each.rows(number, (key, value) -> group.put(ColumnFamily.INDEX, key, value)));
        Progress progress = chain.indexState().fill(next);
        group.put(ColumnFamily.INDEX, IndexState.key(number), progress.encode());
    }
}
