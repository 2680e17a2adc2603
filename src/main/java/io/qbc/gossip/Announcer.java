package io.qbc.gossip;

import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.gossip.Message.AskStatus;
import io.qbc.gossip.Message.Hint;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps for each live peer what it is to be told, and passes on what it tells. */
final class Announcer implements Neighbours.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final long ASK_PAUSE_MILLIS = 100;

    private final Setting setting;
    private final Heads heads;
    private final Neighbours neighbours;
    private final CatchUps catchUps;
    private final Newcomers newcomers;
    private final Outlines outlines;
    private final Map<Bytes, News> news = new LinkedHashMap<>();
    private boolean pausing;
    private boolean again;

    Announcer(Setting setting, Heads heads, Neighbours neighbours, CatchUps catchUps, Newcomers newcomers) {
        this.setting = setting;
        this.heads = heads;
        this.neighbours = neighbours;
        this.catchUps = catchUps;
        this.newcomers = newcomers;
        outlines = new Outlines(setting);
    }

    private record News(Link peer, TransactionNews transactions, QuantNews quants) {}

    @Override
    public void joined(Link peer) {
        News fresh = new News(
                peer,
                new TransactionNews(setting, heads, neighbours, peer),
                new QuantNews(setting, heads, neighbours, outlines, peer));
        news.put(peer.key(), fresh);
        fresh.transactions().wake(heads.ids());
    }

    @Override
    public void left(Link peer) {
        News its = news.remove(peer.key());
        if (its != null) {
            its.transactions().stop();
            its.quants().stop();
        }
        catchUps.left(peer);
    }

    @Override
    public void told(Link peer) {
        newcomers.look(peer);
        catchUps.told(peer);
        News its = news.get(peer.key());
        if (its != null) {
            its.transactions().resume();
            if (setting.advertised().isEmpty()) {
                peer.listings().forEach(listing -> offerBetter(its, listing.claim()));
            }
        }
    }

    @Override
    public void outdated(Link peer) {
        askHeads(peer);
    }

    /** Tells all that a chain is here now, by its first quant, and them of what waits in it. */
    void opened(Hash chain) {
        Bytes hint = Frame.write(new Hint(chain, chain));
        for (Link peer : neighbours.live()) {
            neighbours
                    .call(peer, Verb.QUANT, hint)
                    .onFailure(cause -> LOG.debug("{} does not follow {}: {}", peer, chain, cause.toString()));
        }
        admitted(chain);
    }

    /** Tells nobody of a chain any more. */
    void forget(Hash chain) {
        news.values().forEach(each -> each.transactions().forget(chain));
        neighbours.all().forEach(peer -> peer.forget(chain));
    }

    void admitted(Hash chain) {
        news.values().forEach(each -> each.transactions().wake(List.of(chain)));
    }

    /** Tells of the new head, but not those that said that they have it or a better one, as in a catch-up. */
    void headMoved(HeadMoved event) {
        if (!heads.has(event.chain())) {
            return;
        }
        Claim own = Claim.of(event.chain(), event.head());
        news.values().stream()
                .filter(its ->
                        its.peer().claim(event.chain()).filter(own::better).isPresent())
                .forEach(its -> its.quants().wake(event.chain(), own.hash()));
        if (event.undone() > 0) {
            // What was sealed when its turn came was never announced, and may wait again now.
            neighbours.all().forEach(peer -> peer.rewind(event.chain()));
            admitted(event.chain());
        }
    }

    /** Asks all live peers for their heads, not more often than makes sense. */
    void askHeads() {
        if (pausing) {
            again = true;
            return;
        }
        pausing = true;
        again = false;
        neighbours.live().forEach(this::askHeads);
        setting.vertx().setTimer(ASK_PAUSE_MILLIS, timer -> {
            pausing = false;
            if (again) {
                askHeads();
            }
        });
    }

    private void askHeads(Link peer) {
        if (!peer.beginAsking()) {
            return;
        }
        neighbours
                .call(peer, Verb.HEAD, Frame.write(new AskStatus(peer.mark())))
                .map(answer -> Frame.status(answer).orElseThrow(Replies::malformed))
                .onComplete(asked -> peer.endAsking())
                .onSuccess(status -> neighbours.told(peer, status))
                .onFailure(cause -> LOG.debug("{} does not tell its heads: {}", peer, cause.toString()));
    }

    /** A peer that cannot call this node cannot fetch from it either, and learns of a better head from here only. */
    private void offerBetter(News its, Claim claim) {
        heads.head(claim.chain())
                .filter(own -> Claim.of(claim.chain(), own).better(claim))
                .ifPresent(own -> its.quants().wake(claim.chain(), own.hash()));
    }
}
