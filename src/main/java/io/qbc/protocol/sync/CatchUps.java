package io.qbc.protocol.sync;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.sync.SyncRun.Ending;
import io.qbc.protocol.sync.SyncRun.Progress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The scheduler of sync runs: follows the best head of a live peer with at most one run a chain, and a few at a time.
 */
public final class CatchUps {
    private static final int RUNS_MAX = 4;

    private final ProtocolContext protocolContext;
    private final HeadList heads;
    private final PeerSet peerSet;
    private final Listener listener;
    private final LinkedHashMap<Hash, CatchUpPlan> plans = new LinkedHashMap<>();
    private final LinkedHashMap<Hash, SyncRun> running = new LinkedHashMap<>();
    private final Set<Hash> beginning = new LinkedHashSet<>();

    public CatchUps(ProtocolContext protocolContext, HeadList heads, PeerSet peerSet, Listener listener) {
        this.protocolContext = protocolContext;
        this.heads = heads;
        this.peerSet = peerSet;
        this.listener = listener;
    }

    /** A listener to the runs. */
    public interface Listener {
        default void following(PeerState peer, Claim claim) {}

        /**
         * A run is over.
         *
         * @param lied whether the peer claims a better head than it delivered
         */
        default void ended(PeerState peer, Ending how, boolean lied) {}
    }

    /** A live peer sent its status. */
    public Effects statusReceived(PeerState peer) {
        plans.forEach((chain, plan) -> peer.claim(chain)
                .ifPresentOrElse(claim -> plan.claimed(peer.key(), claim), () -> plan.left(peer.key())));
        return Effects.all(peer.listings().stream()
                .map(listing -> review(peer, listing.claim()))
                .toList());
    }

    /** A chain is here now; peers may have more of it. */
    public Effects opened(Hash chain) {
        return Effects.all(peerSet.live().stream()
                .map(peer -> peer.claim(chain).map(claim -> review(peer, claim)).orElse(Effects.NONE))
                .toList());
    }

    /** A chain is not followed any more. */
    public void forget(Hash chain) {
        plans.remove(chain);
        Optional.ofNullable(running.get(chain)).ifPresent(SyncRun::stop);
    }

    /** Whether a peer says that it has more of a chain, and has not been found to say so in vain. */
    public boolean ahead(PeerState peer, Claim claim) {
        boolean better = heads.claim(claim.chain()).filter(claim::better).isPresent();
        return better
                && !Optional.ofNullable(plans.get(claim.chain()))
                        .filter(plan -> plan.doubts(peer.key()))
                        .isPresent();
    }

    public void left(PeerState peer) {
        plans.values().forEach(plan -> plan.left(peer.key()));
    }

    public List<Progress> underWay() {
        return running.values().stream().map(SyncRun::progress).toList();
    }

    /** There is a plan only where a peer is ahead: most chains stand still at most times. */
    private Effects review(PeerState peer, Claim claim) {
        if (heads.claim(claim.chain()).filter(claim::better).isEmpty()) {
            return Effects.NONE;
        }
        plan(claim.chain()).claimed(peer.key(), claim);
        return consider(claim.chain());
    }

    private CatchUpPlan plan(Hash chain) {
        return plans.computeIfAbsent(chain, id -> new CatchUpPlan(protocolContext));
    }

    private Effects considerAll() {
        return Effects.all(
                List.copyOf(plans.keySet()).stream().map(this::consider).toList());
    }

    private Effects consider(Hash chain) {
        boolean busy = running.containsKey(chain) || beginning.contains(chain);
        if (busy || running.size() + beginning.size() >= RUNS_MAX) {
            return Effects.NONE;
        }
        return heads.claim(chain)
                .flatMap(own -> plan(chain).choose(own))
                .map(source -> begin(source.peer(), source.claim()))
                .orElse(Effects.NONE);
    }

    private Effects begin(Bytes key, Claim claim) {
        beginning.add(claim.chain());
        return Effects.of(Flow.of(new Effect.FindQuant(claim.chain(), claim.hash()))
                .after(known -> {
                    beginning.remove(claim.chain());
                    if (known.fold(Optional::isPresent, fault -> true)) {
                        // It came meanwhile, or cannot be looked up now: the next heartbeat shows what is left to do.
                        return Flow.of(new Effect.Refresh()).end(refreshed -> Effects.NONE);
                    }
                    Optional<? extends PeerState> peer = peerSet.live(key);
                    if (peer.isEmpty()) {
                        Optional.ofNullable(plans.get(claim.chain())).ifPresent(plan -> plan.left(key));
                        return Flow.done(Effects.NONE);
                    }
                    return Flow.done(follow(peer.get(), claim));
                }));
    }

    private Effects follow(PeerState peer, Claim claim) {
        Hash chain = claim.chain();
        SyncRun run = new SyncRun(
                protocolContext,
                peer,
                claim,
                how -> Effects.of(Flow.of(new Effect.Refresh()).end(refreshed -> {
                    running.remove(chain);
                    return settle(peer, chain, how);
                })));
        running.put(chain, run);
        listener.following(peer, claim);
        return run.begin();
    }

    private Effects settle(PeerState peer, Hash chain, Ending how) {
        if (!heads.has(chain)) {
            plans.remove(chain);
            return considerAll();
        }
        boolean lied = how instanceof Ending.Ended ended
                && heads.claim(chain).filter(ended.claim()::better).isPresent();
        listener.ended(peer, how, lied);
        CatchUpPlan plan = plan(chain);
        if (how instanceof Ending.Ended ended) {
            plan.claimed(peer.key(), ended.claim());
        }
        if (lied || how instanceof Ending.Wrong) {
            plan.failed(peer.key());
        } else if (how instanceof Ending.Ended) {
            plan.delivered(peer.key());
        } else if (how instanceof Ending.Slow || how instanceof Ending.Broken) {
            plan.broke(peer.key());
        } else {
            plan.postponed(peer.key());
        }
        if (peerSet.live(peer.key()).isEmpty()) {
            plan.left(peer.key());
        }
        // Others may have waited for their turn; after a fault of this node its next look at a peer is soon enough.
        return how instanceof Ending.Unable ? Effects.NONE : consider(chain).and(considerAll());
    }
}
