package io.qbc.ledger;

import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;

/** A quant that a node's operator vouches for, so that no chain made of old keys can take its place. */
public record Pin(long height, Hash hash) {
    /** Why a quant is refused that contradicts it. */
    public Refusal refusal() {
        return Reason.FINAL.refusal("the quant at height " + height + " is pinned as " + hash);
    }

    /** Whether it names another quant at this height. */
    public boolean contradicts(long otherHeight, Hash otherHash) {
        return height == otherHeight && !hash.equals(otherHash);
    }
}
