package io.qbc.gossip;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Ban;
import io.qbc.bus.Catalogue.Discover;
import io.qbc.bus.Catalogue.FindBans;
import io.qbc.bus.Catalogue.FindPeerView;
import io.qbc.bus.Catalogue.FindPeers;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.config.PeerAddress;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.qbc.model.Signer;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.NetworkRules;
import io.qbc.protocol.session.Party;
import io.qbc.protocol.session.TestCaller;
import io.qbc.protocol.session.TestCaller.Reply;
import io.qbc.spec.ChainSpecReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A node of gossip, a small HTTP server and a ledger in memory, with its own Vertx; it can stop and come back. */
final class TestNode implements AutoCloseable {
    static final ChainSpec CHAIN = Samples.pow("main");

    private static final Duration ASK = Patience.ANSWER;

    final Vertx vertx = Vertx.vertx();
    final Bus bus;
    final FakeLedgers ledgers;
    final FakeLedger ledger;
    final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Signer identity;
    private final Path data;
    private final UnaryOperator<NodeConfig.Gossip> gossip;
    private final List<String> peers;
    private final boolean callable;
    private volatile long delay;
    private volatile Optional<Duration> ahead = Optional.empty();
    private volatile Optional<Instant> stopped = Optional.empty();
    private final AtomicInteger cutAfter = new AtomicInteger(Integer.MAX_VALUE);
    private NodeConfig.Chains chains = NodeConfig.Chains.ALL;
    private NodeConfig.Network network = NodeConfig.Network.OPEN;
    private TestCaller caller;
    private String host = "127.0.0.1";
    private HttpServer server;
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private String deployment = "";
    private int port;

    TestNode(String name, Path data, UnaryOperator<NodeConfig.Gossip> gossip, List<String> peers, boolean callable) {
        Bus.install(vertx);
        bus = new Bus(vertx, ASK);
        identity = Ed25519.signer(Samples.seed(name));
        ledgers = new FakeLedgers(bus, identity.key());
        ledger = ledgers.add(CHAIN);
        await(ledgers.serve());
        this.data = data.resolve(name);
        this.gossip = gossip;
        this.peers = peers;
        this.callable = callable;
    }

    /** A chain that the node called "signer" may extend. */
    static ChainSpec dbc(String name) {
        String spec = "{\"name\":\"" + name + "\",\"consensus\":{\"engine\":\"dbc\"}}";
        return ChainSpecReader.read(Bytes.utf8(spec), name, Samples.SIGNER.key(), Samples.GENESIS_TIME);
    }

    static TestNode start(String name, Path data, String... peers) {
        return start(name, data, fast -> fast, peers);
    }

    static TestNode start(String name, Path data, UnaryOperator<NodeConfig.Gossip> gossip, String... peers) {
        return new TestNode(name, data, gossip, List.of(peers), true).up();
    }

    /** A node that listens elsewhere. */
    static TestNode startAt(String host, String name, Path data, String... peers) {
        TestNode node = new TestNode(name, data, fast -> fast, List.of(peers), true);
        node.host = host;
        return node.up();
    }

    /** Quick pauses, so that tests are quick. */
    static NodeConfig.Gossip fast(int batchBytes, Duration callTimeout) {
        return new NodeConfig.Gossip(
                List.of("127.0.0.1/32", "::1/128"),
                16,
                callTimeout,
                Duration.ofMillis(40),
                Duration.ofMillis(400),
                Duration.ofMillis(250),
                100,
                batchBytes,
                new NodeConfig.PeerLimits(16 << 20, 64 << 20, Patience.ANSWER, 0));
    }

    TestNode up() {
        // A port that was free may be a connection's own for a moment.
        server = Awaitility.await()
                .ignoreExceptions()
                .until(
                        () -> await(vertx.createHttpServer()
                                .requestHandler(this::handle)
                                .listen(port, host)),
                        Objects::nonNull);
        port = server.actualPort();
        caller = caller("caller", NetworkRules.open("qbc"));
        deployment = await(vertx.deployVerticle(new GossipVerticle(
                config(),
                callable ? address() : "",
                identity,
                () -> stopped.orElseGet(Instant::now),
                new Random(identity.key().hashCode() + port),
                ASK,
                rules -> DataRules.NONE)));
        return this;
    }

    /** Stops to answer and to call; the ledger and the data directory stay. */
    void down() {
        await(server.close());
        await(vertx.undeploy(deployment));
    }

    /** Which chains of peers it takes over, from its next start on. */
    TestNode following(NodeConfig.Chains choice) {
        chains = choice;
        return this;
    }

    /** Of which network it is, from its next start on. */
    TestNode of(NodeConfig.Network of) {
        network = of;
        return this;
    }

    /** From now on no time passes for it, so that nothing that it waits for comes too late. */
    void stopClock() {
        stopClock(Duration.ZERO);
    }

    /** The same, after so much time has passed at once. */
    void stopClock(Duration later) {
        stopped = Optional.of(Instant.now().plus(later));
    }

    /** Answers only after so many milliseconds. */
    void slow(long millis) {
        delay = millis;
    }

    /** From now on its answers tell the time of a clock that is so far ahead. */
    void ahead(Duration time) {
        ahead = Optional.of(time);
    }

    /** Breaks every connection after so many more calls of {@code sync}. */
    void cutSyncAfter(int count) {
        cutAfter.set(count);
    }

