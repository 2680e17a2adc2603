package io.qbc.gossip.chains;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerCallFailure;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.peer.Ration;
import io.qbc.spec.ChainSpecReader;
import io.qbc.spec.SpecException;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discovery of the chains of peers that this node is to follow: fetches the spec, checks that it has the id it goes by,
 * and bangs. A fork waits until its parent is here up to where it leaves it.
 */
public final class ChainDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(ChainDiscovery.class);
    private static final int FETCHES_MAX = 4;
    private static final int KEPT_MAX = 4096;
    private static final long HOUR_MILLIS = 3_600_000;
    /** All peers that nobody configured bring as many new chains as so many of them. */
    private static final int STRANGERS = 4;
    /** They fill no more than this part of all places, so that some are left for chains that somebody here wants. */
    private static final int STRANGERS_PARTS = 2;

    private static final String ALL = "";

    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final FollowedChains followed;
    private final PeerManager peerManager;
    private final Set<Hash> underWay = new LinkedHashSet<>();
    /** Chains that are wanted only because a wanted fork leaves them. */
    private final Set<Hash> parents = new LinkedHashSet<>();

    private final Map<Source, Attempts> attempts = new LinkedHashMap<>();
    /** Chains that have to wait, since those who have them brought too many. */
    private final Set<Hash> postponed = new LinkedHashSet<>();

    private final Ration perPeer;
    private final Ration perAll;

    public ChainDiscovery(
            GossipContext gossipContext, LocalChains chains, FollowedChains followed, PeerManager peerManager) {
        this.gossipContext = gossipContext;
        this.chains = chains;
        this.followed = followed;
        this.peerManager = peerManager;
        int most = gossipContext.config().chains().newPerPeer();
        perPeer = new Ration(most, HOUR_MILLIS);
        perAll = new Ration((long) STRANGERS * most, HOUR_MILLIS);
    }

    /** A chain from a peer; the key is empty for what no peer is to blame for. */
    private record Source(Hash chain, Bytes peer) {}

    /** How often a chain could not be made, and from when on that is tried again. */
    private record Attempts(int failures, long until) {}

    /** What must happen before a chain can be made; tried again soon. */
    private static final class NotYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYet(String why) {
            super(why, null, false, false);
        }
    }

    /** Looks at what all live peers have. */
    void look() {
        peerManager.live().forEach(this::look);
    }

    /** Looks at what a peer has. */
    public void look(ConnectedPeer peer) {
        for (Listing listing : peer.listings()) {
            boolean hasRoom = underWay.size() < FETCHES_MAX
                    && chains.count() + underWay.size()
                            < gossipContext.config().chains().max();
            if (!hasRoom) {
                return;
            }
            if (wanted(peer, listing)) {
                if (admitted(peer, listing)) {
                    take(peer, listing);
                } else if (postponed.size() < KEPT_MAX) {
                    postponed.add(listing.claim().chain());
                }
            }
        }
    }

    /** How many chains have to wait, since those who have them brought too many. */
    public int postponed() {
        return postponed.size();
    }

    /** Whether it may be taken over now: what nobody here named, and no configured peer has, is rationed. */
    private boolean admitted(ConnectedPeer peer, Listing listing) {
        Hash id = listing.claim().chain();
        if (peerManager.isConfigured(peer.key())
                || followed.named(id, listing.name(), isFree(listing.name()))
                || parents.contains(id)) {
            return true;
        }
        String key = peer.key().hex();
        long now = gossipContext.now();
        int places = gossipContext.config().chains().max() / STRANGERS_PARTS;
        return chains.count() + underWay.size() < Math.max(1, places)
                && perPeer.has(key, now)
                && perAll.take(ALL, now)
                && perPeer.take(key, now);
    }

    private boolean isFree(String name) {
        return chains.named(name).isEmpty();
    }

    /** The chain is here; what waited for it may go on. */
    public void opened(Hash chain) {
        parents.remove(chain);
        postponed.remove(chain);
        forgive(chain);
        look();
    }

    /** Somebody asked for a chain: earlier failures do not count. */
    public void encourage(Optional<Hash> chain) {
        chain.ifPresent(this::forgive);
        look();
    }

    private void forgive(Hash chain) {
        attempts.keySet().removeIf(source -> source.chain().equals(chain));
    }

    private boolean wanted(ConnectedPeer peer, Listing listing) {
        Hash id = listing.claim().chain();
        if (chains.here(id) || underWay.contains(id) || listing.name().equals(AuditChain.NAME)) {
            return false;
        }
        boolean due = due(new Source(id, Bytes.EMPTY)) && due(new Source(id, peer.key()));
        boolean parent = parents.contains(id) && !followed.left(id, listing.name());
        return due && (parent || followed.wants(id, listing.name(), isFree(listing.name())));
    }

    private boolean due(Source source) {
        Attempts before = attempts.get(source);
        return before == null || before.until() <= gossipContext.now();
    }

    private void take(ConnectedPeer peer, Listing listing) {
        Hash id = listing.claim().chain();
        underWay.add(id);
        peerManager
                .call(peer, PeerMethod.SPEC, new About(id))
                .compose(document -> gossipContext.compute(() -> read(id, document.text(), peer)))
                .compose(this::withParent)
                .compose(spec -> gossipContext.bus().ask(Catalogue.BANG, Bang.foreign(spec)))
                .onComplete(banged -> underWay.remove(id))
                .onSuccess(banged -> made(listing))
                .onFailure(cause -> failed(peer, listing, cause));
    }

    private static ChainSpec read(Hash id, Bytes document, ConnectedPeer peer) {
        ChainSpec spec = ChainSpecReader.read(document, "the spec from " + peer);
        if (!spec.id().equals(id)) {
            throw new FalseSpec(peer + " gave a spec that is not that of the chain " + id);
        }
        if (spec.name().equals(AuditChain.NAME)) {
            throw new PeerCallFailure(Fault.Kind.DECLINED, peer + " offers a chain with the name of audit trails");
        }
        return spec;
    }

    /** Only whoever made it up has such a spec. */
    private static final class FalseSpec extends PeerCallFailure {
        private static final long serialVersionUID = 1L;

        FalseSpec(String detail) {
            super(Fault.Kind.DECLINED, detail);
        }
    }

    /** The spec, once the parent of a fork is here. */
    private Future<ChainSpec> withParent(ChainSpec spec) {
        if (spec.fork().isEmpty()) {
            return Future.succeededFuture(spec);
        }
        ChainSpec.ForkPoint point = spec.fork().get();
        if (!chains.here(point.chain())) {
            if (parents.size() < KEPT_MAX) {
                parents.add(point.chain());
            }
            return Future.failedFuture(new NotYet("its parent " + point.chain() + " is not here"));
        }
        return gossipContext
                .bus()
                .ask(Catalogue.FIND_QUANT, new FindQuant(point.chain(), new QuantName.ByHash(point.quant())))
                .map(found -> {
                    if (found.quant().filter(quant -> quant.onChain()).isEmpty()) {
                        throw new NotYet("its parent is not here up to height " + point.height());
                    }
                    return spec;
                });
    }

    private void made(Listing listing) {
        LOG.info("following the chain {} {}", listing.name(), listing.claim().chain());
        look();
    }

    /** What one peer does wrong keeps nobody from asking another one. */
    private void failed(ConnectedPeer peer, Listing listing, Throwable cause) {
        if (cause instanceof SpecException || cause instanceof PeerCallFailure || cause instanceof Failure) {
            LOG.warn("the chain {} of a peer is not taken over: {}", listing.name(), cause.getMessage());
        } else {
            LOG.debug("the chain {} of a peer must wait: {}", listing.name(), cause.toString());
        }
        if (cause instanceof FalseSpec) {
            peerManager.conduct().report(peer.key().hex(), Misbehaviour.FALSE_SPEC);
        }
        boolean blamed = cause instanceof SpecException || cause instanceof PeerCallFailure;
        postpone(new Source(listing.claim().chain(), blamed ? peer.key() : Bytes.EMPTY), cause instanceof NotYet);
        look();
    }

    private void postpone(Source source, boolean soon) {
        Attempts before = attempts.remove(source);
        int failures = soon ? 1 : (before == null ? 1 : before.failures() + 1);
        attempts.put(
                source,
                new Attempts(
                        failures,
                        gossipContext.now()
                                + gossipContext
                                        .backoff()
                                        .pause(failures, gossipContext.random().nextDouble())));
        if (attempts.size() > KEPT_MAX) {
            Iterator<Source> eldest = attempts.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }
}
