package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.News;
import io.qbc.gossip.Message.Ids;
import io.qbc.gossip.Message.Wanted;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells one peer of waiting transactions: ids first, then those that it misses. What is still to be told stands in the
 * store and the peer's cursor, so a slow peer costs no memory.
 */
final class TransactionNews {
    private static final long LATER_MILLIS = 200;

    private final Setting setting;
    private final Heads heads;
    private final Neighbours neighbours;
    private final Supplies supplies;
    private final Link peer;
    private final Pump pump;
    private final Set<Hash> dirty = new LinkedHashSet<>();

    TransactionNews(Setting setting, Heads heads, Neighbours neighbours, Link peer) {
        this.setting = setting;
        this.heads = heads;
        this.neighbours = neighbours;
        this.peer = peer;
        supplies = new Supplies(setting, neighbours, peer);
        pump = new Pump(setting, peer, this::round);
    }

    /** Something may wait in these chains that the peer does not know. */
    void wake(List<Hash> chains) {
        dirty.addAll(chains);
        resume();
    }

    /** Goes on with what was left over, if anything was. */
    void resume() {
        if (next().isPresent()) {
            pump.wake();
        }
    }

    /** Tells no more of a chain. */
    void forget(Hash chain) {
        dirty.remove(chain);
    }

    void stop() {
        pump.stop();
    }

    private Future<Void> round() {
        return Repeat.whileTrue(() -> next().map(this::chain).orElse(Future.succeededFuture(false)));
    }

    private Optional<Hash> next() {
        return dirty.stream()
                .filter(chain -> peer.follows(chain) && heads.has(chain))
                .findFirst();
    }

    /** Tells of one batch of a chain. The chain stays marked until there is nothing more to tell. */
    private Future<Boolean> chain(Hash chain) {
        long from = peer.cursor(chain);
        long rewinds = peer.rewinds(chain);
        dirty.remove(chain);
        return setting.bus()
                .ask(
                        Catalogue.FIND_NEWS,
                        new FindNews(chain, from, setting.gossip().batchIds()))
                .compose(news -> news.ids().isEmpty() ? Future.succeededFuture(false) : tell(chain, rewinds, news))
                .map(more -> {
                    if (more) {
                        dirty.add(chain);
                    }
                    return true;
                })
                .onFailure(cause -> {
                    if (heads.has(chain)) {
                        dirty.add(chain);
                    }
                });
    }

    private Future<Boolean> tell(Hash chain, long rewinds, News news) {
        return neighbours
                .call(peer, Verb.IDS, Frame.write(new Ids(chain, news.ids())))
                .map(answer -> Frame.wanted(answer).orElseThrow(Replies::malformed))
                .compose(wanted -> push(chain, news, wanted).map(pushed -> {
                    if (wanted.later()) {
                        setting.vertx().setTimer(LATER_MILLIS, timer -> wake(List.of(chain)));
                        return false;
                    }
                    // A reorganisation may have put the cursor back meanwhile.
                    peer.advance(chain, news.upTo(), rewinds);
                    return true;
                }));
    }

    private Future<Void> push(Hash chain, News news, Wanted wanted) {
        List<Hash> ids = new ArrayList<>(wanted.ids());
        ids.retainAll(new LinkedHashSet<>(news.ids()));
        return supplies.push(chain, ids);
    }
}
