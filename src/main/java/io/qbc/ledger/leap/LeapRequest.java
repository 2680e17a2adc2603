package io.qbc.ledger.leap;

import io.qbc.model.Hash;
import io.qbc.model.Head;
import java.util.Optional;

/** One caller's leap: everything up to {@code upTo} is to be sealed, in one quant or several. */
final class LeapRequest {
    private final long id;
    private final long upTo;
    private final Optional<Hash> on;
    private final long deadline;
    private int quants;
    private long count;
    private int tries;

    /**
     * A request without tries.
     *
     * @param upTo the last sequence number that is to be sealed
     * @param on the one head on which an empty quant is made; any if empty
     * @param deadline until when it waits for this node's turn, milliseconds since 1970
     */
    LeapRequest(long id, long upTo, Optional<Hash> on, long deadline) {
        this.id = id;
        this.upTo = upTo;
        this.on = on;
        this.deadline = deadline;
    }

    long id() {
        return id;
    }

    long upTo() {
        return upTo;
    }

    boolean byItself() {
        return id == LeapEffect.BY_ITSELF;
    }

    /** Whether it is done with once nothing waits for it, on this head. */
    boolean idle(Head head) {
        return byItself() || on.filter(hash -> !hash.equals(head.hash())).isPresent();
    }

    long deadline() {
        return deadline;
    }

    boolean waitsUntil(long due) {
        return deadline >= due;
    }

    /** Begins a try; false if there were too many, but for those that made a quant. */
    boolean attempt(int triesMax) {
        return tries++ < triesMax + quants;
    }

    /** Counts so many tries more, or less. */
    void tries(int more) {
        tries += more;
    }

    void made(int transactions) {
        quants++;
        count += transactions;
    }

    LeapEffect leaped(Head head) {
        return new LeapEffect.Leaped(id, head, quants, count);
    }
}
