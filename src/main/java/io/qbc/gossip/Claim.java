package io.qbc.gossip;

import io.qbc.model.Hash;
import io.qbc.model.Head;
import java.math.BigInteger;

/** The head that a node says it has; not believed before its quants were checked. */
record Claim(Hash chain, Hash hash, long height, BigInteger weight) {
    static Claim of(Hash chain, Head head) {
        return new Claim(chain, head.hash(), head.height(), head.weight());
    }

    /** Whether fork choice would prefer it, were it true: more weight, or as much and a lower hash. */
    boolean better(Head own) {
        return better(Claim.of(chain, own));
    }

    /** Whether fork choice would prefer it to the other, were both true. */
    boolean better(Claim other) {
        int order = weight.compareTo(other.weight);
        return order > 0 || (order == 0 && hash.compareTo(other.hash) < 0);
    }
}
