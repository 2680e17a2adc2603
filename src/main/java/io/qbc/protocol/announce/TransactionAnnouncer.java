package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effect.PendingIds;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The announcer of waiting transactions to one peer: ids first, then those that it misses. What is still to be sent
 * stands in the store and the peer's cursor, so a slow peer costs no memory.
 */
final class TransactionAnnouncer {
    private static final long LATER_MILLIS = 200;

    private final HeadList heads;
    private final PeerState peer;
    private final TransactionDelivery transactionDelivery;
    private final AnnouncementLoop announcementLoop;
    private final Set<Hash> dirty = new LinkedHashSet<>();

    TransactionAnnouncer(ProtocolContext protocolContext, HeadList heads, PeerState peer) {
        this.heads = heads;
        this.peer = peer;
        transactionDelivery = new TransactionDelivery(peer);
        announcementLoop = new AnnouncementLoop(protocolContext, this::round);
    }

    /** Something may wait in these chains that the peer does not know. */
    Effects wake(List<Hash> chains) {
        dirty.addAll(chains);
        return resume();
    }

    /** Goes on with what was left over, if anything was. */
    Effects resume() {
        return next().isPresent() ? announcementLoop.wake() : Effects.NONE;
    }

    /** Announces no more of a chain. */
    void forget(Hash chain) {
        dirty.remove(chain);
    }

    void stop() {
        announcementLoop.stop();
    }

    private Flow<Done> round() {
        return Flow.whileTrue(() -> next().map(this::chain).orElse(Flow.done(false)));
    }

    private Optional<Hash> next() {
        return dirty.stream()
                .filter(chain -> peer.follows(chain) && heads.has(chain))
                .findFirst();
    }

    /** Announces one batch of a chain. The chain stays marked until there is nothing more to announce. */
    private Flow<Boolean> chain(Hash chain) {
        long rewinds = peer.rewinds(chain);
        dirty.remove(chain);
        return Flow.of(new Effect.FindPending(chain, peer.cursor(chain)))
                .then(pending -> pending.ids().isEmpty() ? Flow.done(false) : announce(chain, rewinds, pending))
                .after(announced -> announced.fold(
                        more -> {
                            mark(chain, more);
                            return Flow.done(true);
                        },
                        fault -> {
                            mark(chain, heads.has(chain));
                            return Flow.failed(fault);
                        }));
    }

    private void mark(Hash chain, boolean more) {
        if (more) {
            dirty.add(chain);
        }
    }

    private Flow<Boolean> announce(Hash chain, long rewinds, PendingIds pending) {
        return Flow.of(new Effect.Call<>(peer.key(), PeerMethod.IDS, new Ids(chain, pending.ids())))
                .then(wanted -> push(chain, pending, wanted).then(pushed -> {
                    if (wanted.later()) {
                        return Flow.of(new Effect.Begin(later(chain))).map(begun -> false);
                    }
                    // A reorganisation may have put the cursor back meanwhile.
                    peer.advance(chain, pending.upTo(), rewinds);
                    return Flow.done(true);
                }));
    }

    private Effects later(Hash chain) {
        return Effects.of(Flow.of(new Effect.Wait(LATER_MILLIS)).end(waited -> wake(List.of(chain))));
    }

    private Flow<Done> push(Hash chain, PendingIds pending, Wanted wanted) {
        List<Hash> ids = new ArrayList<>(wanted.ids());
        ids.retainAll(new LinkedHashSet<>(pending.ids()));
        return transactionDelivery.push(chain, ids);
    }
}
