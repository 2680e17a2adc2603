package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.gossip.SyncRun.Outcome;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps every chain up with the best head that a live peer has: at most one run a chain, and a few at a time. */
final class CatchUps {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUps.class);

    private static final int RUNS_MAX = 4;

    private final Setting setting;
    private final Heads heads;
    private final Neighbours neighbours;
    private final Map<Hash, CatchUpPlan> plans = new LinkedHashMap<>();
    private final Map<Hash, SyncRun> running = new LinkedHashMap<>();
    private final Set<Hash> beginning = new LinkedHashSet<>();

    CatchUps(Setting setting, Heads heads, Neighbours neighbours) {
        this.setting = setting;
        this.heads = heads;
        this.neighbours = neighbours;
    }

    /** A live peer said which heads it has. */
    void told(Link peer) {
        plans.forEach((chain, plan) -> peer.claim(chain)
                .ifPresentOrElse(claim -> plan.claimed(peer.key(), claim), () -> plan.left(peer.key())));
        peer.listings().forEach(listing -> review(peer, listing.claim()));
    }

    /** A chain is here now; peers may have more of it. */
    void opened(Hash chain) {
        neighbours.live().forEach(peer -> peer.claim(chain).ifPresent(claim -> review(peer, claim)));
    }

    /** A chain is not followed any more. */
    void forget(Hash chain) {
        plans.remove(chain);
        SyncRun run = running.get(chain);
        if (run != null) {
            run.stop();
        }
    }

    /** There is a plan only where a peer is ahead: most chains stand still at most times. */
    private void review(Link peer, Claim claim) {
        if (heads.head(claim.chain()).filter(claim::better).isPresent()) {
            plan(claim.chain()).claimed(peer.key(), claim);
            consider(claim.chain());
        }
    }

    /** Whether a peer says that it has more of a chain, and has not been found to say so in vain. */
    boolean ahead(Link peer, Claim claim) {
        boolean better = heads.head(claim.chain()).filter(claim::better).isPresent();
        return better
                && !Optional.ofNullable(plans.get(claim.chain()))
                        .filter(plan -> plan.doubts(peer.key()))
                        .isPresent();
    }

    void left(Link peer) {
        plans.values().forEach(plan -> plan.left(peer.key()));
    }

    List<CatchUp> underWay() {
        return running.values().stream().map(SyncRun::progress).toList();
    }

    void report() {
        running.values().forEach(SyncRun::report);
    }

    private CatchUpPlan plan(Hash chain) {
        return plans.computeIfAbsent(chain, id -> new CatchUpPlan(setting.backoff(), setting.chance()));
    }

    private void consider(Hash chain) {
        boolean busy = running.containsKey(chain) || beginning.contains(chain);
        if (busy || running.size() + beginning.size() >= RUNS_MAX) {
            return;
        }
        heads.head(chain)
                .flatMap(own -> plan(chain).choose(own, setting.now()))
                .ifPresent(source -> begin(source.peer(), source.claim()));
    }

    private void begin(Bytes key, Claim claim) {
        beginning.add(claim.chain());
        setting.bus()
                .ask(Catalogue.FIND_QUANT, new FindQuant(claim.chain(), new QuantName.ByHash(claim.hash())))
                .map(found -> found.quant().isPresent())
                .onComplete(known -> {
                    beginning.remove(claim.chain());
                    if (known.failed() || known.result()) {
                        // It came meanwhile, or cannot be looked up now: the next heartbeat shows what is left to do.
                        heads.refresh()
                                .onFailure(cause -> LOG.debug("the store does not answer: {}", cause.toString()));
                        return;
                    }
                    neighbours
                            .live(key)
                            .ifPresentOrElse(
                                    peer -> follow(peer, claim),
                                    () -> Optional.ofNullable(plans.get(claim.chain()))
                                            .ifPresent(plan -> plan.left(key)));
                });
    }

    private void follow(Link peer, Claim claim) {
        Hash chain = claim.chain();
        SyncRun run = new SyncRun(setting, neighbours, peer, claim);
        running.put(chain, run);
        LOG.debug("following {} to height {}", peer, claim.height());
        run.run()
                .compose(outcome -> heads.refresh().otherwiseEmpty().map(refreshed -> outcome))
                .onComplete(ended -> {
                    running.remove(chain);
                    settle(peer, chain, ended.result());
                });
    }

    private void settle(Link peer, Hash chain, Outcome outcome) {
        if (!heads.has(chain)) {
            plans.remove(chain);
            List.copyOf(plans.keySet()).forEach(this::consider);
            return;
        }
        CatchUpPlan plan = plan(chain);
        if (outcome instanceof Outcome.Ended ended) {
            plan.claimed(peer.key(), ended.claim());
            boolean lied = heads.head(chain).filter(ended.claim()::better).isPresent();
            if (lied) {
                LOG.warn(
                        "{} claims height {} and does not deliver it",
                        peer,
                        ended.claim().height());
                plan.failed(peer.key(), setting.now());
            } else {
                plan.delivered(peer.key());
            }
        } else if (outcome instanceof Outcome.Wrong wrong) {
            LOG.warn("{} is not followed for a while: {}", peer, wrong.why());
            plan.failed(peer.key(), setting.now());
        } else if (outcome instanceof Outcome.Broken broken) {
            LOG.info("following {} broke off: {}", peer, broken.why());
            plan.postponed(peer.key(), setting.now());
        } else if (outcome instanceof Outcome.Unable unable) {
            LOG.warn("this node cannot catch up at present: {}", unable.why());
            plan.postponed(peer.key(), setting.now());
            return;
        }
        if (!peer.live()) {
            plan.left(peer.key());
        }
        consider(chain);
        // Others may have waited for their turn.
        List.copyOf(plans.keySet()).forEach(this::consider);
    }
}
