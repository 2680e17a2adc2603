package io.qbc.protocol.announce;

import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The announcer of new quants to one peer: header and ids first, then the transactions that it misses. Only a few
 * hashes wait; when there are more, the newest stands for all, and the peer fetches what lies before it.
 */
final class QuantAnnouncer {
    private static final int WAITING_MAX = 16;
    /** A quant with more ids is announced by its hash first, since the peer may have it from somebody else. */
    private static final int IDS_UNASKED_MAX = 256;

    private static final int SUPPLY_ROUNDS = 3;

    private final ProtocolContext protocolContext;
    private final HeadList heads;
    private final PeerSet peerSet;
    private final PeerState peer;
    private final TransactionDelivery transactionDelivery;
    private final AnnouncementLoop announcementLoop;
    private final LinkedHashMap<Hash, Deque<Hash>> waiting = new LinkedHashMap<>();

    QuantAnnouncer(ProtocolContext protocolContext, HeadList heads, PeerSet peerSet, PeerState peer) {
        this.protocolContext = protocolContext;
        this.heads = heads;
        this.peerSet = peerSet;
        this.peer = peer;
        transactionDelivery = new TransactionDelivery(peer);
        announcementLoop = new AnnouncementLoop(protocolContext, this::round);
    }

    Effects wake(Hash chain, Hash head) {
        Deque<Hash> hashes = waiting.computeIfAbsent(chain, id -> new ArrayDeque<>());
        if (hashes.size() >= WAITING_MAX) {
            hashes.clear();
        }
        if (!hashes.contains(head)) {
            hashes.addLast(head);
        }
        return announcementLoop.wake();
    }

    void stop() {
        announcementLoop.stop();
    }

    private Flow<Done> round() {
        return Flow.whileTrue(() -> {
            Iterator<Map.Entry<Hash, Deque<Hash>>> chains = waiting.entrySet().iterator();
            if (!chains.hasNext()) {
                return Flow.done(false);
            }
            Map.Entry<Hash, Deque<Hash>> next = chains.next();
            chains.remove();
            return peer.follows(next.getKey()) && heads.has(next.getKey())
                    ? announceAll(next.getKey(), next.getValue()).map(announced -> true)
                    : Flow.done(true);
        });
    }

    private Flow<Done> announceAll(Hash chain, Deque<Hash> quants) {
        return Flow.whileTrue(() -> quants.isEmpty()
                        ? Flow.done(false)
                        : announce(chain, quants.getFirst()).map(announced -> {
                            quants.removeFirst();
                            return true;
                        }))
                .after(announced -> announced.fold(Flow::done, fault -> {
                    boolean live = peerSet.live(peer.key()).isPresent();
                    if (live && heads.has(chain) && !waiting.containsKey(chain)) {
                        // After a failure the newest stands for all.
                        waiting.put(chain, new ArrayDeque<>(List.of(quants.getLast())));
                    }
                    return Flow.failed(fault);
                }));
    }

    private Flow<Done> announce(Hash chain, Hash quant) {
        return offer(chain, quant)
                .then(state ->
                        state == State.ORPHAN && !protocolContext.callable() ? feed(chain) : Flow.done(Done.DONE));
    }

    /** Offers one quant until the peer has it or refuses it. */
    private Flow<State> offer(Hash chain, Hash quant) {
        return Flow.of(new Effect.FindCompactQuant(chain, quant)).then(found -> {
            if (found.isEmpty()) {
                return Flow.done(State.KNOWN);
            }
            CompactQuant compactQuant = found.get();
            Flow<State> wanted = compactQuant.ids().size() > IDS_UNASKED_MAX
                    ? send(new Hint(chain, quant)).map(Reply::state)
                    : Flow.done(State.WANTED);
            return wanted.then(state -> state == State.WANTED
                    ? offer(new Offer(chain, compactQuant, List.of()), SUPPLY_ROUNDS)
                    : Flow.done(state));
        });
    }

    private Flow<State> offer(Offer offer, int rounds) {
        return send(offer).then(reply -> {
            if (reply.state() != State.MISSING || rounds == 0) {
                return Flow.done(reply.state());
            }
            return supply(offer, reply.ids()).then(next -> offer(next, rounds - 1));
        });
    }

    /** What fits goes with the quant itself; more is pushed before, in pieces. */
    private Flow<Offer> supply(Offer offer, List<Hash> missing) {
        return transactionDelivery.piece(offer.chain(), missing).then(piece -> {
            if (piece.size() == missing.size()) {
                return Flow.done(new Offer(offer.chain(), offer.compactQuant(), piece));
            }
            return transactionDelivery
                    .push(offer.chain(), missing)
                    .map(pushed -> new Offer(offer.chain(), offer.compactQuant(), List.of()));
        });
    }

    /**
     * Brings a peer that cannot call this node all quants after the newest one that it has; others fetch them
     * themselves.
     */
    private Flow<Done> feed(Hash chain) {
        return Flow.of(new Effect.Locate(chain))
                .then(locator -> firstKnown(chain, locator.iterator()))
                .then(common -> Flow.of(new Effect.FindQuant(chain, common)))
                .then(common -> common.map(Header::height)
                        .map(height -> feedAfter(chain, height))
                        .orElse(Flow.done(Done.DONE)));
    }

    private Flow<Done> feedAfter(Hash chain, long common) {
        long[] height = {common};
        return Flow.whileTrue(() -> Flow.of(new Effect.FindAt(chain, ++height[0]))
                .then(found -> found.map(quant ->
                                offer(chain, quant).map(state -> state == State.ACCEPTED || state == State.KNOWN))
                        .orElse(Flow.done(false))));
    }

    private Flow<Hash> firstKnown(Hash chain, Iterator<Hash> hashes) {
        Hash[] known = {chain};
        return Flow.whileTrue(() -> {
                    if (!hashes.hasNext()) {
                        return Flow.done(false);
                    }
                    Hash hash = hashes.next();
                    return send(new Hint(chain, hash)).map(reply -> {
                        known[0] = reply.state() == State.KNOWN ? hash : chain;
                        return reply.state() != State.KNOWN;
                    });
                })
                .map(done -> known[0]);
    }

    private Flow<Reply> send(QuantAnnouncement announcement) {
        return Flow.of(new Effect.Call<>(peer.key(), PeerMethod.QUANT, announcement));
    }
}
