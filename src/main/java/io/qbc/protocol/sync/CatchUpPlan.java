package io.qbc.protocol.sync;

import io.qbc.model.Bytes;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The choice of the peer from which to sync one chain: decisions only. A peer that claims a better head and does not
 * deliver it is left alone for a while, twice as long each time, so that lies cannot keep this node busy.
 */
final class CatchUpPlan {
    private final LinkedHashMap<Bytes, Candidate> peers = new LinkedHashMap<>();
    private final ProtocolContext protocolContext;

    CatchUpPlan(ProtocolContext protocolContext) {
        this.protocolContext = protocolContext;
    }

    /** Whom to follow, and the head that it claims. */
    record Source(Bytes peer, Claim claim) {}

    private static final class Candidate {
        Claim claim;
        boolean present;
        int failures;
        long pausedUntil = Long.MIN_VALUE;

        Candidate(Claim claim) {
            this.claim = claim;
        }
    }

    /** A live peer said which head it has. */
    void claimed(Bytes peer, Claim claim) {
        Candidate candidate = peers.computeIfAbsent(peer, key -> new Candidate(claim));
        candidate.claim = claim;
        candidate.present = true;
    }

    /** A peer is no longer there; what it failed before is not forgotten. */
    void left(Bytes peer) {
        Candidate candidate = peers.get(peer);
        if (candidate != null) {
            candidate.present = false;
        }
        peers.values().removeIf(s -> !s.present && s.failures == 0);
    }

    /** The peer with the best head that is better than ours, of those that are not left alone at present. */
    Optional<Source> choose(Claim own) {
        long now = protocolContext.time();
        return peers.entrySet().stream()
                .filter(e -> e.getValue().present && e.getValue().pausedUntil <= now)
                .map(e -> new Source(e.getKey(), e.getValue().claim))
                .filter(source -> source.claim().better(own))
                .max(Comparator.comparing((Source source) -> source.claim().weight())
                        .thenComparing(source -> source.claim().hash(), Comparator.reverseOrder())
                        .thenComparing(
                                source -> peers.get(source.peer()).failures, Comparator.<Integer>reverseOrder()));
    }

    /** Whether it was followed in vain when it was followed last. */
    boolean doubts(Bytes peer) {
        Candidate candidate = peers.get(peer);
        return candidate != null && candidate.failures > 0;
    }

    /** It was followed to its end, and its claim is settled. */
    void delivered(Bytes peer) {
        Candidate candidate = peers.get(peer);
        if (candidate != null) {
            candidate.failures = 0;
        }
    }

    /** It was followed in vain: what it gave was refused, or its claim does not hold. */
    void failed(Bytes peer) {
        Candidate candidate = peers.get(peer);
        if (candidate != null) {
            candidate.failures++;
            candidate.pausedUntil = protocolContext.time() + protocolContext.pause(candidate.failures);
        }
    }

    /** It may be as it says, but not now: a broken call, or a fault of this node. */
    void postponed(Bytes peer) {
        Candidate candidate = peers.get(peer);
        if (candidate != null) {
            candidate.pausedUntil = protocolContext.time() + protocolContext.pause(1);
        }
    }
}
