package io.qbc.protocol.sync;

import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.peer.ProtocolContext.Pace;
import java.util.function.ToLongFunction;

/**
 * The rate at which one run is given quants and transactions while it waits for them. No single answer needs to be slow
 * to hold a run: many small ones do, too.
 */
final class DeliveryRate {
    /** Of each call this much is the network's, and not counted at first. */
    private static final long ALLOWANCE_MILLIS = 500;

    private final ProtocolContext protocolContext;
    private final Pace pace;
    private long waitedMillis;
    private long beyondMillis;
    private long bytes;

    DeliveryRate(ProtocolContext protocolContext) {
        this.protocolContext = protocolContext;
        pace = protocolContext.pace();
    }

    /**
     * A call that counts; fails if the peer was too slow over all calls so far.
     *
     * @param size what an answer brings, in bytes
     */
    <R> Flow<R> of(Effect<R> call, ToLongFunction<R> size) {
        return Flow.lazy(() -> {
            long asked = protocolContext.time();
            return Flow.of(call).then(answer -> {
                count(Math.max(0, protocolContext.time() - asked), size.applyAsLong(answer));
                return slow() ? Flow.failed(fault()) : Flow.done(answer);
            });
        });
    }

    private void count(long millis, long more) {
        waitedMillis += millis;
        beyondMillis += Math.max(0, millis - ALLOWANCE_MILLIS);
        bytes += more;
    }

    private boolean slow() {
        return below(beyondMillis, pace.graceMillis()) || below(waitedMillis, pace.totalMillis());
    }

    private boolean below(long millis, long graceMillis) {
        return millis > graceMillis && bytes * 1000.0 < (double) pace.bytesPerSecond() * millis;
    }

    private Fault fault() {
        return Fault.peer(
                Fault.Kind.SLOW,
                "it brought " + bytes + " bytes in " + waitedMillis + " ms, less than " + pace.bytesPerSecond()
                        + " a second");
    }
}
