package io.qbc.gossip.chains;

import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.util.Optional;

/** The limits of this node beside those of a chain, whose quants it must be able to fetch. */
public final class ChainLimits {
    private ChainLimits() {}

    /** Which limit of this node is below what a quant of the chain may need; nothing if none is. */
    public static Optional<String> shortcoming(NodeConfig config, ChainSpec spec) {
        ChainSpec.Limits limits = spec.limits();
        // The ids of one quant, and transactions up to the limit of a message and one more.
        long longest = (long) config.gossip().batchBytes()
                + limits.transactionBytesMax()
                + (long) Hash.BYTES * limits.quantTransactionsMax();
        int admitted = config.gossip().limits().messageBytes();
        return longest > admitted
                ? Optional.of("a quant of it may need messages of " + longest
                        + " bytes, and gossip.limits.messageBytes of this node is " + admitted)
                : Optional.empty();
    }
}
