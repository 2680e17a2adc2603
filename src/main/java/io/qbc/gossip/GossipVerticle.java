package io.qbc.gossip;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.config.NodeConfig;
import io.qbc.gossip.chains.ChainDiscovery;
import io.qbc.gossip.chains.Followed;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.AddressPolicy;
import io.qbc.gossip.peers.Calls;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.Handshake;
import io.qbc.gossip.peers.PeerFile;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.ledger.DataRules;
import io.qbc.model.Signer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node among its peers: finds them, tells them what is new, and catches up with them. */
public final class GossipVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(GossipVerticle.class);
    private static final int LABOURERS = 2;
    private static final int NAME_THREADS = 4;
    private static final long TICK_MIN = 10;
    private static final long TICK_MAX = 250;
    private static final long REPORT_MILLIS = 5_000;

    private final NodeConfig config;
    private final String advertised;
    private final Signer identity;
    private final InstantSource clock;
    private final Random jitter;
    private final Duration askTimeout;
    private final DataRules.Reader rules;
    private final PeerFile file;
    private WorkerExecutor labour;
    private WorkerExecutor names;
    private Calls calls;
    private Heads heads;
    private PeerManager peerManager;
    private Talk talk;
    private Membership membership;
    private boolean saving;

    /**
     * One node's gossip.
     *
     * @param advertised this node's base address as peers call it, or empty if they cannot
     * @param jitter chance for pauses; what must not be foreseen does not come from it
     * @param askTimeout how long to wait for the node's other parts
     * @param rules makes a chain's data rules, which peers' transactions must keep
     */
    public GossipVerticle(
            NodeConfig config,
            String advertised,
            Signer identity,
            InstantSource clock,
            Random jitter,
            Duration askTimeout,
            DataRules.Reader rules) {
        this.config = config;
        this.advertised = advertised;
        this.identity = identity;
        this.clock = clock;
        this.jitter = jitter;
        this.askTimeout = askTimeout;
        this.rules = rules;
        file = new PeerFile(config.data());
    }

    @Override
    public Future<?> start() {
        GossipContext gossipContext = gossipContext();
        AddressPolicy policy = new AddressPolicy(config.gossip().networks());
        calls = new Calls(gossipContext);
        Handshake handshake = new Handshake(gossipContext, calls);
        Followed followed = new Followed(config.chains());
        heads = new Heads(gossipContext, followed, rules);
        peerManager = new PeerManager(gossipContext, policy, calls, handshake);
        ChainDiscovery chainDiscovery = new ChainDiscovery(gossipContext, heads, followed, peerManager);
        talk = new Talk(gossipContext, heads, peerManager, chainDiscovery);
        peerManager.listener(talk);
        membership = new Membership(gossipContext, heads, followed, peerManager, talk, chainDiscovery);
        LeapForward leaps = new LeapForward(gossipContext, heads, peerManager, talk::admitted);
        PeerRequestServer door = new PeerRequestServer(gossipContext, heads, peerManager, handshake, talk, leaps);
        Bus bus = gossipContext.bus();
        return Future.all(List.of(
                        bus.serve(Catalogue.FIND_PEERS, question -> Future.succeededFuture(peers())),
                        bus.serve(Catalogue.DISCOVER, discover -> peerManager.discover(discover.address())),
                        bus.serve(Catalogue.PEER_CALL, door::answer),
                        bus.serve(Catalogue.FOLLOW, membership::follow),
                        bus.serve(Catalogue.FIND_FOLLOWING, question -> Future.succeededFuture(membership.following())),
                        bus.serve(Catalogue.FORWARD_LEAP, leaps::forward),
                        bus.follow(Catalogue.CHAIN_OPENED, opened -> membership.opened(opened.chain())),
                        bus.follow(Catalogue.CHAIN_CLOSED, closed -> membership.closed(closed.chain())),
                        bus.follow(Catalogue.ADMITTED, admitted -> talk.admitted(admitted.chain())),
                        bus.follow(Catalogue.HEAD_MOVED, this::headMoved),
                        bus.follow(Catalogue.ORPHANED, this::orphaned)))
                .compose(served -> membership.restore())
                .compose(restored -> heads.refresh())
                .compose(refreshed -> gossipContext.compute(file::read).otherwise(this::unreadable))
                .onSuccess(this::begin);
    }

    @Override
    public Future<?> stop() {
        calls.close();
        return save().eventually(membership::save).eventually(labour::close).eventually(names::close);
    }

    private GossipContext gossipContext() {
        labour = vertx.createSharedWorkerExecutor("gossip-labour-" + deploymentID(), LABOURERS);
        names = vertx.createSharedWorkerExecutor("gossip-names-" + deploymentID(), NAME_THREADS);
        Bus bus = new Bus(vertx, askTimeout);
        return new GossipContext(vertx, bus, config, advertised, identity, clock, jitter, labour, names);
    }

    private void begin(List<PeerFile.Stored> stored) {
        config.peers().forEach(peerManager::seed);
        stored.forEach(peerManager::restore);
        NodeConfig.Gossip gossip = config.gossip();
        long tick = Math.max(TICK_MIN, Math.min(TICK_MAX, gossip.backoffMin().toMillis() / 4));
        // Not at once: a first call loads many classes, and a starting node has its door to open first.
        vertx.setPeriodic(Math.max(1, gossip.backoffMin().toMillis()), tick, timer -> peerManager.tick());
        vertx.setPeriodic(gossip.heartbeat().toMillis(), timer -> refresh());
        vertx.setPeriodic(tick, timer -> save().onFailure(this::unsaved));
        vertx.setPeriodic(REPORT_MILLIS, timer -> talk.underWay().forEach(SyncProgress::report));
    }

    private void headMoved(HeadMoved event) {
        heads.moved(event);
        talk.headMoved(event);
    }

    private void orphaned(Orphaned event) {
        LOG.debug("the parent {} of a quant at height {} is unknown", event.parent(), event.height());
        talk.askHeads();
    }

    private Peers peers() {
        return new Peers(
                identity.key(),
                advertised,
                peerManager.peers(heads.ids()),
                talk.underWay().stream().map(SyncProgress::catchUp).toList());
    }

    private void refresh() {
        heads.refresh().onFailure(cause -> LOG.debug("the store does not answer: {}", cause.toString()));
    }

    /** Writes the peers down if they changed, one write at a time. */
    private Future<Void> save() {
        if (saving) {
            return Future.succeededFuture();
        }
        return peerManager
                .unsaved()
                .map(peers -> {
                    saving = true;
                    return labour.executeBlocking(() -> file.write(peers))
                            .<Void>mapEmpty()
                            .onComplete(written -> saving = false);
                })
                .orElseGet(Future::succeededFuture);
    }

    private void unsaved(Throwable cause) {
        LOG.warn("the peers could not be written down: {}", cause.toString());
    }

    private List<PeerFile.Stored> unreadable(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.warn("starting without the peers of earlier runs: {}", cause.getMessage());
            return List.of();
        }
        throw new IllegalStateException(cause);
    }
}
