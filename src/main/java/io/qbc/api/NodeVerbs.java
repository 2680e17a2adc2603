package io.qbc.api;

import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.Discover;
import io.qbc.bus.Catalogue.FindPeers;
import io.qbc.bus.Catalogue.FindStore;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Failure;
import io.vertx.core.Future;
import java.util.Optional;

/** The verbs about the node itself and its peers. */
public final class NodeVerbs {
    /** The version of this program, as its jar says. */
    public static final String VERSION = Optional.ofNullable(
                    NodeVerbs.class.getPackage().getImplementationVersion())
            .orElse("development");

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
                .compose(all -> chains.damage()
                        .compose(damage ->
                                store().compose(store -> known().map(peers -> shown(all, damage, store, peers)))));
    }

    /** How the store as a whole fares. */
    public Future<StoreState> store() {
        return bus.ask(Catalogue.FIND_STORE, new FindStore());
    }

    private Answer shown(Chains all, Damage damage, StoreState store, Peers peers) {
        long uptimeMillis = api.clock().millis() - api.meters().startedAt();
        return Answer.object(
                200,
                out -> out.text("version", VERSION)
                        .hex("key", api.identity())
                        .object(
                                "access",
                                access ->
                                        access.text("mode", api.access().mode().word()))
                        .text("address", peers.address())
                        .number("uptime", uptimeMillis / 1000)
                        .text("java", Runtime.version().toString())
                        .texts(
                                "chains",
                                all.chains().stream()
                                        .map(chain -> chain.spec().name())
                                        .toList())
                        .objects("damaged", Readiness.of(all, damage, store).damaged(), JsonForms::damaged)
                        .object("store", written -> store(written, store))
                        .object(
                                "peers",
                                counted -> counted.number("known", peers.peers().size())
                                        .number(
                                                "live",
                                                peers.peers().stream()
                                                        .filter(Peer::live)
                                                        .count()))
                        .objects("catchUps", peers.catchUps(), NodeVerbs::catchUp));
    }

    public Future<Answer> peers() {
        return known().map(peers -> Answer.object(200, out -> out.objects("peers", peers.peers(), NodeVerbs::peer)));
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
                        .compose(damage -> store().map(store ->
                                Readiness.of(all, damage, store).answer())))
                .otherwise(cause -> Readiness.unanswered(Failure.of(cause)).answer());
    }

    public static Answer live() {
        return Answer.object(200, out -> out.text("status", "live"));
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
        out.number("seenAt", peer.seenAt());
        out.number("failures", peer.failures());
    }

    private static void catchUp(JsonWriter out, CatchUp running) {
        out.hex("chain", running.chain());
        out.text("peer", running.peer());
        out.number("height", running.height());
        out.number("target", running.target());
        out.number("seconds", running.running().toSeconds());
    }
}
