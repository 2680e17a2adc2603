package io.qbc.gossip;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What one node of the simulator decides about its peers, by the product's own {@link CatchUpPlan} and promises. */
public final class SimPeers {
    private static final int PROMISES = 1000;
    private static final long PROMISE_MS = 2000;

    private final Hash chain;
    private final CatchUpPlan plan;
    private final Promises promises = new Promises(PROMISES, PROMISE_MS);

    public SimPeers(Hash chain, RandomGenerator chance) {
        this.chain = chain;
        this.plan = new CatchUpPlan(new Backoff(500, 8000), chance);
    }

    public void claimed(int peer, Head head) {
        plan.claimed(key(peer), Claim.of(chain, head));
    }

    public void left(int peer) {
        plan.left(key(peer));
    }

    /** Whom to catch up from. */
    public Optional<Integer> choose(Head own, long now) {
        return plan.choose(own, now)
                .map(source -> Integer.parseInt(source.peer().text()));
    }

    public void delivered(int peer) {
        plan.delivered(key(peer));
    }

    public void failed(int peer, long now) {
        plan.failed(key(peer), now);
    }

    public void postponed(int peer, long now) {
        plan.postponed(key(peer), now);
    }

    /** Those of the ids that are to be fetched now. */
    public List<Hash> claim(List<Hash> ids, long now) {
        return promises.claim(ids, now);
    }

    public void settle(List<Hash> ids) {
        promises.settle(ids);
    }

    private static Bytes key(int peer) {
        return Bytes.utf8(Integer.toString(peer));
    }
}
