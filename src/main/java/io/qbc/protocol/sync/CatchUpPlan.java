package io.qbc.protocol.sync;

import io.qbc.model.Bytes;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The choice of the peer from which to sync one chain: decisions only. A peer that claims a better head and does not
 * deliver it, or only slowly, is left alone for a while, twice as long each time, so that neither lies nor delays keep
 * this node from the others.
 */
final class CatchUpPlan {
    /** Of those that are gone so many are remembered, for what they failed. */
    private static final int GONE_MAX = 256;

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
        int breaks;
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
        peers.values().removeIf(s -> !s.present && s.failures == 0 && s.breaks == 0);
        Iterator<Candidate> oldest = peers.values().iterator();
        while (peers.size() > GONE_MAX && oldest.hasNext()) {
            if (!oldest.next().present) {
                oldest.remove();
            }
        }
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
                                source -> peers.get(source.peer()).failures + peers.get(source.peer()).breaks,
                                Comparator.<Integer>reverseOrder()));
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
            candidate.breaks = 0;
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

    /** It may be as it says, but was too slow for this node to learn that, or broke off. */
    void broke(Bytes peer) {
        Candidate candidate = peers.get(peer);
        if (candidate != null) {
            candidate.breaks++;
            candidate.pausedUntil = protocolContext.time() + protocolContext.pause(candidate.breaks);
        }
    }

    /** It may be as it says, and this node could not learn that for a fault of its own. */
    void postponed(Bytes peer) {
        Candidate candidate = peers.get(peer);
        if (candidate != null) {
            candidate.pausedUntil = protocolContext.time() + protocolContext.pause(1);
        }
    }
}
