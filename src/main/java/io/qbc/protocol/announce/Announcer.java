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

/** The announcer of new chains, transactions and heads to all live peers, which also handles the statuses they send. */
public final class Announcer {
    private static final long ASK_PAUSE_MILLIS = 100;

    private final ProtocolContext protocolContext;
    private final HeadList heads;
    private final PeerSet peerSet;
    private final CatchUps catchUps;
    private final Consumer<PeerState> updated;
    private final LinkedHashMap<Bytes, PerPeer> announcers = new LinkedHashMap<>();
    private boolean pausing;
    private boolean again;

    /**
     * One instance.
     *
     * @param updated receives peers whose list of chains was updated
     */
    public Announcer(
            ProtocolContext protocolContext,
            HeadList heads,
            PeerSet peerSet,
            CatchUps catchUps,
            Consumer<PeerState> updated) {
        this.protocolContext = protocolContext;
        this.heads = heads;
        this.peerSet = peerSet;
        this.catchUps = catchUps;
        this.updated = updated;
    }

    private record PerPeer(PeerState peer, TransactionAnnouncer transactions, QuantAnnouncer quants) {}

    /** A peer is alive, for the first time or again. */
    public Effects joined(PeerState peer) {
        PerPeer fresh = new PerPeer(
                peer,
                new TransactionAnnouncer(protocolContext, heads, peer),
                new QuantAnnouncer(protocolContext, heads, peerSet, peer));
        announcers.put(peer.key(), fresh);
        return fresh.transactions().wake(heads.ids());
    }

    /** A peer left the live list. */
    public void left(PeerState peer) {
        Optional.ofNullable(announcers.remove(peer.key())).ifPresent(its -> {
            its.transactions().stop();
            its.quants().stop();
        });
        catchUps.left(peer);
    }

    /** A live peer sent its status. */
    public Effects statusReceived(PeerState peer, Status status) {
        boolean complete = peer.apply(status, heads::here);
        updated.accept(peer);
        Effects effects = catchUps.statusReceived(peer);
        PerPeer its = announcers.get(peer.key());
        if (its != null) {
            effects = effects.and(its.transactions().resume()).and(offerBetter(its));
        }
        // What makes sense only together with all of its heads is asked for anew.
        return complete ? effects : effects.and(ask(peer));
    }

    /** A peer that cannot be asked by this node's peers learns of a better head from here only. */
    private Effects offerBetter(PerPeer its) {
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

    /** Announces a chain that was opened, by its first quant, and what waits in it. */
    public Effects opened(Hash chain) {
        Hint hint = new Hint(chain, chain);
        return Effects.all(peerSet.live().stream()
                        .map(peer -> Effects.of(Flow.of(new Effect.Call<>(peer.key(), PeerMethod.QUANT, hint))
                                .end(answered -> Effects.NONE)))
                        .toList())
                .and(admitted(chain));
    }

    /** Announces nothing of a chain any more. */
    public void forget(Hash chain) {
        announcers.values().forEach(each -> each.transactions().forget(chain));
        peerSet.all().forEach(peer -> peer.forget(chain));
    }

    /** Transactions came into the pool of a chain. */
    public Effects admitted(Hash chain) {
        return Effects.all(announcers.values().stream()
                .map(each -> each.transactions().wake(List.of(chain)))
                .toList());
    }

    /** Announces a new head, but not to those that have it or a better one by their status, as in a catch-up. */
    public Effects headMoved(Claim own, int undone) {
        Hash chain = own.chain();
        if (!heads.has(chain)) {
            return Effects.NONE;
        }
        Effects announced = Effects.all(announcers.values().stream()
                .filter(its -> its.peer().claim(chain).filter(own::better).isPresent())
                .map(its -> its.quants().wake(chain, own.hash()))
                .toList());
        if (undone == 0) {
            return announced;
        }
        // What was sealed when its turn came was never announced, and may wait again now.
        peerSet.all().forEach(peer -> peer.rewind(chain));
        return announced.and(admitted(chain));
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
                    return answered.fold(status -> statusReceived(peer, status), fault -> Effects.NONE);
                }));
    }
}
