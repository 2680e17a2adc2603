package io.qbc.protocol.announce;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.sync.CatchUps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides what each live peer is to be told, and what follows from what it tells. */
public final class Announcer {
    private static final long ASK_PAUSE_MILLIS = 100;

    private final ProtocolContext protocolContext;
    private final HeadList heads;
    private final PeerSet peerSet;
    private final CatchUps catchUps;
    private final Consumer<PeerState> listed;
    private final LinkedHashMap<Bytes, News> news = new LinkedHashMap<>();
    private boolean pausing;
    private boolean again;

    /**
     * One instance.
     *
     * @param listed hears of peers whose list of chains was told
     */
    public Announcer(
            ProtocolContext protocolContext,
            HeadList heads,
            PeerSet peerSet,
            CatchUps catchUps,
            Consumer<PeerState> listed) {
        this.protocolContext = protocolContext;
        this.heads = heads;
        this.peerSet = peerSet;
        this.catchUps = catchUps;
        this.listed = listed;
    }

    private record News(PeerState peer, TransactionAnnouncer transactions, QuantAnnouncer quants) {}

    /** A peer is alive, for the first time or again. */
    public Effects joined(PeerState peer) {
        News fresh = new News(
                peer,
                new TransactionAnnouncer(protocolContext, heads, peer),
                new QuantAnnouncer(protocolContext, heads, peerSet, peer));
        news.put(peer.key(), fresh);
        return fresh.transactions().wake(heads.ids());
    }

    /** A peer left the live list. */
    public void left(PeerState peer) {
        Optional.ofNullable(news.remove(peer.key())).ifPresent(its -> {
            its.transactions().stop();
            its.quants().stop();
        });
        catchUps.left(peer);
    }

    /** A live peer said which heads it has. */
    public Effects heard(PeerState peer, Status status) {
        boolean complete = peer.told(status);
        listed.accept(peer);
        Effects effects = catchUps.told(peer);
        News its = news.get(peer.key());
        if (its != null) {
            effects = effects.and(its.transactions().resume()).and(offerBetter(its));
        }
        // What makes sense only together with all of its heads is asked for anew.
        return complete ? effects : effects.and(ask(peer));
    }

    /** A peer that cannot be asked by this node's peers learns of a better head from here only. */
    private Effects offerBetter(News its) {
        return protocolContext.callable()
                ? Effects.NONE
                : Effects.all(its.peer().listings().stream()
                        .map(Listing::claim)
                        .map(claim -> heads.claim(claim.chain())
                                .filter(own -> own.better(claim))
                                .map(own -> its.quants().wake(claim.chain(), own.hash()))
                                .orElse(Effects.NONE))
                        .toList());
    }

    /** Tells all that a chain is here now, by its first quant, and them of what waits in it. */
    public Effects opened(Hash chain) {
        Hint hint = new Hint(chain, chain);
        return Effects.all(peerSet.live().stream()
                        .map(peer -> Effects.of(Flow.of(new Effect.Call<>(peer.key(), PeerMethod.QUANT, hint))
                                .end(answered -> Effects.NONE)))
                        .toList())
                .and(admitted(chain));
    }

    /** Tells nobody of a chain any more. */
    public void forget(Hash chain) {
        news.values().forEach(each -> each.transactions().forget(chain));
        peerSet.all().forEach(peer -> peer.forget(chain));
    }

    /** Transactions came into the pool of a chain. */
    public Effects admitted(Hash chain) {
        return Effects.all(news.values().stream()
                .map(each -> each.transactions().wake(List.of(chain)))
                .toList());
    }

    /** Tells of the new head, but not those that said that they have it or a better one, as in a catch-up. */
    public Effects headMoved(Claim own, int undone) {
        Hash chain = own.chain();
        if (!heads.has(chain)) {
            return Effects.NONE;
        }
        Effects told = Effects.all(news.values().stream()
                .filter(its -> its.peer().claim(chain).filter(own::better).isPresent())
                .map(its -> its.quants().wake(chain, own.hash()))
                .toList());
        if (undone == 0) {
            return told;
        }
        // What was sealed when its turn came was never announced, and may wait again now.
        peerSet.all().forEach(peer -> peer.rewind(chain));
        return told.and(admitted(chain));
    }

    /** Asks all live peers for their heads, not more often than makes sense. */
    public Effects askHeads() {
        if (pausing) {
            again = true;
            return Effects.NONE;
        }
        pausing = true;
        again = false;
        Effects pause = Effects.of(Flow.of(new Effect.Wait(ASK_PAUSE_MILLIS)).end(waited -> {
            pausing = false;
            return again ? askHeads() : Effects.NONE;
        }));
        return Effects.all(peerSet.live().stream().map(this::ask).toList()).and(pause);
    }

    private Effects ask(PeerState peer) {
        if (!peer.beginAsking()) {
            return Effects.NONE;
        }
        return Effects.of(Flow.of(new Effect.Call<>(peer.key(), PeerMethod.HEAD, new AskStatus(peer.mark())))
                .end(answered -> {
                    peer.endAsking();
                    return answered.fold(status -> heard(peer, status), fault -> Effects.NONE);
                }));
    }
}
