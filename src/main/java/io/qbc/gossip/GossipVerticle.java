package io.qbc.gossip;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.BanPeer;
import io.qbc.bus.Catalogue.Bans;
import io.qbc.bus.Catalogue.Conduct;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.PeerTraffic;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Catalogue.SessionTraffic;
import io.qbc.bus.Catalogue.Unban;
import io.qbc.config.AddressPolicy;
import io.qbc.config.ConfigException;
import io.qbc.config.NetworkSecret;
import io.qbc.config.NodeConfig;
import io.qbc.gossip.chains.ChainDiscovery;
import io.qbc.gossip.chains.FollowedChains;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.BanFile;
import io.qbc.gossip.peers.ChainBounds;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.GossipContext.Workers;
import io.qbc.gossip.peers.Handshake;
import io.qbc.gossip.peers.PeerClient;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.gossip.peers.PeerFile;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.gossip.peers.PeerSessions;
import io.qbc.gossip.peers.SessionCounts;
import io.qbc.gossip.peers.SessionGate;
import io.qbc.ledger.DataRules;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.protocol.message.NetworkLabel;
import io.qbc.protocol.peer.Ban;
import io.qbc.protocol.session.NetworkRules;
import io.qbc.protocol.session.Party;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticle of the peer-to-peer stage: finds peers, announces to them what is new, and catches up with them. */
public final class GossipVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(GossipVerticle.class);
    private static final int WORKER_THREADS = 2;
    private static final int RESOLVER_THREADS = 4;
    private static final long TICK_MIN_MILLIS = 10;
    private static final long TICK_MAX_MILLIS = 250;
    private static final long REPORT_MILLIS = 5_000;

    private final NodeConfig config;
    private final String advertised;
    private final Signer identity;
    private final InstantSource clock;
    private final Random jitter;
    private final Duration askTimeout;
    private final DataRules.Reader rules;
    private final Tracing tracing;
    private final PeerFile file;
    private final BanFile banFile;
    private final NetworkRules network;
    private final SessionCounts counts = new SessionCounts();
    private Workers workers;
    private PeerClient client;
    private PeerSessions sessions;
    private SessionGate sessionGate;
    private LocalChains chains;
    private PeerConduct conduct;
    private CallGate gate;
    private ChainDiscovery chainDiscovery;
    private PeerManager peerManager;
    private ProtocolDriver driver;
    private ChainFollower chainFollower;
    private PeerWatch watch;
    private Future<Void> saved = Future.succeededFuture();
    private Future<Void> bansSaved = Future.succeededFuture();
    private boolean stopping;

    /**
     * One node's gossip; fails with a {@link ConfigException} if the network's secret cannot be read.
     *
     * @param advertised this node's base address as peers call it, or empty if they cannot
     * @param jitter random numbers for pauses; what must not be foreseen does not come from it
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
        this(config, advertised, identity, clock, jitter, askTimeout, rules, Tracing.off());
    }

    /** One whose calls are traced. */
    public GossipVerticle(
            NodeConfig config,
            String advertised,
            Signer identity,
            InstantSource clock,
            Random jitter,
            Duration askTimeout,
            DataRules.Reader rules,
            Tracing tracing) {
        this.config = config;
        this.advertised = advertised;
        this.identity = identity;
        this.clock = clock;
        this.jitter = jitter;
        this.askTimeout = askTimeout;
        this.rules = rules;
        this.tracing = tracing;
        file = new PeerFile(config.data());
        banFile = new BanFile(config.data());
        network = network(config.network());
    }

    @Override
    public Future<?> start() {
        GossipContext gossipContext = gossipContext();
        AddressPolicy policy = AddressPolicy.of(config, advertised);
        conduct = new PeerConduct(gossipContext);
        client = new PeerClient(gossipContext);
        sessions = new PeerSessions(gossipContext, client, counts);
        Handshake handshake = new Handshake(gossipContext, sessions);
        FollowedChains followed = new FollowedChains(config.chains());
        chains = new LocalChains(gossipContext, followed, rules);
        peerManager = new PeerManager(gossipContext, policy, sessions, handshake, conduct);
        sessionGate = new SessionGate(gossipContext, sessions, counts, peerManager::met, conduct);
        chainDiscovery = new ChainDiscovery(gossipContext, chains, followed, peerManager);
        driver = new ProtocolDriver(gossipContext, chains, peerManager, chainDiscovery);
        peerManager.listener(driver);
        chainFollower = new ChainFollower(gossipContext, chains, followed, peerManager, driver, chainDiscovery);
        watch = new PeerWatch(gossipContext, chains, peerManager, client.clocks(), driver::ahead);
        LeapForward leaps = new LeapForward(gossipContext, chains, peerManager, driver::admitted);
        PeerRequestServer server =
                new PeerRequestServer(gossipContext, chains, peerManager, sessionGate, driver, leaps);
        gate = new CallGate(gossipContext, conduct, server::answer);
        Bus bus = gossipContext.bus();
        return Future.all(List.of(
                        bus.serve(Catalogue.FIND_PEERS, question -> Future.succeededFuture(peers(question.chain()))),
                        bus.serve(Catalogue.FIND_PEER_VIEW, question -> Future.succeededFuture(watch.view())),
                        bus.serve(Catalogue.DISCOVER, discover -> peerManager.discover(discover.address())),
                        bus.serve(Catalogue.PEER_CALL, gate::answer),
                        bus.serve(Catalogue.FIND_BANS, question -> Future.succeededFuture(bans())),
                        bus.serve(Catalogue.BAN, this::ban),
                        bus.serve(Catalogue.UNBAN, this::unban),
                        bus.serve(Catalogue.FOLLOW, chainFollower::follow),
                        bus.serve(
                                Catalogue.FIND_FOLLOWING,
                                question -> Future.succeededFuture(chainFollower.following())),
                        bus.serve(Catalogue.FORWARD_LEAP, leaps::forward),
                        bus.follow(Catalogue.CHAIN_OPENED, opened -> chainFollower.opened(opened.chain())),
                        bus.follow(Catalogue.CHAIN_CLOSED, closed -> chainFollower.closed(closed.chain())),
                        bus.follow(Catalogue.ADMITTED, admitted -> driver.admitted(admitted.chain())),
                        bus.follow(Catalogue.HEAD_MOVED, this::headMoved),
                        bus.follow(Catalogue.ORPHANED, this::orphaned)))
                .compose(served -> chainFollower.restore())
                .compose(restored -> chains.refresh())
                .compose(refreshed -> gossipContext.compute(banFile::read).otherwise(this::bansUnreadable))
                .onSuccess(conduct::restore)
                .compose(restored -> gossipContext.compute(file::read).otherwise(this::unreadable))
                .onSuccess(this::begin);
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        client.close();
        return save().otherwiseEmpty()
                .eventually(this::saveBans)
                .eventually(chainFollower::save)
                .eventually(workers::close);
    }

    private static NetworkRules network(NodeConfig.Network configured) {
        return new NetworkRules(
                new NetworkLabel(configured.id(), configured.mode()),
                NetworkSecret.read(configured),
                Set.copyOf(configured.keys()));
    }

    private GossipContext gossipContext() {
        workers = new Workers(
                vertx.createSharedWorkerExecutor("gossip-worker-" + deploymentID(), WORKER_THREADS),
                vertx.createSharedWorkerExecutor("gossip-resolver-" + deploymentID(), RESOLVER_THREADS));
        Bus bus = new Bus(vertx, askTimeout);
        Party self = new Party(identity, advertised, network);
        return new GossipContext(vertx, bus, config, self, clock, jitter, workers, new ChainBounds(), tracing);
    }

    private void begin(List<PeerFile.Stored> stored) {
        config.peers().forEach(peerManager::seed);
        stored.forEach(peerManager::restore);
        NodeConfig.Gossip gossip = config.gossip();
        long tick = Math.max(
                TICK_MIN_MILLIS, Math.min(TICK_MAX_MILLIS, gossip.backoffMin().toMillis() / 4));
        // Not at once: a first call loads many classes, and a starting node has its HTTP server to start first.
        vertx.setPeriodic(Math.max(1, gossip.backoffMin().toMillis()), tick, timer -> peerManager.tick());
        vertx.setPeriodic(gossip.heartbeat().toMillis(), timer -> refresh());
        vertx.setPeriodic(gossip.heartbeat().toMillis(), timer -> watch.look());
        vertx.setPeriodic(tick, timer -> saveIfIdle());
        vertx.setPeriodic(REPORT_MILLIS, timer -> driver.underWay().forEach(SyncProgress::report));
    }

    private void headMoved(HeadMoved event) {
        chains.moved(event);
        driver.headMoved(event);
    }

    private void orphaned(Orphaned event) {
        LOG.debug("the parent {} of a quant at height {} is unknown", event.parent(), event.height());
        driver.askHeads();
    }

    private Peers peers(Optional<Hash> chain) {
        return new Peers(
                identity.key(),
                advertised,
                peerManager.peers(chain.or(() -> chains.ids().stream().findFirst())),
                driver.underWay().stream().map(SyncProgress::catchUp).toList(),
                new PeerTraffic(
                        client.slow(),
                        client.answerBytes(),
                        gate.refused(),
                        chainDiscovery.postponed(),
                        new SessionTraffic(
                                sessions.count(),
                                sessionGate.count(),
                                counts.handshakes(),
                                sessionGate.read(),
                                sessionGate.unread())),
                sessionGate.refused(),
                conduct());
    }

    private Conduct conduct() {
        return new Conduct(conduct.counts(), bans().bans());
    }

    private Bans bans() {
        return new Bans(conduct.bans().stream().map(GossipVerticle::shown).toList());
    }

    private static Catalogue.Ban shown(Ban ban) {
        return new Catalogue.Ban(ban.subject(), ban.since(), ban.until(), ban.reason(), ban.byOperator());
    }

    /** Answers once the ban is stored. */
    private Future<Catalogue.Ban> ban(BanPeer ask) {
        Ban ban = conduct.ban(ask.peer(), ask.time(), ask.reason());
        return saveBans().map(shown(ban));
    }

    private Future<Catalogue.Ban> unban(Unban ask) {
        Ban ban = conduct.lift(ask.peer());
        return saveBans().map(shown(ban));
    }

    /** Writes the bans down if they changed, one write after the other. */
    private Future<Void> saveBans() {
        bansSaved = bansSaved.transform(before -> conduct.unsaved()
                .map(bans -> workers.blocking()
                        .executeBlocking(() -> banFile.write(bans))
                        .<Void>mapEmpty()
                        .onFailure(cause -> {
                            conduct.lost();
                            LOG.warn("the bans could not be written down: {}", cause.toString());
                        }))
                .orElseGet(Future::succeededFuture));
        return bansSaved;
    }

    private void refresh() {
        chains.refresh().onFailure(cause -> LOG.debug("the store does not answer: {}", cause.toString()));
    }

    private void saveIfIdle() {
        if (saved.isComplete() && !stopping) {
            save();
        }
        if (bansSaved.isComplete() && !stopping) {
            saveBans();
        }
    }

    /**
     * Writes the peers down if they changed, behind a write that is under way: the end of the node must not break it
     * off.
     */
    private Future<Void> save() {
        saved = saved.transform(before -> peerManager
                .unsaved()
                .map(peers -> workers.blocking()
                        .executeBlocking(() -> file.write(peers))
                        .<Void>mapEmpty()
                        .onFailure(this::unsaved))
                .orElseGet(Future::succeededFuture));
        return saved;
    }

    private List<Ban> bansUnreadable(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.warn("starting without the bans of earlier runs: {}", cause.getMessage());
            return List.of();
        }
        throw new IllegalStateException(cause);
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
