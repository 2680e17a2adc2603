package io.qbc.sim;

import io.qbc.model.Bytes;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.peer.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The peer set of one simulated node: a peer that gave no answer several times is away until it gives one. */
final class SimPeers implements PeerSet {
    private static final int SILENT_MAX = 3;

    private final List<PeerState> all = new ArrayList<>();
    private final TreeMap<Bytes, Integer> silent = new TreeMap<>();

    SimPeers(int nodes, int self) {
        for (int i = 0; i < nodes; i++) {
            if (i != self) {
                all.add(new PeerState(key(i)));
            }
        }
    }

    static Bytes key(int index) {
        return Bytes.utf8(Integer.toString(index));
    }

    static int index(Bytes key) {
        return Integer.parseInt(key.text());
    }

    @Override
    public List<PeerState> all() {
        return all;
    }

    @Override
    public List<PeerState> live() {
        return all.stream().filter(this::isLive).toList();
    }

    @Override
    public Optional<PeerState> live(Bytes key) {
        return live().stream().filter(peer -> peer.key().equals(key)).findFirst();
    }

    List<PeerState> away() {
        return all.stream().filter(peer -> !isLive(peer)).toList();
    }

    private boolean isLive(PeerState peer) {
        return silent.getOrDefault(peer.key(), 0) < SILENT_MAX;
    }

    void answered(Bytes peer) {
        silent.remove(peer);
    }

    /** Gives the peer if it is away from now on. */
    Optional<PeerState> unanswered(Bytes key) {
        int times = silent.merge(key, 1, Integer::sum);
        return times == SILENT_MAX
                ? all.stream().filter(peer -> peer.key().equals(key)).findFirst()
                : Optional.empty();
    }
}
