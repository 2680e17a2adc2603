package io.qbc.ledger.leap;

import io.qbc.ledger.Pool;
import io.qbc.model.LogRange;
import io.qbc.model.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The filling of the pool from the store, a page at a time. A page may be older than a move of the head that was told
 * before it, so what was placed while it was being read is taken out once more.
 */
final class PoolLoader {
    private final Pool pool;
    private boolean underWay;
    private boolean whole;
    private boolean restart;
    private Optional<Long> grewFrom = Optional.empty();
    private final List<LogRange> placedMeanwhile = new ArrayList<>();

    PoolLoader(Pool pool) {
        this.pool = pool;
    }

    /** Whether the pool is being filled from the start, and lacks what waits longest until it is done. */
    boolean whole() {
        return underWay && whole;
    }

    /** Fills it from the start. */
    void all(List<LeapEffect> effects) {
        whole = true;
        pool.refill();
        grewFrom = Optional.empty();
        if (underWay) {
            restart = true;
        } else {
            read(0, effects);
        }
    }

    /** Takes in what waits from a sequence number on. */
    void more(long from, List<LeapEffect> effects) {
        if (underWay) {
            grewFrom = Optional.of(Math.min(from, grewFrom.orElse(from)));
        } else {
            whole = false;
            read(from, effects);
        }
    }

    /** Takes out what the chain has taken. */
    void placed(List<LogRange> logRanges) {
        logRanges.forEach(pool::remove);
        if (underWay) {
            placedMeanwhile.addAll(logRanges);
        }
    }

    private void read(long from, List<LeapEffect> effects) {
        underWay = true;
        placedMeanwhile.clear();
        effects.add(new LeapEffect.ReadWaiting(from));
    }

    void read(LeapInput.WaitingRead page, long now, List<LeapEffect> effects) {
        if (restart) {
            restart = false;
            read(0, effects);
            return;
        }
        page.entries()
                .forEach(entry ->
                        pool.add(entry.sequence(), entry.id(), entry.bytes(), Math.min(now, entry.timestamp()), false));
        placedMeanwhile.forEach(pool::remove);
        page.next().ifPresentOrElse(next -> read(next, effects), () -> end(Optional.empty(), effects));
    }

    void failed(Refusal refusal, List<LeapEffect> effects) {
        restart = false;
        end(Optional.of(refusal), effects);
    }

    private void end(Optional<Refusal> failure, List<LeapEffect> effects) {
        underWay = false;
        pool.filled();
        if (whole || failure.isPresent()) {
            effects.add(new LeapEffect.PoolLoaded(failure));
        }
        if (failure.isEmpty()) {
            // Who asked for news while it was being filled was told of a part of it at most.
            effects.add(new LeapEffect.Announce());
        }
        Optional<Long> rest = grewFrom;
        grewFrom = Optional.empty();
        rest.ifPresent(from -> more(from, effects));
    }
}
