package io.qbc.ledger.leap;

import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;

/**
 * What stays the same about the leaps of a chain.
 *
 * @param key of this node
 * @param signs whether this node takes part with its key where the chain names its participants
 */
public record LeapSetup(
        ChainSpec spec, Engine engine, Bytes key, boolean signs, LeapPolicy policy, Listening listening) {
    private boolean mayLeap() {
        return signs || Engines.participantsMax(spec.consensus().engine()) == 0;
    }

    /** When this node may leap on a tip. */
    Turn turn(Tip tip, long now) {
        return mayLeap()
                ? engine.turn(tip.parent(), key, tip.timestamp(now))
                : new Turn.Never(
                        Reason.PRODUCER_NOT_PERMITTED.refusal("this node is not configured to sign for the chain"));
    }

    /** Whether a seal binds this node's key to something on all branches. */
    boolean binds(Tip tip) {
        return mayLeap() && engine.slot(tip.head().header()) >= 0;
    }
}