    /** From now on it is as a node that does not know this call. */
    void decline(String verb) {
        unknown.add(verb);
    }

    String address() {
        return PeerAddress.of(host, port).text();
    }

    Bytes key() {
        return identity.key();
    }

    Peers peers() {
        return await(bus.ask(Catalogue.FIND_PEERS, new FindPeers()));
    }

    /** Its peers, with where they are with a chain. */
    List<Peer> peers(Hash chain) {
        return await(bus.ask(Catalogue.FIND_PEERS, new FindPeers(Optional.of(chain))))
                .peers();
    }

    List<Warning> warnings() {
        return view().warnings();
    }

    PeerView view() {
        return await(bus.ask(Catalogue.FIND_PEER_VIEW, new FindPeerView()));
    }

    List<String> live() {
        return peers().peers().stream().filter(Peer::live).map(Peer::address).toList();
    }

    Optional<Refusal> discover(String address) {
        return await(bus.ask(Catalogue.DISCOVER, new Discover(address))
                .map(discovered -> Optional.<Refusal>empty())
                .recover(cause -> Future.succeededFuture(Optional.of(Failure.of(cause)))));
    }

    /** What comes back to a body as it is. */
    PeerAnswer call(String verb, Bytes body) {
        return callFrom("127.0.0.1", verb, body);
    }

    /** The answer to a call from another IP address. */
    PeerAnswer callFrom(String remote, String verb, Bytes body) {
        return await(bus.ask(Catalogue.PEER_CALL, new PeerCall(verb, body, "localhost", remote)));
    }

    /** Who is banned here, by key in hex or address. */
    List<String> banned() {
        return await(bus.ask(Catalogue.FIND_BANS, new FindBans())).bans().stream()
                .map(Ban::peer)
                .toList();
    }

    /** The status of the answer to a frame that a node with a proved key sends; with 200 the answer's frame too. */
    Reply proved(String verb, Bytes frame) {
        return caller.call(verb, frame);
    }

    /** Somebody who cannot be called, and has a session with this node once he calls. */
    TestCaller caller(String name, NetworkRules network) {
        return caller("127.0.0.1", Ed25519.signer(Samples.seed(name)), network);
    }

    /** The same from another IP address. */
    TestCaller caller(String remote, Signer signer, NetworkRules network) {
        return new TestCaller(new Party(signer, "", network), address(), (verb, body) -> {
            PeerAnswer answer = callFrom(remote, verb, body);
            return new Reply(answer.status(), answer.body());
        });
    }

    /** The answer's status to a request. */
    <Q extends Message> int status(PeerMethod<Q, ?> method, Q request) {
        return proved(method.word(), method.request().codec().encode(request)).status();
    }

    /** The answer to a request that must be answered. */
    <Q extends Message, A extends Message> A ask(PeerMethod<Q, A> method, Q request) {
        Reply answer = proved(method.word(), method.request().codec().encode(request));
        return method.answer().codec().decode(answer.body()).orElseThrow();
    }

    int calls(String verb) {
        return calls.getOrDefault(verb, new AtomicInteger()).get();
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    static <T> T await(Future<T> future) {
        try {
            return Patience.outcome(future);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private NodeConfig config() {
        NodeConfig base = Samples.config(data, port);
        return new NodeConfig(
                base.host(),
                port,
                data,
                "",
                "",
                peers,
                base.stopTimeout(),
                base.http(),
                base.limits(),
                base.budgets(),
                base.pool(),
                base.leap(),
                base.ledger(),
                base.store(),
                gossip.apply(fast(2 << 20, Patience.ANSWER)),
                network,
                chains,
                NodeConfig.Consensus.ALL,
                base.backup(),
                base.scrub(),
                NodeConfig.Access.LOOPBACK,
                base.console(),
                base.analytics(),
                base.cluster(),
                base.subscriptions(),
                base.projections(),
                base.bridges(),
                base.tracing());
    }

    private void handle(HttpServerRequest request) {
        List<String> path = new ArrayList<>(List.of(request.path().split("/")));
        String verb = path.get(path.size() - 1);
        calls.computeIfAbsent(verb, v -> new AtomicInteger()).incrementAndGet();
        if (verb.equals("sync") && cutAfter.getAndDecrement() <= 0) {
            request.connection().close();
            return;
        }
        request.body()
                .compose(body -> bus.ask(
                        Catalogue.PEER_CALL,
                        new PeerCall(
                                unknown.contains(verb) ? "unknown" : verb,
                                Bytes.wrap(body.getBytes()),
                                request.authority().toString(),
                                request.remoteAddress().hostAddress())))
                .onSuccess(answer -> {
                    if (delay > 0) {
                        vertx.setTimer(delay, timer -> respond(request, answer));
                    } else {
                        respond(request, answer);
                    }
                })
                .onFailure(cause -> request.response().setStatusCode(500).end());
    }

    private void respond(HttpServerRequest request, PeerAnswer answer) {
        ahead.map(time -> ZonedDateTime.now(ZoneOffset.UTC).plus(time))
                .map(DateTimeFormatter.RFC_1123_DATE_TIME::format)
                .ifPresent(date -> request.response().putHeader("Date", date));
        request.response()
                .setStatusCode(answer.status())
                .end(Buffer.buffer(answer.body().toArray()));
    }
}
