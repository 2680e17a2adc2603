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
    private final LinkedHashMap<Bytes, Standing> peers = new LinkedHashMap<>();
    private final ProtocolContext protocolContext;

    CatchUpPlan(ProtocolContext protocolContext) {
        this.protocolContext = protocolContext;
    }

    /** Whom to follow, and the head that it claims. */
    record Source(Bytes peer, Claim claim) {}

    private static final class Standing {
        Claim claim;
        boolean present;
        int failures;
        long pausedUntil = Long.MIN_VALUE;

        Standing(Claim claim) {
            this.claim = claim;
        }
    }

    /** A live peer said which head it has. */
    void claimed(Bytes peer, Claim claim) {
        Standing standing = peers.computeIfAbsent(peer, key -> new Standing(claim));
        standing.claim = claim;
        standing.present = true;
    }

    /** A peer is no longer there; what it failed before is not forgotten. */
    void left(Bytes peer) {
        Standing standing = peers.get(peer);
        if (standing != null) {
            standing.present = false;
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
        Standing standing = peers.get(peer);
        return standing != null && standing.failures > 0;
    }

    /** It was followed to its end, and its claim is settled. */
    void delivered(Bytes peer) {
        Standing standing = peers.get(peer);
        if (standing != null) {
            standing.failures = 0;
        }
    }

    /** It was followed in vain: what it gave was refused, or its claim does not hold. */
    void failed(Bytes peer) {
        Standing standing = peers.get(peer);
        if (standing != null) {
            standing.failures++;
            standing.pausedUntil = protocolContext.time() + protocolContext.pause(standing.failures);
        }
    }

    /** It may be as it says, but not now: a broken call, or a fault of this node. */
    void postponed(Bytes peer) {
        Standing standing = peers.get(peer);
        if (standing != null) {
            standing.pausedUntil = protocolContext.time() + protocolContext.pause(1);
        }
    }
}
