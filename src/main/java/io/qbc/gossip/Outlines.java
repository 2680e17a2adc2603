package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindOutline;
import io.qbc.gossip.peers.Setting;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Outlines of the newest quants, read once for all peers that are told of them. */
final class Outlines {
    private static final int COUNT_MAX = 8;

    private final Setting setting;
    private final Map<Hash, Future<Optional<Outline>>> newest = new LinkedHashMap<>();

    Outlines(Setting setting) {
        this.setting = setting;
    }

    Future<Optional<Outline>> find(Hash chain, Hash quant) {
        Future<Optional<Outline>> known = newest.get(quant);
        if (known != null) {
            return known;
        }
        Future<Optional<Outline>> found = setting.bus()
                .ask(Catalogue.FIND_OUTLINE, new FindOutline(chain, quant))
                .map(answer -> answer.outline());
        newest.put(quant, found);
        if (newest.size() > COUNT_MAX) {
            Iterator<Hash> oldest = newest.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return found.onFailure(cause -> newest.remove(quant, found));
    }
}
