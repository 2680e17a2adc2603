package io.qbc.protocol.sync;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.peer.Acquaintance;
import io.qbc.protocol.peer.Company;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.Means;
import io.qbc.protocol.sync.SyncRun.Ending;
import io.qbc.protocol.sync.SyncRun.Progress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps every chain up with the best head that a live peer has: at most one run a chain, and a few at a time. */
public final class CatchUps {
    private static final int RUNS_MAX = 4;

    private final Means means;
    private final HeadList heads;
    private final Company company;
    private final Witness witness;
    private final LinkedHashMap<Hash, CatchUpPlan> plans = new LinkedHashMap<>();
    private final LinkedHashMap<Hash, SyncRun> running = new LinkedHashMap<>();
    private final Set<Hash> beginning = new LinkedHashSet<>();

    public CatchUps(Means means, HeadList heads, Company company, Witness witness) {
        this.means = means;
        this.heads = heads;
        this.company = company;
        this.witness = witness;
    }

    /** Hears of runs, for people who want to know. */
    public interface Witness {
        default void following(Acquaintance peer, Claim claim) {}

        /**
         * A run is over.
         *
         * @param lied whether the peer claims a better head than it delivered
         */
        default void ended(Acquaintance peer, Ending how, boolean lied) {}
    }

    /** A live peer said which heads it has. */
    public Step told(Acquaintance peer) {
        plans.forEach((chain, plan) -> peer.claim(chain)
                .ifPresentOrElse(claim -> plan.claimed(peer.key(), claim), () -> plan.left(peer.key())));
        return Step.all(peer.listings().stream()
                .map(listing -> review(peer, listing.claim()))
                .toList());
    }

    /** A chain is here now; peers may have more of it. */
    public Step opened(Hash chain) {
        return Step.all(company.live().stream()
                .map(peer -> peer.claim(chain).map(claim -> review(peer, claim)).orElse(Step.NONE))
                .toList());
    }

    /** A chain is not followed any more. */
    public void forget(Hash chain) {
        plans.remove(chain);
        Optional.ofNullable(running.get(chain)).ifPresent(SyncRun::stop);
    }

    /** Whether a peer says that it has more of a chain, and has not been found to say so in vain. */
    public boolean ahead(Acquaintance peer, Claim claim) {
        boolean better = heads.claim(claim.chain()).filter(claim::better).isPresent();
        return better
                && !Optional.ofNullable(plans.get(claim.chain()))
                        .filter(plan -> plan.doubts(peer.key()))
                        .isPresent();
    }

    public void left(Acquaintance peer) {
        plans.values().forEach(plan -> plan.left(peer.key()));
    }

    public List<Progress> underWay() {
        return running.values().stream().map(SyncRun::progress).toList();
    }

    /** There is a plan only where a peer is ahead: most chains stand still at most times. */
    private Step review(Acquaintance peer, Claim claim) {
        if (heads.claim(claim.chain()).filter(claim::better).isEmpty()) {
            return Step.NONE;
        }
        plan(claim.chain()).claimed(peer.key(), claim);
        return consider(claim.chain());
    }

    private CatchUpPlan plan(Hash chain) {
        return plans.computeIfAbsent(chain, id -> new CatchUpPlan(means));
    }

    private Step considerAll() {
        return Step.all(List.copyOf(plans.keySet()).stream().map(this::consider).toList());
    }

    private Step consider(Hash chain) {
        boolean busy = running.containsKey(chain) || beginning.contains(chain);
        if (busy || running.size() + beginning.size() >= RUNS_MAX) {
            return Step.NONE;
        }
        return heads.claim(chain)
                .flatMap(own -> plan(chain).choose(own))
                .map(source -> begin(source.peer(), source.claim()))
                .orElse(Step.NONE);
    }

    private Step begin(Bytes key, Claim claim) {
        beginning.add(claim.chain());
        return Step.of(Task.of(new Want.FindQuant(claim.chain(), claim.hash())).after(known -> {
            beginning.remove(claim.chain());
            if (known.fold(Optional::isPresent, fault -> true)) {
                // It came meanwhile, or cannot be looked up now: the next heartbeat shows what is left to do.
                return Task.of(new Want.Refresh()).end(refreshed -> Step.NONE);
            }
            Optional<? extends Acquaintance> peer = company.live(key);
            if (peer.isEmpty()) {
                Optional.ofNullable(plans.get(claim.chain())).ifPresent(plan -> plan.left(key));
                return Task.done(Step.NONE);
            }
            return Task.done(follow(peer.get(), claim));
        }));
    }

    private Step follow(Acquaintance peer, Claim claim) {
        Hash chain = claim.chain();
        SyncRun run = new SyncRun(
                means,
                peer,
                claim,
                how -> Step.of(Task.of(new Want.Refresh()).end(refreshed -> {
                    running.remove(chain);
                    return settle(peer, chain, how);
                })));
        running.put(chain, run);
        witness.following(peer, claim);
        return run.begin();
    }

    private Step settle(Acquaintance peer, Hash chain, Ending how) {
        if (!heads.has(chain)) {
            plans.remove(chain);
            return considerAll();
        }
        boolean lied = how instanceof Ending.Ended ended
                && heads.claim(chain).filter(ended.claim()::better).isPresent();
        witness.ended(peer, how, lied);
        CatchUpPlan plan = plan(chain);
        if (how instanceof Ending.Ended ended) {
            plan.claimed(peer.key(), ended.claim());
        }
        if (lied || how instanceof Ending.Wrong) {
            plan.failed(peer.key());
        } else if (how instanceof Ending.Ended) {
            plan.delivered(peer.key());
        } else {
            plan.postponed(peer.key());
        }
        if (company.live(peer.key()).isEmpty()) {
            plan.left(peer.key());
        }
        // Others may have waited for their turn; after a fault of this node its next look at a peer is soon enough.
        return how instanceof Ending.Unable ? Step.NONE : consider(chain).and(considerAll());
    }
}
