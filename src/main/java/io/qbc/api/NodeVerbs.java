package io.qbc.api;

import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Discover;
import io.qbc.bus.Catalogue.FindPeers;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What both doors tell of the node itself and of its peers. */
public final class NodeVerbs {
    private static final String VERSION = Optional.ofNullable(
                    NodeVerbs.class.getPackage().getImplementationVersion())
            .orElse("development");

    private final Bus bus;
    private final ChainDirectory chains;
    private final Bytes identity;
    private final InstantSource clock;
    private final Meters meters;

    NodeVerbs(Bus bus, ChainDirectory chains, Bytes identity, InstantSource clock, Meters meters) {
        this.bus = bus;
        this.chains = chains;
        this.identity = identity;
        this.clock = clock;
        this.meters = meters;
    }

    public Future<Peers> known() {
        return bus.ask(Catalogue.FIND_PEERS, new FindPeers());
    }

    public Future<Answer> show() {
        return chains.all()
                .compose(all -> known().map(peers -> {
                    JsonBuffer out = new JsonBuffer(1024).raw("{\"version\":").text(VERSION);
                    out.raw(",\"key\":").hex(identity);
                    out.raw(",\"address\":").text(peers.address());
                    out.raw(",\"uptime\":").number((clock.millis() - meters.startedAt()) / 1000);
                    out.raw(",\"java\":").text(Runtime.version().toString());
                    out.raw(",\"chains\":[");
                    String comma = "";
                    for (Chain chain : all.chains()) {
                        out.raw(comma).text(chain.spec().name());
                        comma = ",";
                    }
                    out.raw("],\"peers\":{\"known\":").number(peers.peers().size());
                    out.raw(",\"live\":")
                            .number(peers.peers().stream().filter(Peer::live).count());
                    out.raw("},\"catchUps\":[");
                    catchUps(out, peers.catchUps());
                    return Answer.json(200, out.raw("]}"));
                }));
    }

    public Future<Answer> peers() {
        return known().map(peers -> {
            JsonBuffer out = new JsonBuffer(1024).raw("{\"peers\":[");
            String comma = "";
            for (Peer peer : peers.peers()) {
                peer(out.raw(comma), peer);
                comma = ",";
            }
            return Answer.json(200, out.raw("]}"));
        });
    }

    /** Makes a node a peer: 201, or 200 for one that was a peer before. */
    public Future<Answer> discover(String address) {
        return known().compose(before -> discovered(address).map(done -> {
            boolean old =
                    before.peers().stream().anyMatch(peer -> peer.address().equals(address));
            JsonBuffer out =
                    new JsonBuffer(128).raw("{\"address\":").text(address).raw("}");
            return Answer.json(old ? 200 : 201, out);
        }));
    }

    /** Complete when the node is a peer; fails with why it may not be one. */
    public Future<Void> discovered(String address) {
        return bus.ask(Catalogue.DISCOVER, new Discover(address)).mapEmpty();
    }

    /** Fails unless every chain takes writes. */
    public Future<Answer> ready() {
        return chains.all().map(all -> {
            for (Chain chain : all.chains()) {
                if (!chain.writable()) {
                    throw new Failure(
                            Reason.STORE_READ_ONLY, "the chain " + chain.spec().name() + " takes no writes");
                }
            }
            return Answer.json(200, new JsonBuffer(32).raw("{\"status\":\"ready\"}"));
        });
    }

    public static Answer live() {
        return new Answer(200, Answer.JSON, Bytes.utf8("{\"status\":\"live\"}"), Map.of());
    }

    private static void peer(JsonBuffer out, Peer peer) {
        out.raw("{\"address\":").text(peer.address());
        out.raw(",\"key\":").hex(peer.key());
        out.raw(",\"live\":").raw(Boolean.toString(peer.live()));
        out.raw(",\"height\":").number(peer.height());
        out.raw(",\"seenAt\":").number(peer.seenAt());
        out.raw(",\"failures\":").number(peer.failures()).raw("}");
    }

    private static void catchUps(JsonBuffer out, List<CatchUp> running) {
        String comma = "";
        for (CatchUp one : running) {
            out.raw(comma).raw("{\"chain\":").hex(one.chain());
            out.raw(",\"peer\":").text(one.peer());
            out.raw(",\"height\":").number(one.height());
            out.raw(",\"target\":").number(one.target());
            out.raw(",\"seconds\":").number(one.running().toSeconds()).raw("}");
            comma = ",";
        }
    }
}
