package io.qbc.gossip;

import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Follow;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.Known;
import io.qbc.gossip.chains.ChainDiscovery;
import io.qbc.gossip.chains.FollowFile;
import io.qbc.gossip.chains.Followed;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Hash;
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

/** Chains come and go at run time, by this node's own doing or because somebody follows them or no more. */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final GossipContext gossipContext;
    private final Heads heads;
    private final Followed followed;
    private final PeerManager peerManager;
    private final Talk talk;
    private final ChainDiscovery chainDiscovery;
    private final FollowFile file;
    private Future<Void> saved = Future.succeededFuture();

    Membership(
            GossipContext gossipContext,
            Heads heads,
            Followed followed,
            PeerManager peerManager,
            Talk talk,
            ChainDiscovery chainDiscovery) {
        this.gossipContext = gossipContext;
        this.heads = heads;
        this.followed = followed;
        this.peerManager = peerManager;
        this.talk = talk;
        this.chainDiscovery = chainDiscovery;
        file = new FollowFile(gossipContext.config().data());
    }

    /** Takes up what earlier runs were told. */
    Future<Void> restore() {
        return gossipContext
                .compute(file::read)
                .otherwise(Membership::unreadable)
                .map(stored -> {
                    followed.restore(stored);
                    return null;
                });
    }

    void opened(Chain chain) {
        Hash id = chain.id();
        boolean fresh = !heads.here(id);
        if (fresh) {
            followed.made(id, chain.spec().name());
        }
        heads.put(chain);
        if (fresh) {
            begin(id);
            chainDiscovery.opened(id);
            save().onFailure(Membership::unsaved);
        }
    }

    /** A chain that was dropped here is not fetched again by itself. */
    void closed(Hash chain) {
        followed.leave(chain.hex(), Optional.of(chain), heads.name(chain));
        heads.closed(chain);
        end(chain);
        save().onFailure(Membership::unsaved);
    }

    /** Answers once the decision is stored. */
    Future<Following> follow(Follow ask) {
        Optional<Hash> id = resolve(ask.chain());
        if (ask.follow()) {
            followed.join(ask.chain(), id);
            id.ifPresent(heads::touch);
            id.filter(heads::has).ifPresent(this::begin);
            chainDiscovery.encourage(id);
        } else {
            followed.leave(ask.chain(), id, id.flatMap(this::name));
            id.ifPresent(heads::touch);
            id.ifPresent(this::end);
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
                    Known one = new Known(id, listing.name(), heads.here(id), talk.ahead(peer, listing.claim()));
                    known.merge(id, one, (before, now) -> now.ahead() ? now : before);
                }));
        List<String> names = new ArrayList<>();
        heads.ids().forEach(id -> heads.name(id).ifPresent(names::add));
        followed.joined().stream()
                .filter(chain -> resolve(chain).filter(heads::here).isEmpty())
                .forEach(names::add);
        return new Following(names, List.copyOf(known.values()));
    }

    private void begin(Hash chain) {
        talk.opened(chain);
    }

    private void end(Hash chain) {
        talk.forget(chain);
    }

    private Optional<Hash> resolve(String chain) {
        return Hash.parse(chain)
                .or(() -> heads.named(chain))
                .or(() -> listings()
                        .filter(listing -> listing.name().equals(chain))
                        .map(listing -> listing.claim().chain())
                        .min(Hash::compareTo));
    }

    private Optional<String> name(Hash chain) {
        return heads.name(chain)
                .or(() -> listings()
                        .filter(listing -> listing.claim().chain().equals(chain))
                        .map(Listing::name)
                        .findFirst());
    }

    private Stream<Listing> listings() {
        return peerManager.live().stream().flatMap(peer -> peer.listings().stream());
    }

    private static Followed.Stored unreadable(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.warn("starting without what earlier runs joined and left: {}", cause.getMessage());
            return Followed.Stored.NOTHING;
        }
        throw new IllegalStateException(cause);
    }

    private static void unsaved(Throwable cause) {
        LOG.warn("what is followed could not be written down: {}", cause.toString());
    }
}
