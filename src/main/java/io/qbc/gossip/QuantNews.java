package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.gossip.Message.Hint;
import io.qbc.gossip.Message.Offer;
import io.qbc.gossip.Message.Reply;
import io.qbc.gossip.Message.State;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells one peer of new quants: header and ids first, then the transactions that it misses. Only a few hashes wait;
 * when there are more, the newest stands for all, and the peer fetches what lies before it.
 */
final class QuantNews {
    private static final int WAITING_MAX = 16;
    /** A quant with more ids is announced by its hash first, since the peer may have it from somebody else. */
    private static final int IDS_UNASKED_MAX = 256;

    private static final int SUPPLY_ROUNDS = 3;

    private final Setting setting;
    private final Heads heads;
    private final Neighbours neighbours;
    private final Outlines outlines;
    private final Supplies supplies;
    private final Link peer;
    private final Pump pump;
    private final Map<Hash, Deque<Hash>> waiting = new LinkedHashMap<>();

    QuantNews(Setting setting, Heads heads, Neighbours neighbours, Outlines outlines, Link peer) {
        this.setting = setting;
        this.heads = heads;
        this.neighbours = neighbours;
        this.outlines = outlines;
        this.peer = peer;
        supplies = new Supplies(setting, neighbours, peer);
        pump = new Pump(setting, peer, this::round);
    }

    void wake(Hash chain, Hash head) {
        Deque<Hash> hashes = waiting.computeIfAbsent(chain, id -> new ArrayDeque<>());
        if (hashes.size() >= WAITING_MAX) {
            hashes.clear();
        }
        if (!hashes.contains(head)) {
            hashes.addLast(head);
        }
        pump.wake();
    }

    void stop() {
        pump.stop();
    }

    private Future<Void> round() {
        return Repeat.whileTrue(() -> {
            Iterator<Map.Entry<Hash, Deque<Hash>>> chains = waiting.entrySet().iterator();
            if (!chains.hasNext()) {
                return Future.succeededFuture(false);
            }
            Map.Entry<Hash, Deque<Hash>> next = chains.next();
            chains.remove();
            return peer.follows(next.getKey()) && heads.has(next.getKey())
                    ? tell(next.getKey(), next.getValue()).map(true)
                    : Future.succeededFuture(true);
        });
    }

    private Future<Void> tell(Hash chain, Deque<Hash> quants) {
        return Repeat.whileTrue(() -> quants.isEmpty()
                        ? Future.succeededFuture(false)
                        : announce(chain, quants.peekFirst()).map(told -> {
                            quants.removeFirst();
                            return true;
                        }))
                .onFailure(cause -> {
                    // After a failure the newest stands for all.
                    if (peer.live() && heads.has(chain) && !waiting.containsKey(chain)) {
                        waiting.put(chain, new ArrayDeque<>(List.of(quants.peekLast())));
                    }
                });
    }

    private Future<Void> announce(Hash chain, Hash quant) {
        return offer(chain, quant)
                .compose(state -> state == State.ORPHAN && setting.advertised().isEmpty()
                        ? feed(chain)
                        : Future.succeededFuture());
    }

    /** Offers one quant until the peer has it or says why not. */
    private Future<State> offer(Hash chain, Hash quant) {
        return outlines.find(chain, quant).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(State.KNOWN);
            }
            Outline outline = found.get();
            Future<State> wanted = outline.ids().size() > IDS_UNASKED_MAX
                    ? send(new Hint(chain, quant)).map(Reply::state)
                    : Future.succeededFuture(State.WANTED);
            return wanted.compose(state -> state == State.WANTED
                    ? offer(new Offer(chain, outline, List.of()), SUPPLY_ROUNDS)
                    : Future.succeededFuture(state));
        });
    }

    private Future<State> offer(Offer offer, int rounds) {
        return send(offer).compose(reply -> {
            if (reply.state() != State.MISSING || rounds == 0) {
                return Future.succeededFuture(reply.state());
            }
            return supply(offer, reply.ids()).compose(next -> offer(next, rounds - 1));
        });
    }

    /** What fits goes with the quant itself; more is pushed before, in pieces. */
    private Future<Offer> supply(Offer offer, List<Hash> missing) {
        return supplies.piece(offer.chain(), missing).compose(piece -> {
            Offer full = new Offer(offer.chain(), offer.outline(), piece);
            if (piece.size() == missing.size()) {
                return Future.succeededFuture(full);
            }
            List<Transaction> none = List.of();
            return supplies.push(offer.chain(), missing).map(new Offer(offer.chain(), offer.outline(), none));
        });
    }

    /**
     * Brings a peer that cannot call this node all quants after the newest one that it has; others fetch them
     * themselves.
     */
    private Future<Void> feed(Hash chain) {
        return setting.bus()
                .ask(Catalogue.FIND_LOCATOR, new FindLocator(chain))
                .compose(locator -> firstKnown(chain, locator.hashes().iterator()))
                .compose(common -> find(chain, new QuantName.ByHash(common)))
                .compose(common -> common.isEmpty()
                        ? Future.succeededFuture()
                        : feedAfter(chain, common.get().header().height()));
    }

    private Future<Void> feedAfter(Hash chain, long common) {
        long[] height = {common};
        return Repeat.whileTrue(() -> find(chain, new QuantName.ByHeight(++height[0]))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(false)
                        : offer(chain, found.get().hash())
                                .map(state -> state == State.ACCEPTED || state == State.KNOWN)));
    }

    private Future<Hash> firstKnown(Hash chain, Iterator<Hash> hashes) {
        Hash[] known = {chain};
        return Repeat.whileTrue(() -> {
                    if (!hashes.hasNext()) {
                        return Future.succeededFuture(false);
                    }
                    Hash hash = hashes.next();
                    return send(new Hint(chain, hash)).map(reply -> {
                        known[0] = reply.state() == State.KNOWN ? hash : chain;
                        return reply.state() != State.KNOWN;
                    });
                })
                .map(done -> known[0]);
    }

    private Future<Optional<QuantHead>> find(Hash chain, QuantName name) {
        return setting.bus()
                .ask(Catalogue.FIND_QUANT, new FindQuant(chain, name))
                .map(found -> found.quant());
    }

    private Future<Reply> send(Message message) {
        return neighbours
                .call(peer, Verb.QUANT, Frame.write(message))
                .map(answer -> Frame.reply(answer).orElseThrow(Replies::malformed));
    }
}
