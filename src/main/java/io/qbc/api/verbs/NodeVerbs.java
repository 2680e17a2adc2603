package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.ChainDirectory;
import io.qbc.api.Sbom;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.jwt.JwtIssuer;
import io.qbc.api.jwt.JwtState;
import io.qbc.api.tls.TlsState;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.Discover;
import io.qbc.bus.Catalogue.FindPeerView;
import io.qbc.bus.Catalogue.FindPeers;
import io.qbc.bus.Catalogue.FindPools;
import io.qbc.bus.Catalogue.FindScrub;
import io.qbc.bus.Catalogue.FindStore;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Pools;
import io.qbc.bus.Catalogue.RefusedCaller;
import io.qbc.bus.Catalogue.ScrubState;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The verbs about the node itself and its peers. */
public final class NodeVerbs {
    /** The version of this program, as its jar says. */
    public static final String VERSION = Optional.ofNullable(
                    NodeVerbs.class.getPackage().getImplementationVersion())
            .orElse("development");

    private static final int PERCENT = 100;

    /** Anybody may read it, so it does not say whose. */
    private static final String EXPOSED = "credentials came over plain HTTP from other machines, where they can be read"
            + " on their way; GET /v1/node says from which";

    private final Bus bus;
    private final ChainDirectory chains;
    private final ApiContext api;

    NodeVerbs(Bus bus, ChainDirectory chains, ApiContext api) {
        this.bus = bus;
        this.chains = chains;
        this.api = api;
    }

    public Future<Peers> known() {
        return bus.ask(Catalogue.FIND_PEERS, new FindPeers());
    }

    public Future<Answer> show() {
        return chains.all()
                .compose(all -> Future.all(chains.damage(), store(), known(), scrub(), warnings(all))
                        .map(told -> shown(
                                all,
                                told.resultAt(0),
                                told.resultAt(1),
                                told.resultAt(2),
                                told.resultAt(3),
                                told.resultAt(4))));
    }

    /** What the peers show of this node; nothing while the stage that knows them does not answer. */
    public Future<PeerView> peerView() {
        return bus.ask(Catalogue.FIND_PEER_VIEW, new FindPeerView()).otherwise(PeerView.NONE);
    }

    /** What should be looked after: chains that stand still, and what the peers show. */
    private Future<List<Warning>> warnings(Chains all) {
        FindPools find = new FindPools(all.chains().stream().map(Chain::id).toList());
        Pools none = new Pools(List.of());
        return bus.ask(Catalogue.FIND_POOLS, find)
                .otherwise(none)
                .compose(pools -> peerView().map(view -> {
                    List<Warning> warnings = new ArrayList<>(stalled(all.chains(), pools.states()));
                    warnings.addAll(view.warnings());
                    if (!exposed().isEmpty()) {
                        warnings.add(new Warning("credential_exposed", Optional.empty(), EXPOSED));
                    }
                    warnings.addAll(unrecorded(api.access().audit().waiting()));
                    long now = api.clock().millis();
                    api.tls().state().ifPresent(tls -> warnings.addAll(tls.warnings(now)));
                    return warnings;
                }));
    }

    /** From where credentials came over plain HTTP. */
    public List<String> exposed() {
        return api.access().exposures().addresses();
    }

    private static List<Warning> unrecorded(int waiting) {
        return waiting == 0
                ? List.of()
                : List.of(new Warning(
                        "audit_unavailable",
                        Optional.of(AuditChain.NAME),
                        waiting + " entries of the audit trail wait, since it cannot be written; nothing is changed"
                                + " meanwhile"));
    }

