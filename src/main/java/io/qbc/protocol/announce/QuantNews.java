package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Outline;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.peer.Acquaintance;
import io.qbc.protocol.peer.Company;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.Means;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells one peer of new quants: header and ids first, then the transactions that it misses. Only a few hashes wait;
 * when there are more, the newest stands for all, and the peer fetches what lies before it.
 */
final class QuantNews {
    private static final int WAITING_MAX = 16;
    /** A quant with more ids is announced by its hash first, since the peer may have it from somebody else. */
    private static final int IDS_UNASKED_MAX = 256;

    private static final int SUPPLY_ROUNDS = 3;

    private final Means means;
    private final HeadList heads;
    private final Company company;
    private final Acquaintance peer;
    private final Supplies supplies;
    private final Pump pump;
    private final LinkedHashMap<Hash, Deque<Hash>> waiting = new LinkedHashMap<>();

    QuantNews(Means means, HeadList heads, Company company, Acquaintance peer) {
        this.means = means;
        this.heads = heads;
        this.company = company;
        this.peer = peer;
        supplies = new Supplies(peer);
        pump = new Pump(means, this::round);
    }

    Step wake(Hash chain, Hash head) {
        Deque<Hash> hashes = waiting.computeIfAbsent(chain, id -> new ArrayDeque<>());
        if (hashes.size() >= WAITING_MAX) {
            hashes.clear();
        }
        if (!hashes.contains(head)) {
            hashes.addLast(head);
        }
        return pump.wake();
    }

    void stop() {
        pump.stop();
    }

    private Task<Done> round() {
        return Task.whileTrue(() -> {
            Iterator<Map.Entry<Hash, Deque<Hash>>> chains = waiting.entrySet().iterator();
            if (!chains.hasNext()) {
                return Task.done(false);
            }
            Map.Entry<Hash, Deque<Hash>> next = chains.next();
            chains.remove();
            return peer.follows(next.getKey()) && heads.has(next.getKey())
                    ? tell(next.getKey(), next.getValue()).map(told -> true)
                    : Task.done(true);
        });
    }

    private Task<Done> tell(Hash chain, Deque<Hash> quants) {
        return Task.whileTrue(() -> quants.isEmpty()
                        ? Task.done(false)
                        : announce(chain, quants.getFirst()).map(told -> {
                            quants.removeFirst();
                            return true;
                        }))
                .after(told -> told.fold(Task::done, fault -> {
                    boolean live = company.live(peer.key()).isPresent();
                    if (live && heads.has(chain) && !waiting.containsKey(chain)) {
                        // After a failure the newest stands for all.
                        waiting.put(chain, new ArrayDeque<>(List.of(quants.getLast())));
                    }
                    return Task.failed(fault);
                }));
    }

    private Task<Done> announce(Hash chain, Hash quant) {
        return offer(chain, quant)
                .then(state -> state == State.ORPHAN && !means.callable() ? feed(chain) : Task.done(Done.DONE));
    }

    /** Offers one quant until the peer has it or says why not. */
    private Task<State> offer(Hash chain, Hash quant) {
        return Task.of(new Want.FindOutline(chain, quant)).then(found -> {
            if (found.isEmpty()) {
                return Task.done(State.KNOWN);
            }
            Outline outline = found.get();
            Task<State> wanted = outline.ids().size() > IDS_UNASKED_MAX
                    ? send(new Hint(chain, quant)).map(Reply::state)
                    : Task.done(State.WANTED);
            return wanted.then(state -> state == State.WANTED
                    ? offer(new Offer(chain, outline, List.of()), SUPPLY_ROUNDS)
                    : Task.done(state));
        });
    }

    private Task<State> offer(Offer offer, int rounds) {
        return send(offer).then(reply -> {
            if (reply.state() != State.MISSING || rounds == 0) {
                return Task.done(reply.state());
            }
            return supply(offer, reply.ids()).then(next -> offer(next, rounds - 1));
        });
    }

    /** What fits goes with the quant itself; more is pushed before, in pieces. */
    private Task<Offer> supply(Offer offer, List<Hash> missing) {
        return supplies.piece(offer.chain(), missing).then(piece -> {
            if (piece.size() == missing.size()) {
                return Task.done(new Offer(offer.chain(), offer.outline(), piece));
            }
            return supplies.push(offer.chain(), missing)
                    .map(pushed -> new Offer(offer.chain(), offer.outline(), List.of()));
        });
    }

    /**
     * Brings a peer that cannot call this node all quants after the newest one that it has; others fetch them
     * themselves.
     */
    private Task<Done> feed(Hash chain) {
        return Task.of(new Want.Locate(chain))
                .then(locator -> firstKnown(chain, locator.iterator()))
                .then(common -> Task.of(new Want.FindQuant(chain, common)))
                .then(common -> common.map(Header::height)
                        .map(height -> feedAfter(chain, height))
                        .orElse(Task.done(Done.DONE)));
    }

    private Task<Done> feedAfter(Hash chain, long common) {
        long[] height = {common};
        return Task.whileTrue(() -> Task.of(new Want.FindAt(chain, ++height[0]))
                .then(found -> found.map(quant ->
                                offer(chain, quant).map(state -> state == State.ACCEPTED || state == State.KNOWN))
                        .orElse(Task.done(false))));
    }

    private Task<Hash> firstKnown(Hash chain, Iterator<Hash> hashes) {
        Hash[] known = {chain};
        return Task.whileTrue(() -> {
                    if (!hashes.hasNext()) {
                        return Task.done(false);
                    }
                    Hash hash = hashes.next();
                    return send(new Hint(chain, hash)).map(reply -> {
                        known[0] = reply.state() == State.KNOWN ? hash : chain;
                        return reply.state() != State.KNOWN;
                    });
                })
                .map(done -> known[0]);
    }

    private Task<Reply> send(Message message) {
        return Task.of(new Want.Call<>(peer.key(), Errand.QUANT, message));
    }
}
