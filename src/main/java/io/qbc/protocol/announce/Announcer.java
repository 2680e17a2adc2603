package io.qbc.protocol.announce;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.peer.Acquaintance;
import io.qbc.protocol.peer.Company;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.Means;
import io.qbc.protocol.sync.CatchUps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides what each live peer is to be told, and what follows from what it tells. */
public final class Announcer {
    private static final long ASK_PAUSE_MILLIS = 100;

    private final Means means;
    private final HeadList heads;
    private final Company company;
    private final CatchUps catchUps;
    private final Consumer<Acquaintance> listed;
    private final LinkedHashMap<Bytes, News> news = new LinkedHashMap<>();
    private boolean pausing;
    private boolean again;

    /**
     * One instance.
     *
     * @param listed hears of peers whose list of chains was told
     */
    public Announcer(Means means, HeadList heads, Company company, CatchUps catchUps, Consumer<Acquaintance> listed) {
        this.means = means;
        this.heads = heads;
        this.company = company;
        this.catchUps = catchUps;
        this.listed = listed;
    }

    private record News(Acquaintance peer, TransactionNews transactions, QuantNews quants) {}

    /** A peer is alive, for the first time or again. */
    public Step joined(Acquaintance peer) {
        News fresh =
                new News(peer, new TransactionNews(means, heads, peer), new QuantNews(means, heads, company, peer));
        news.put(peer.key(), fresh);
        return fresh.transactions().wake(heads.ids());
    }

    /** A peer left the live list. */
    public void left(Acquaintance peer) {
        Optional.ofNullable(news.remove(peer.key())).ifPresent(its -> {
            its.transactions().stop();
            its.quants().stop();
        });
        catchUps.left(peer);
    }

    /** A live peer said which heads it has. */
    public Step heard(Acquaintance peer, Status status) {
        boolean complete = peer.told(status);
        listed.accept(peer);
        Step step = catchUps.told(peer);
        News its = news.get(peer.key());
        if (its != null) {
            step = step.and(its.transactions().resume()).and(offerBetter(its));
        }
        // What makes sense only together with all of its heads is asked for anew.
        return complete ? step : step.and(ask(peer));
    }

    /** A peer that cannot be asked by this node's peers learns of a better head from here only. */
    private Step offerBetter(News its) {
        return means.callable()
                ? Step.NONE
                : Step.all(its.peer().listings().stream()
                        .map(Listing::claim)
                        .map(claim -> heads.claim(claim.chain())
                                .filter(own -> own.better(claim))
                                .map(own -> its.quants().wake(claim.chain(), own.hash()))
                                .orElse(Step.NONE))
                        .toList());
    }

    /** Tells all that a chain is here now, by its first quant, and them of what waits in it. */
    public Step opened(Hash chain) {
        Hint hint = new Hint(chain, chain);
        return Step.all(company.live().stream()
                        .map(peer -> Step.of(Task.of(new Want.Call<>(peer.key(), Errand.QUANT, hint))
                                .end(answered -> Step.NONE)))
                        .toList())
                .and(admitted(chain));
    }

    /** Tells nobody of a chain any more. */
    public void forget(Hash chain) {
        news.values().forEach(each -> each.transactions().forget(chain));
        company.all().forEach(peer -> peer.forget(chain));
    }

    /** Transactions came into the pool of a chain. */
    public Step admitted(Hash chain) {
        return Step.all(news.values().stream()
                .map(each -> each.transactions().wake(List.of(chain)))
                .toList());
    }

    /** Tells of the new head, but not those that said that they have it or a better one, as in a catch-up. */
    public Step headMoved(Claim own, int undone) {
        Hash chain = own.chain();
        if (!heads.has(chain)) {
            return Step.NONE;
        }
        Step told = Step.all(news.values().stream()
                .filter(its -> its.peer().claim(chain).filter(own::better).isPresent())
                .map(its -> its.quants().wake(chain, own.hash()))
                .toList());
        if (undone == 0) {
            return told;
        }
        // What was sealed when its turn came was never announced, and may wait again now.
        company.all().forEach(peer -> peer.rewind(chain));
        return told.and(admitted(chain));
    }

    /** Asks all live peers for their heads, not more often than makes sense. */
    public Step askHeads() {
        if (pausing) {
            again = true;
            return Step.NONE;
        }
        pausing = true;
        again = false;
        Step pause = Step.of(Task.of(new Want.Wait(ASK_PAUSE_MILLIS)).end(waited -> {
            pausing = false;
            return again ? askHeads() : Step.NONE;
        }));
        return Step.all(company.live().stream().map(this::ask).toList()).and(pause);
    }

    private Step ask(Acquaintance peer) {
        if (!peer.beginAsking()) {
            return Step.NONE;
        }
        return Step.of(Task.of(new Want.Call<>(peer.key(), Errand.HEAD, new AskStatus(peer.mark())))
                .end(answered -> {
                    peer.endAsking();
                    return answered.fold(status -> heard(peer, status), fault -> Step.NONE);
                }));
    }
}