    private static List<Warning> stalled(List<Chain> chains, List<PoolState> pools) {
        List<Warning> stalled = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            String name = chains.get(i).name();
            pools.get(i)
                    .stall()
                    .ifPresent(why -> stalled.add(new Warning("chain_stalled", Optional.of(name), why.detail())));
        }
        return stalled;
    }

    /** How the store as a whole fares. */
    public Future<StoreState> store() {
        return bus.ask(Catalogue.FIND_STORE, new FindStore());
    }

    /** How far the check of all that is stored is. */
    public Future<ScrubState> scrub() {
        return bus.ask(Catalogue.FIND_SCRUB, new FindScrub());
    }

    private Answer shown(
            Chains all, Damage damage, StoreState store, Peers peers, ScrubState scrub, List<Warning> warnings) {
        long uptimeMillis = api.clock().millis() - api.meters().startedAt();
        return Answer.object(
                200,
                out -> out.text("version", VERSION)
                        .hex("key", api.identity())
                        .object(
                                "access",
                                access -> access.text(
                                                "mode", api.access().mode().word())
                                        .flag("audit", api.access().audit().isOn())
                                        .texts("exposed", exposed())
                                        .object("jwt", tokens(), NodeVerbs::issuer))
                        .object("tls", api.tls().state(), NodeVerbs::tls)
                        .text("address", peers.address())
                        .number("uptime", uptimeMillis / 1000)
                        .text("runtime", Runtime.version().toString())
                        .texts(
                                "chains",
                                all.chains().stream().map(chain -> chain.name()).toList())
                        .objects("damaged", Readiness.of(all, damage, store).damaged(), JsonForms::damaged)
                        .objects("warnings", warnings, JsonForms::warning)
                        .object("store", written -> store(written, store))
                        .object(
                                "peers",
                                counted -> counted.number("known", peers.peers().size())
                                        .number(
                                                "live",
                                                peers.peers().stream()
                                                        .filter(Peer::live)
                                                        .count()))
                        .objects("catchUps", peers.catchUps(), NodeVerbs::catchUp)
                        .object("scrub", members -> scrub(members, scrub)));
    }

    private static void tls(JsonWriter out, TlsState tls) {
        out.text("subject", tls.subject());
        out.number("endsAt", tls.endsAt());
        out.text("clientAuth", tls.clientAuth().word());
        out.number("taken", tls.taken());
        out.number("refused", tls.refused());
        out.text("fault", tls.fault());
    }

    /** How the issuer of tokens fares; empty if no tokens count. */
    public Optional<JwtState> tokens() {
        return api.access().jwt().map(JwtIssuer::state);
    }

    private static void issuer(JsonWriter out, JwtState state) {
        out.text("issuer", state.issuer());
        out.number("keys", state.keys());
        out.number("refreshedAt", optional(state.refreshedAt()));
        out.text("lastError", state.lastError());
    }

    private static void scrub(JsonWriter out, ScrubState scrub) {
        out.number("period", scrub.period().toSeconds());
        out.number("percent", (long) (PERCENT * scrub.share()));
        out.number("bytes", scrub.bytes());
        out.number("startedAt", optional(scrub.startedAt()));
        out.number("finishedAt", optional(scrub.finishedAt()));
        out.number("findings", scrub.findings());
        out.texts("latest", scrub.latest());
    }

    private static OptionalLong optional(Optional<Long> value) {
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** All peers, with where each is with a chain, by default with the default one. */
    public Future<Answer> peers(Optional<String> chain) {
        NodeConfig.Network network = api.config().network();
        return compared(chain)
                .map(peers -> Answer.object(
                        200,
                        out -> out.objects("peers", peers.peers(), NodeVerbs::peer)
                                .object(
                                        "network",
                                        members -> members.text("id", network.id())
                                                .text("mode", network.mode().word()))
                                .objects("refused", peers.refused(), NodeVerbs::refused)
                                .objects("bans", peers.conduct().bans(), BanVerbs::members)));
    }

    private Future<Peers> compared(Optional<String> chain) {
        return chain.map(name -> chains.find(name)
                        .compose(known -> bus.ask(Catalogue.FIND_PEERS, new FindPeers(Optional.of(known.id())))))
                .orElseGet(this::known);
    }

    /** Makes a node a peer: 201, or 200 for one that was a peer before. */
    public Future<Answer> discover(String address) {
        return known().compose(before -> discovered(address).map(done -> {
            boolean old =
                    before.peers().stream().anyMatch(peer -> peer.address().equals(address));
            return Answer.object(old ? 200 : 201, out -> out.text("address", address));
        }));
    }

    /** Complete when the node is a peer; fails with why it may not be one. */
    public Future<Void> discovered(String address) {
        return bus.ask(Catalogue.DISCOVER, new Discover(address)).mapEmpty();
    }

    /** Whether the store takes writes and the default chain is whole, and which other chains cannot serve. */
    public Future<Answer> ready() {
        return chains.all()
                .compose(all -> chains.damage()
                        .compose(damage -> store().compose(store -> warnings(all)
                                .map(warnings -> Readiness.of(all, damage, store)
                                        .with(warnings)
                                        .answer()))))
                .otherwise(cause -> Readiness.unanswered(Failure.of(cause)).answer());
    }

    public static Answer live() {
        return Answer.object(200, out -> out.text("status", "live"));
    }

    /** The bill of materials in one of the media types in which it is offered. */
    public static Answer sbom(String type) {
        Bytes document = Sbom.find()
                .orElseThrow(() -> new Failure(
                        Reason.ROUTE_UNKNOWN, "this node does not run from a built jar, and has no bill of materials"));
        return Answer.of(200, type, document);
    }

    private static void store(JsonWriter out, StoreState store) {
        out.flag("writable", store.refusal().isEmpty());
        store.refusal().ifPresent(refusal -> out.text("code", refusal.reason().code()));
        if (store.freeBytes() != Long.MAX_VALUE) {
            out.number("freeBytes", store.freeBytes());
        }
        out.number("reserveBytes", store.reserveBytes());
        out.number("damageMet", store.damageMet());
    }

    private static void peer(JsonWriter out, Peer peer) {
        out.text("address", peer.address());
        out.hex("key", peer.key());
        out.flag("live", peer.live());
        out.number("height", peer.height());
        peer.head().ifPresent(head -> out.text("head", head.hex()));
        if (peer.since() > 0) {
            out.number("since", peer.since());
        }
        out.number("seenAt", peer.seenAt());
        peer.latency().ifPresent(millis -> out.number("latencyMillis", millis));
        out.number("failures", peer.failures());
        out.number("score", peer.score());
        if (!peer.lastError().isEmpty()) {
            out.text("lastError", peer.lastError());
        }
    }

    private static void refused(JsonWriter out, RefusedCaller caller) {
        out.text("from", caller.from());
        if (!caller.address().isEmpty()) {
            out.text("address", caller.address());
        }
        out.text("code", caller.code());
        out.text("detail", caller.detail());
        out.number("count", caller.count());
        out.number("at", caller.at());
    }

    private static void catchUp(JsonWriter out, CatchUp running) {
        out.hex("chain", running.chain());
        out.text("peer", running.peer());
        out.number("height", running.height());
        out.number("target", running.target());
        out.number("seconds", running.running().toSeconds());
    }
}
