package io.qbc.gossip;

import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Follow;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.Known;
import io.qbc.bus.Failure;
import io.qbc.config.ConfigException;
import io.qbc.gossip.chains.ChainDiscovery;
import io.qbc.gossip.chains.ChainLimits;
import io.qbc.gossip.chains.FollowFile;
import io.qbc.gossip.chains.FollowedChains;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.AuditChain;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.protocol.message.Listing;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The set of followed chains at run time: chains are opened and closed on this node, and its operator follows and
 * leaves them.
 */
final class ChainFollower {
    private static final Logger LOG = LoggerFactory.getLogger(ChainFollower.class);

    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final FollowedChains followed;
    private final PeerManager peerManager;
    private final ProtocolDriver driver;
    private final ChainDiscovery chainDiscovery;
    private final FollowFile file;
    private Future<Void> saved = Future.succeededFuture();

    ChainFollower(
            GossipContext gossipContext,
            LocalChains chains,
            FollowedChains followed,
            PeerManager peerManager,
            ProtocolDriver driver,
            ChainDiscovery chainDiscovery) {
        this.gossipContext = gossipContext;
        this.chains = chains;
        this.followed = followed;
        this.peerManager = peerManager;
        this.driver = driver;
        this.chainDiscovery = chainDiscovery;
        file = new FollowFile(gossipContext.config().data());
    }

    /** Restores what earlier runs followed and left. */
    Future<Void> restore() {
        return gossipContext
                .compute(file::read)
                .otherwise(ChainFollower::unreadable)
                .map(stored -> {
                    followed.restore(stored);
                    return null;
                });
    }

    void opened(Chain chain) {
        if (AuditChain.is(chain.spec())) {
            return;
        }
        Hash id = chain.id();
        boolean fresh = !chains.here(id);
        if (fresh) {
            followed.made(id, chain.spec().name());
        }
        chains.put(chain);
        if (fresh) {
            ChainLimits.shortcoming(gossipContext.config(), chain.spec())
                    .ifPresent(why -> LOG.warn(
                            "the chain {} may stay behind: {}", chain.spec().name(), why));
            driver.opened(id);
            chainDiscovery.opened(id);
            save().onFailure(ChainFollower::unsaved);
        }
    }

    /** A chain that was dropped here is not fetched again by itself. */
    void closed(Hash chain) {
        followed.leave(chain.hex(), Optional.of(chain), chains.name(chain));
        chains.closed(chain);
        driver.forget(chain);
        save().onFailure(ChainFollower::unsaved);
    }

    /** Answers once the decision is stored. */
    Future<Following> follow(Follow ask) {
        if (ask.chain().equals(AuditChain.NAME)) {
            return Future.failedFuture(
                    new Failure(Reason.CHAIN_RESERVED, "an audit trail is its node's own, and follows nobody's"));
        }
        Optional<Hash> id = resolve(ask.chain());
        if (ask.follow()) {
            followed.join(ask.chain(), id);
            id.ifPresent(chains::touch);
            id.filter(chains::has).ifPresent(driver::opened);
            chainDiscovery.encourage(id);
        } else {
            followed.leave(ask.chain(), id, id.flatMap(this::name));
            id.ifPresent(chains::touch);
            id.ifPresent(driver::forget);
        }
        return save().map(stored -> following());
    }

    /** Ends once all that was decided so far is stored. */
    Future<Void> save() {
        saved = saved.transform(before -> followed.unsaved()
                .map(stored -> gossipContext
                        .compute(() -> file.write(stored))
                        .<Void>mapEmpty()
                        .onFailure(cause -> followed.lost()))
                .orElseGet(Future::succeededFuture));
        return saved;
    }

    /** What is followed here, and what live peers have. */
    Following following() {
        SortedMap<Hash, Known> known = new TreeMap<>();
        peerManager
                .live()
                .forEach(peer -> peer.listings().forEach(listing -> {
                    Hash id = listing.claim().chain();
                    Known one = new Known(id, listing.name(), chains.here(id), driver.ahead(peer, listing.claim()));
                    known.merge(id, one, (before, now) -> now.ahead() ? now : before);
                }));
        List<String> names = new ArrayList<>();
        chains.ids().forEach(id -> chains.name(id).ifPresent(names::add));
        followed.joined().stream()
                .filter(chain -> resolve(chain).filter(chains::here).isEmpty())
                .forEach(names::add);
        return new Following(names, List.copyOf(known.values()));
    }

    private Optional<Hash> resolve(String chain) {
        return Hash.parse(chain)
                .or(() -> chains.named(chain))
                .or(() -> listings()
                        .filter(listing -> listing.name().equals(chain))
                        .map(listing -> listing.claim().chain())
                        .min(Hash::compareTo));
    }

    private Optional<String> name(Hash chain) {
        return chains.name(chain)
                .or(() -> listings()
                        .filter(listing -> listing.claim().chain().equals(chain))
                        .map(Listing::name)
                        .findFirst());
    }

    private Stream<Listing> listings() {
        return peerManager.live().stream().flatMap(peer -> peer.listings().stream());
    }

    private static FollowedChains.Stored unreadable(Throwable cause) {
        if (cause instanceof IOException) {
            // What was left would come again, and nobody had asked for it.
            throw new ConfigException(cause.getMessage() + "; put it back from a backup, or remove it, and the node"
                    + " forgets which chains were joined and left while it ran");
        }
        throw new IllegalStateException(cause);
    }

    private static void unsaved(Throwable cause) {
        LOG.warn("what is followed could not be written down: {}", cause.toString());
    }
}
