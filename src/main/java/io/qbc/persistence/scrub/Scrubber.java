package io.qbc.persistence.scrub;

import io.qbc.bus.Catalogue.ScrubState;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.scrub.ScrubPass.Piece;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreThread;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check of all that a running store holds, which begins anew when it is through. One thread reads a small piece,
 * then waits as long as the period wants, and at least so long that it takes no more than a fiftieth of a core.
 */
public final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final long REST_FACTOR = 49;
    /** The start of a node is not held up. */
    private static final Duration BEGIN_PAUSE = Duration.ofMinutes(1);

    private static final int BEGIN_DIVISOR = 1000;
    private static final int FINDINGS_MAX = 1000;
    private static final int LATEST_COUNT = 10;

    private final Path data;
    private final Path directory;
    private final Store store;
    private final OpenChains openChains;
    private final Duration period;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, work -> StoreThread.of("store-scrubber", work));
    private Optional<ScrubPass> pass = Optional.empty();
    private Set<String> before = Set.of();
    private final Set<String> found = new LinkedHashSet<>();
    private long bytesBefore;
    private double share;
    private long begunNanos;
    private Optional<ScrubMark> mark = Optional.empty();
    private Optional<Long> startedAt = Optional.empty();
    private Optional<Long> finishedAt = Optional.empty();
    private volatile Optional<Refusal> damage = Optional.empty();
    private volatile ScrubState state;

    /**
     * One instance, for an open data directory.
     *
     * @param directory of the store's files
     */
    public Scrubber(
            Path data,
            Path directory,
            Store store,
            OpenChains openChains,
            NodeConfig.Scrub scrub,
            InstantSource clock) {
        this.data = data;
        this.directory = directory;
        this.store = store;
        this.openChains = openChains;
        this.period = scrub.period();
        this.clock = clock;
        this.state = shown();
    }

    public void start() {
        if (!period.isZero()) {
            mark = ScrubMark.read(data);
            finishedAt = mark.flatMap(ScrubMark::finishedAt);
            state = shown();
            Duration some = period.dividedBy(BEGIN_DIVISOR);
            schedule((some.compareTo(BEGIN_PAUSE) < 0 ? some : BEGIN_PAUSE).toNanos());
        }
    }

    /** How far it is, and what it found. */
    public ScrubState state() {
        return state;
    }

    /** What it found first that belongs to no chain alone. */
    public Optional<Refusal> damage() {
        return damage;
    }

    /** Stops between two pieces; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        thread.shutdownNow();
        boolean ended = thread.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (ended) {
            pass.ifPresent(ScrubPass::close);
        }
        return ended;
    }

    private void schedule(long nanos) {
        if (!thread.isShutdown()) {
            var unusedPiece = thread.schedule(this::guarded, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void guarded() {
        try {
            piece();
        } catch (RejectedExecutionException e) {
            LOG.debug("the check of the store was stopped", e);
        } catch (RuntimeException e) {
            LOG.error("the check of the store has a fault, and begins anew", e);
            pass.ifPresent(ScrubPass::close);
            pass = Optional.empty();
            schedule(period.toNanos());
        }
    }

    private void piece() {
        long since = System.nanoTime();
        ScrubPass running = pass.orElseGet(this::begin);
        Piece piece = running.next();
        piece.findings().forEach(this::found);
        share = Math.min(1, share + piece.share());
        long spent = System.nanoTime() - since;
        long pause = Math.max((long) (piece.share() * period.toNanos()) - spent, REST_FACTOR * spent);
        if (!piece.more()) {
            end(running);
            // A store with little in it is through at once.
            pause = Math.max(pause, period.toNanos() - (System.nanoTime() - begunNanos));
        }
        remember();
        state = shown();
        schedule(pause);
    }

    /** Begins a pass, or goes on with the one that was not through when the node stopped. */
    private ScrubPass begin() {
        Optional<ScrubMark> left = mark.filter(before -> before.share() < ScrubMark.WHOLE);
        share = left.map(before -> before.share() / (double) ScrubMark.WHOLE).orElse(0.0);
        startedAt = Optional.of(left.map(ScrubMark::startedAt).orElseGet(clock::millis));
        begunNanos = System.nanoTime() - (long) (share * period.toNanos());
        ScrubPass begun = new ScrubPass(directory, store, openChains, share);
        pass = Optional.of(begun);
        return begun;
    }

    private void remember() {
        long thousandths =
                pass.isEmpty() ? ScrubMark.WHOLE : Math.min(ScrubMark.WHOLE - 1, (long) (share * ScrubMark.WHOLE));
        if (!found.isEmpty() || !before.isEmpty()) {
            // What is wrong is known to this process alone, and the next one has to find it too.
            thousandths = 0;
        }
        ScrubMark now = new ScrubMark(startedAt.orElse(0L), thousandths, finishedAt);
        if (!mark.equals(Optional.of(now))) {
            mark = Optional.of(now);
            now.write(data);
        }
    }

    private void end(ScrubPass over) {
        over.close();
        bytesBefore += over.bytes();
        pass = Optional.empty();
        share = 1;
        finishedAt = Optional.of(clock.millis());
        before = Set.copyOf(found);
        LOG.info("all that the store holds was read and checked: {} findings", found.size());
        found.clear();
    }

    private void found(Finding finding) {
        String line = finding.line();
        boolean fresh = found.size() < FINDINGS_MAX && found.add(line);
        if (fresh && !before.contains(line)) {
            Refusal refusal = Reason.CORRUPT.refusal(finding.what());
            openChains
                    .named(finding.chain())
                    .flatMap(openChains::find)
                    .ifPresentOrElse(chain -> chain.metDamage().found(refusal), () -> damaged(refusal));
            LOG.error(
                    "damage in the store: {}; qbc verify on the stopped node tells all of it, src/docs/backup.md what"
                            + " to do",
                    line);
        }
    }

    private void damaged(Refusal finding) {
        if (damage.isEmpty()) {
            damage = Optional.of(finding);
        }
    }

    private ScrubState shown() {
        Set<String> all = new LinkedHashSet<>(before);
        all.addAll(found);
        List<String> latest = new ArrayList<>(all);
        return new ScrubState(
                period,
                share,
                bytesBefore + pass.map(ScrubPass::bytes).orElse(0L),
                startedAt,
                finishedAt,
                all.size(),
                latest.subList(Math.max(0, latest.size() - LATEST_COUNT), latest.size()));
    }
}
