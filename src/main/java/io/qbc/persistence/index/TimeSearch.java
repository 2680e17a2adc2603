package io.qbc.persistence.index;

import io.qbc.model.Hash;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import java.util.Optional;

/**
 * Finds heights by the timestamps of quants, which need not grow with each quant, but are out of order by no more than
 * the index says.
 */
final class TimeSearch {
    private final OpenChain chain;
    private final long disorder;
    private final long top;

    TimeSearch(OpenChain chain, long top) {
        this.chain = chain;
        this.disorder = chain.indexState().disorder();
        this.top = top;
    }

    /** A height below which all quants are earlier than this. */
    long from(long time) {
        // All up to the lower bound are earlier, since what is below it is later by the disorder at most.
        long low = -1;
        long high = top + 1;
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (timestamp(middle) < time - disorder) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** A height above which no quant is earlier than this. */
    long to(long time) {
        long low = -1;
        long high = top + 1;
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (timestamp(middle) >= time + disorder) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private long timestamp(long height) {
        Optional<Hash> hash = chain.quants().at(height);
        Optional<QuantRecord> quant = hash.flatMap(chain.quants()::find);
        return quant.orElseThrow(ChainTurned::new).header().timestamp();
    }
}
