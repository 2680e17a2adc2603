package io.qbc.gossip.peers;

import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.protocol.message.QuantBounds;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A registry of what the quants of this node's chains may hold, for threads that decode frames. */
public final class ChainBounds implements Function<Hash, QuantBounds> {
    private final Map<Hash, QuantBounds> byChain = new ConcurrentHashMap<>();

    public void put(Hash chain, ChainSpec spec) {
        byChain.computeIfAbsent(chain, id -> QuantBounds.of(spec));
    }

    public void remove(Hash chain) {
        byChain.remove(chain);
    }

    @Override
    public QuantBounds apply(Hash chain) {
        return byChain.getOrDefault(chain, QuantBounds.UNKNOWN);
    }
}
