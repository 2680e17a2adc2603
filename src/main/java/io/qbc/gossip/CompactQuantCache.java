package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindCompactQuant;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A cache of the newest quants in compact form, read once for all peers to which they are announced. */
final class CompactQuantCache {
    private static final int COUNT_MAX = 8;

    private final GossipContext gossipContext;
    private final Map<Hash, Future<Optional<CompactQuant>>> newest = new LinkedHashMap<>();

    CompactQuantCache(GossipContext gossipContext) {
        this.gossipContext = gossipContext;
    }

    Future<Optional<CompactQuant>> find(Hash chain, Hash quant) {
        Future<Optional<CompactQuant>> known = newest.get(quant);
        if (known != null) {
            return known;
        }
        Future<Optional<CompactQuant>> found = gossipContext
                .bus()
                .ask(Catalogue.FIND_COMPACT_QUANT, new FindCompactQuant(chain, quant))
                .map(answer -> answer.compactQuant());
        newest.put(quant, found);
        if (newest.size() > COUNT_MAX) {
            Iterator<Hash> oldest = newest.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return found.onFailure(cause -> newest.remove(quant, found));
    }
}
