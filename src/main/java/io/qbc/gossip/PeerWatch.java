package io.qbc.gossip;

import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.gossip.chains.ChainLimits;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerClocks;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch of how this node stands beside its peers: chains of which they have more for long, clocks that differ,
 * identities that several nodes show.
 */
final class PeerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PeerWatch.class);
    private static final String SHARED = "identity_shared";
    /** How long a chain is behind, without getting nearer, before that is worth a warning. */
    private static final long LAG_MILLIS = 30_000;
    /** Clocks that differ by this part of what a quant's time may be ahead are worth one. */
    private static final int DRIFT_PARTS = 3;

    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final PeerManager peerManager;
    private final PeerClocks clocks;
    private final BiPredicate<ConnectedPeer, Claim> ahead;
    private final TreeMap<Hash, Lag> lags = new TreeMap<>();
    private Map<String, Warning> told = new HashMap<>();

    /** @param ahead whether a peer has more of a chain, and can be believed */
    PeerWatch(
            GossipContext gossipContext,
            LocalChains chains,
            PeerManager peerManager,
            PeerClocks clocks,
            BiPredicate<ConnectedPeer, Claim> ahead) {
        this.gossipContext = gossipContext;
        this.chains = chains;
        this.peerManager = peerManager;
        this.clocks = clocks;
        this.ahead = ahead;
    }

    /**
     * A chain of which peers have more.
     *
     * @param height the best of theirs
     * @param own this node's
     * @param since when it was seen first at this height of its own
     */
    private record Lag(long height, long own, long since) {
        /** A better branch may be no longer than the own one. */
        long quants() {
            return Math.max(1, height - own);
        }
    }

    /** Looks at the peers, and logs each warning once. */
    void look() {
        lookAtChains();
        Map<String, Warning> present = new HashMap<>();
        warnings().forEach(warning -> present.put(key(warning), warning));
        present.forEach((key, warning) -> {
            if (!told.containsKey(key)) {
                LOG.warn("{}", warning.detail());
            }
        });
        told.forEach((key, warning) -> {
            if (!present.containsKey(key)) {
                LOG.info("no more: {}", warning.detail());
            }
        });
        told = present;
    }

    /** The same warning, though its numbers change. */
    private static String key(Warning warning) {
        boolean own = warning.code().equals(SHARED);
        return warning.code() + (own ? warning.detail() : warning.chain().orElse(""));
    }

    PeerView view() {
        Map<Hash, Long> behind = new HashMap<>();
        lags.forEach((chain, lag) -> behind.put(chain, lag.quants()));
        return new PeerView(behind, clocks.aheadMillis(gossipContext.now()), warnings());
    }

    private void lookAtChains() {
        Map<Hash, Long> best = new TreeMap<>();
        peerManager
                .live()
                .forEach(peer -> peer.listings().stream()
                        .map(listing -> listing.claim())
                        .filter(claim -> ahead.test(peer, claim))
                        .forEach(claim -> best.merge(claim.chain(), claim.height(), Math::max)));
        lags.keySet().retainAll(best.keySet());
        best.forEach((chain, height) -> chains.heads()
                .claim(chain)
                .ifPresent(claim -> lags.compute(chain, (id, before) -> lag(before, height, claim.height()))));
    }

    private Lag lag(Lag before, long height, long own) {
        boolean same = before != null && before.own() == own;
        return new Lag(height, own, same ? before.since() : gossipContext.now());
    }

    private List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        long now = gossipContext.now();
        lags.forEach((chain, lag) -> {
            if (now - lag.since() >= LAG_MILLIS) {
                String name = chains.name(chain).orElse(chain.hex());
                warnings.add(new Warning("chain_behind", Optional.of(name), behind(chain, name, lag)));
            }
        });
        clocks.aheadMillis(now)
                .filter(millis -> Math.abs(millis) > driftMillis() / DRIFT_PARTS)
                .ifPresent(millis -> warnings.add(new Warning("clock_skewed", Optional.empty(), skewed(millis))));
        peerManager
                .sharedIdentities()
                .forEach(sentence -> warnings.add(new Warning(SHARED, Optional.empty(), sentence)));
        return warnings;
    }

    private long driftMillis() {
        return gossipContext.config().ledger().driftMax().toMillis();
    }

    private String behind(Hash chain, String name, Lag lag) {
        Optional<String> shortcoming =
                chains.spec(chain).flatMap(spec -> ChainLimits.shortcoming(gossipContext.config(), spec));
        return "the chain " + name + " stands at height " + lag.own() + ", and peers have height " + lag.height()
                + shortcoming.map(why -> "; " + why).orElse("");
    }

    private static String skewed(long millis) {
        return "this node's clock is " + Math.abs(millis) / 1000 + " s " + (millis > 0 ? "behind" : "ahead of")
                + " those of its peers";
    }
}
