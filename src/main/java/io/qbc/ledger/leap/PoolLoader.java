package io.qbc.ledger.leap;

import io.qbc.ledger.Pool;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * The filling of the pool from the store, a page at a time. A page is never older than a move of the head that was told
 * before it, so that what later moves place is taken out as ever.
 */
final class PoolLoader {
    private final Pool pool;
    private boolean underWay;
    private boolean whole;
    private boolean restart;
    private Optional<Long> grewFrom = Optional.empty();

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
        if (underWay) {
            restart = true;
        } else {
            empty(effects);
        }
    }

    private void empty(List<LeapEffect> effects) {
        pool.clear();
        grewFrom = Optional.empty();
        read(0, effects);
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

    private void read(long from, List<LeapEffect> effects) {
        underWay = true;
        effects.add(new LeapEffect.ReadWaiting(from));
    }

    void read(LeapInput.WaitingRead page, long now, List<LeapEffect> effects) {
        if (restart) {
            restart = false;
            empty(effects);
            return;
        }
        page.entries()
                .forEach(entry ->
                        pool.add(entry.sequence(), entry.id(), entry.bytes(), Math.min(now, entry.timestamp()), false));
        page.next().ifPresentOrElse(next -> read(next, effects), () -> end(Optional.empty(), effects));
    }

    void failed(Refusal refusal, List<LeapEffect> effects) {
        restart = false;
        end(Optional.of(refusal), effects);
    }

    private void end(Optional<Refusal> failure, List<LeapEffect> effects) {
        underWay = false;
        effects.add(whole || failure.isPresent() ? new LeapEffect.PoolLoaded(failure) : new LeapEffect.Announce());
        Optional<Long> rest = grewFrom;
        grewFrom = Optional.empty();
        rest.ifPresent(from -> more(from, effects));
    }
}
