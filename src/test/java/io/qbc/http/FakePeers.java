package io.qbc.http;

import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Ban;
import io.qbc.bus.Catalogue.BanPeer;
import io.qbc.bus.Catalogue.Bans;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.Conduct;
import io.qbc.bus.Catalogue.Discovered;
import io.qbc.bus.Catalogue.Follow;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.Known;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Catalogue.PeerTraffic;
import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The neighbour that knows the peers: every address on loopback becomes one. */
final class FakePeers {
    private final Bus bus;
    private final Hash chain;
    private final List<String> followed = new CopyOnWriteArrayList<>();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final List<Ban> bans = new CopyOnWriteArrayList<>();

    private volatile PeerView view = new PeerView(Map.of(), Optional.of(0L), List.of());

    FakePeers(Bus bus, Hash chain) {
        this.bus = bus;
        this.chain = chain;
    }

    Future<?> serve() {
        return Future.all(List.of(
                bus.serve(Catalogue.FIND_PEERS, ask -> Future.succeededFuture(peers())),
                bus.serve(Catalogue.FIND_PEER_VIEW, ask -> Future.succeededFuture(view)),
                bus.serve(Catalogue.DISCOVER, ask -> Future.succeededFuture(discover(ask.address()))),
                bus.serve(Catalogue.FOLLOW, ask -> Future.succeededFuture(follow(ask))),
                bus.serve(Catalogue.FIND_FOLLOWING, ask -> Future.succeededFuture(following())),
                bus.serve(Catalogue.FIND_BANS, ask -> Future.succeededFuture(new Bans(bans))),
                bus.serve(Catalogue.BAN, ask -> Future.succeededFuture(ban(ask))),
                bus.serve(Catalogue.UNBAN, ask -> Future.succeededFuture(unban(ask.peer()))),
                bus.serve(Catalogue.PEER_CALL, ask -> Future.succeededFuture(call(ask)))));
    }

    /** What they show of this node from now on. */
    void show(PeerView shown) {
        view = shown;
    }

    private Following follow(Follow ask) {
        followed.remove(ask.chain());
        if (ask.follow()) {
            followed.add(ask.chain());
        }
        return following();
    }

    private Following following() {
        return new Following(followed, List.of(new Known(chain, "main", true, false)));
    }

    private Peers peers() {
        CatchUp running = new CatchUp(chain, "http://127.0.0.1:1", 3, 9, Duration.ofSeconds(2));
        return new Peers(
                Samples.SIGNER.key(),
                "http://127.0.0.1:5000",
                peers,
                List.of(running),
                new PeerTraffic(2, 0),
                List.of(),
                new Conduct(new TreeMap<>(Map.of("flood", 3L)), bans));
    }

    private Ban ban(BanPeer ask) {
        long millis = ask.time().orElse(Duration.ofHours(1)).toMillis();
        Ban ban = new Ban(ask.peer(), 5, 5 + millis, ask.reason(), true);
        bans.add(ban);
        return ban;
    }

    private Ban unban(String peer) {
        Ban ban = bans.stream()
                .filter(each -> each.peer().equals(peer))
                .findFirst()
                .orElseThrow(() -> new Failure(Reason.BAN_UNKNOWN, peer));
        bans.remove(ban);
        return ban;
    }

    private Discovered discover(String address) {
        if (!address.startsWith("http://127.")) {
            throw new Failure(Reason.PEER_REFUSED, address + " is not permitted");
        }
        if (peers.stream().noneMatch(peer -> peer.address().equals(address))) {
            peers.add(new Peer(address, Samples.OTHER.key(), true, 4, 5, 0, ""));
        }
        return new Discovered();
    }

    private static PeerAnswer call(PeerCall ask) {
        if (ask.verb().equals("broken")) {
            throw new Failure(Reason.BUSY, "too many peers");
        }
        byte[] verb = (ask.verb() + "|" + ask.host() + "|" + ask.remote() + "|").getBytes(StandardCharsets.UTF_8);
        byte[] body = ask.body().toArray();
        byte[] both = Arrays.copyOf(verb, verb.length + body.length);
        System.arraycopy(body, 0, both, verb.length, body.length);
        return new PeerAnswer(ask.verb().equals("odd") ? 418 : 200, Bytes.wrap(both));
    }
}
