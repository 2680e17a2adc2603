package io.qbc.consensus.stake;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.model.Bytes;
import java.util.SortedMap;
import java.util.function.LongFunction;

/** What tells one engine under stake from another: who has power in an epoch, and who leads a slot. */
interface Scheme {
    String name();

    /** Prepares a holder that the spec names. */
    void found(Holder holder);

    /** The powers that follow from the bonds (and votes) at this moment; holders without power may be left out. */
    SortedMap<Bytes, Long> elect(StakeState state);

    /** The leader of each slot of the present epoch; an empty key where nobody has power. */
    LongFunction<Bytes> leaders(StakeState state);

    /** Applies an operation of its own kind; false if it is not. */
    boolean apply(StakeState state, EngineOperation engineOperation);
}
