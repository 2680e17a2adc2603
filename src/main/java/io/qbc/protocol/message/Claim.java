package io.qbc.protocol.message;

import io.qbc.model.Hash;
import io.qbc.model.Head;
import java.math.BigInteger;

/** The head that a node says it has; not believed before its quants were checked. */
public record Claim(Hash chain, Hash hash, long height, BigInteger weight) {
    public static Claim of(Hash chain, Head head) {
        return new Claim(chain, head.hash(), head.height(), head.weight());
    }

    /** Whether fork choice would prefer it to the other, were both true. */
    public boolean better(Claim other) {
        int order = weight.compareTo(other.weight);
        return order > 0 || (order == 0 && hash.compareTo(other.hash) < 0);
    }
}
