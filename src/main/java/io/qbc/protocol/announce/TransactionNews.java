package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.effect.Want.News;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.peer.Acquaintance;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.Means;
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

    private final HeadList heads;
    private final Acquaintance peer;
    private final Supplies supplies;
    private final Pump pump;
    private final Set<Hash> dirty = new LinkedHashSet<>();

    TransactionNews(Means means, HeadList heads, Acquaintance peer) {
        this.heads = heads;
        this.peer = peer;
        supplies = new Supplies(peer);
        pump = new Pump(means, this::round);
    }

    /** Something may wait in these chains that the peer does not know. */
    Step wake(List<Hash> chains) {
        dirty.addAll(chains);
        return resume();
    }

    /** Goes on with what was left over, if anything was. */
    Step resume() {
        return next().isPresent() ? pump.wake() : Step.NONE;
    }

    /** Tells no more of a chain. */
    void forget(Hash chain) {
        dirty.remove(chain);
    }

    void stop() {
        pump.stop();
    }

    private Task<Done> round() {
        return Task.whileTrue(() -> next().map(this::chain).orElse(Task.done(false)));
    }

    private Optional<Hash> next() {
        return dirty.stream()
                .filter(chain -> peer.follows(chain) && heads.has(chain))
                .findFirst();
    }

    /** Tells of one batch of a chain. The chain stays marked until there is nothing more to tell. */
    private Task<Boolean> chain(Hash chain) {
        long rewinds = peer.rewinds(chain);
        dirty.remove(chain);
        return Task.of(new Want.FindNews(chain, peer.cursor(chain)))
                .then(news -> news.ids().isEmpty() ? Task.done(false) : tell(chain, rewinds, news))
                .after(told -> told.fold(
                        more -> {
                            mark(chain, more);
                            return Task.done(true);
                        },
                        fault -> {
                            mark(chain, heads.has(chain));
                            return Task.failed(fault);
                        }));
    }

    private void mark(Hash chain, boolean more) {
        if (more) {
            dirty.add(chain);
        }
    }

    private Task<Boolean> tell(Hash chain, long rewinds, News news) {
        return Task.of(new Want.Call<>(peer.key(), Errand.IDS, new Ids(chain, news.ids())))
                .then(wanted -> push(chain, news, wanted).then(pushed -> {
                    if (wanted.later()) {
                        return Task.of(new Want.Begin(later(chain))).map(begun -> false);
                    }
                    // A reorganisation may have put the cursor back meanwhile.
                    peer.advance(chain, news.upTo(), rewinds);
                    return Task.done(true);
                }));
    }

    private Step later(Hash chain) {
        return Step.of(Task.of(new Want.Wait(LATER_MILLIS)).end(waited -> wake(List.of(chain))));
    }

    private Task<Done> push(Hash chain, News news, Wanted wanted) {
        List<Hash> ids = new ArrayList<>(wanted.ids());
        ids.retainAll(new LinkedHashSet<>(news.ids()));
        return supplies.push(chain, ids);
    }
}
