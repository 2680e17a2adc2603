package io.qbc.protocol.sync;

import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Faults;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A sync of one chain with one peer, from the newest quant in common to its head. A few quants are offered to the
 * store at a time, in order, while the next range is on its way: three ranges are in memory at most.
 */
public final class SyncRun {
    private final ProtocolContext protocolContext;
    private final PeerState peer;
    private final Hash chain;
    private final Function<Ending, Effects> after;
    private final long begun;
    private final List<Hash> base = new ArrayList<>();
    private final TreeMap<Long, Part> parts = new TreeMap<>();
    private final OfferWindow offered;
    private final DeliveryRate deliveryRate;
    private final PartialQuants cuts;
    private Claim claim;
    private long height = -1;
    private long last = -1;
    private long quants;
    private long transactions;
    private Optional<Outcome<Range>> next = Optional.empty();
    private Optional<Ending> ending = Optional.empty();
    private long gathered = -1;
    private boolean gathering;
    private boolean stopped;
    private boolean over;

    /** @param after what is done once nothing of the run is under way any more */
    SyncRun(ProtocolContext protocolContext, PeerState peer, Claim claim, Function<Ending, Effects> after) {
        this.protocolContext = protocolContext;
        this.peer = peer;
        this.claim = claim;
        this.after = after;
        chain = claim.chain();
        offered = new OfferWindow(protocolContext.windowBytes());
        deliveryRate = new DeliveryRate(protocolContext);
        cuts = new PartialQuants(protocolContext, peer.key(), chain, deliveryRate);
        begun = protocolContext.time();
    }

    /** How a run ended. */
    public sealed interface Ending {
        /** The peer has nothing more; its head at the end was {@code claim}. */
        record Ended(Claim claim) implements Ending {}

        /**
         * What the peer gave was wrong.
         *
         * @param misbehaviour what no honest peer does; empty if that may be, or was judged elsewhere
         */
        record Wrong(String why, Optional<Misbehaviour> misbehaviour) implements Ending {
            Wrong(String why) {
                this(why, Optional.empty());
            }
        }

        /** The peer stopped answering, or cannot answer now. */
        record Broken(String why) implements Ending {}

        /** The peer gave too little in too long a time. */
        record Slow(String why) implements Ending {}

        /** This node cannot take quants at present. */
        record Unable(String why) implements Ending {}
    }

    /** How far a run has come: from whom, the height reached, its aim, what was taken, and in how many milliseconds. */
    public record Progress(
            Hash chain, String peer, long height, long aim, long quants, long transactions, long millis) {}

    public Progress progress() {
        return new Progress(
                chain,
                peer.toString(),
                Math.max(0, height),
                claim.height(),
                quants,
                transactions,
                Math.max(0, protocolContext.time() - begun));
    }

    Effects begin() {
        return Effects.of(Flow.of(new Effect.Locate(chain))
                .end(located -> located.fold(
                        hashes -> {
                            base.addAll(hashes);
                            return ask(base);
                        },
                        fault -> stop(ending(fault)))));
    }

    /** Ends after what is under way. */
    void stop() {
        stopped = true;
    }

    private Effects ask(List<Hash> locator) {
        next = Optional.empty();
        Effect.Call<Follow, Range> call = new Effect.Call<>(peer.key(), PeerMethod.SYNC, new Follow(chain, locator));
        return Effects.of(deliveryRate
                .of(
                        call,
                        range -> range.parts().stream()
                                .mapToLong(OfferWindow::sent)
                                .sum())
                .then(range -> range.head().chain().equals(chain) ? Flow.done(range) : Flow.failed(Fault.malformed()))
                .end(range -> {
                    next = Optional.of(range);
                    return go();
                }));
    }

    /** Offers what may be offered, goes on to the next range, or ends. */
    private Effects go() {
        if (ending.isPresent()) {
            return finish();
        }
        List<Effects> effects = new ArrayList<>();
        if (parts.isEmpty() && next.isPresent()) {
            effects.add(next.get().fold(this::take, this::broke));
        }
        while (!parts.isEmpty() && ending.isEmpty() && !gathering) {
            Part first = parts.firstEntry().getValue();
            if (PartialQuants.isCut(first) && parts.firstKey() > gathered) {
                effects.add(gather(first));
            } else if (offered.fits(first)) {
                effects.add(offer(parts.pollFirstEntry().getValue()));
            } else {
                break;
            }
        }
        return Effects.all(effects);
    }

    /** Fetches what did not fit into the range, while those before are judged. */
    private Effects gather(Part part) {
        gathering = true;
        gathered = part.compactQuant().header().height();
        return Effects.of(cuts.whole(part).end(whole -> {
            gathering = false;
            return whole.fold(
                    more -> {
                        parts.put(gathered, more);
                        return go();
                    },
                    fault -> stop(ending(fault)));
        }));
    }

    private Effects take(Range range) {
        if (stopped) {
            return stop(new Ending.Broken("the chain is not followed any more"));
        }
        claim = range.head();
        if (range.parts().isEmpty()) {
            return offered.isEmpty() ? stop(new Ending.Ended(claim)) : Effects.NONE;
        }
        boolean first = true;
        for (Part part : range.parts()) {
            long at = part.compactQuant().header().height();
            if (last >= 0 && at != last + 1) {
                // Without this look a peer could send the same quants for ever.
                parts.clear();
                // Between two ranges it may have reorganised its chain, within one it may not.
                return stop(new Ending.Wrong(
                        "it gave quants that do not follow each other",
                        first ? Optional.empty() : Optional.of(Misbehaviour.UNASKED_DATA)));
            }
            first = false;
            last = at;
            parts.put(at, part);
        }
        List<Hash> locator = new ArrayList<>(base);
        locator.add(0, parts.lastEntry().getValue().compactQuant().hash());
        return ask(locator);
    }

    private Effects broke(Fault fault) {
        return offered.isEmpty() ? stop(ending(fault)) : Effects.NONE;
    }

    private Effects offer(Part part) {
        offered.add(part);
        return Effects.of(append(part).end(verdict -> judged(part, verdict)));
    }

    private Flow<Verdict> append(Part part) {
        return Flow.of(new Effect.Append(peer.key().hex(), chain, part.compactQuant(), part.transactions()));
    }

    private Effects judged(Part part, Outcome<Verdict> outcome) {
        if (ending.isEmpty()
                && outcome instanceof Outcome.Succeeded<Verdict> came
                && came.value() instanceof Verdict.Missing missing) {
            offered.complete(true);
            return Effects.of(complete(part, missing.ids()).end(verdict -> {
                offered.complete(false);
                return answered(part, verdict);
            }));
        }
        return answered(part, outcome);
    }

    private Effects answered(Part part, Outcome<Verdict> outcome) {
        long at = part.compactQuant().header().height();
        offered.remove(part);
        boolean waits = offered.before(at) || !parts.headMap(at).isEmpty();
        if (waits && ending.isEmpty() && again(outcome)) {
            // It came before one that it needs, and is offered again when there is room.
            parts.put(at, part);
            return offered.isEmpty() ? go() : Effects.NONE;
        }
        return settle(part.compactQuant(), outcome);
    }

    /** Whether an offer came to nothing only because others are before it. */
    private static boolean again(Outcome<Verdict> outcome) {
        return outcome.fold(
                verdict -> verdict instanceof Verdict.Orphan,
                fault -> fault.refusal().reason() == Reason.BUSY);
    }

    private Effects settle(CompactQuant compactQuant, Outcome<Verdict> outcome) {
        Optional<Ending> bad = outcome.fold(verdict -> bad(compactQuant, verdict), fault -> Optional.of(ending(fault)));
        if (bad.isPresent()) {
            return stop(bad.get());
        }
        height = Math.max(height, compactQuant.header().height());
        quants++;
        transactions += compactQuant.ids().size();
        return go();
    }

    /** What a verdict says of the peer, or of this node. */
    private static Optional<Ending> bad(CompactQuant compactQuant, Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            Reason reason = refused.refusal().reason();
            String why = "quant " + compactQuant.header().height() + " " + compactQuant.hash() + ": " + reason.code()
                    + ", " + refused.refusal().detail();
            return Optional.of(Faults.own(reason) ? new Ending.Unable(why) : new Ending.Wrong(why));
        }
        return verdict instanceof Verdict.Orphan || verdict instanceof Verdict.Missing
                ? Optional.of(new Ending.Wrong(
                        "quant " + compactQuant.hash() + " does not connect or is not complete",
                        Optional.of(Misbehaviour.LOOSE_QUANTS)))
                : Optional.empty();
    }

    private Flow<Verdict> complete(Part part, List<Hash> missing) {
        return cuts.fetch(missing).then(fetched -> {
            if (fetched.size() < missing.size()) {
                return Flow.failed(Fault.peer(
                        Fault.Kind.DECLINED,
                        "it does not give the transactions of quant "
                                + part.compactQuant().hash()));
            }
            List<Transaction> all = new ArrayList<>(part.transactions());
            all.addAll(fetched);
            return append(new Part(part.compactQuant(), all));
        });
    }

    private Effects stop(Ending how) {
        if (ending.isEmpty()) {
            ending = Optional.of(how);
        }
        return finish();
    }

    private Effects finish() {
        if (over || !offered.isEmpty()) {
            return Effects.NONE;
        }
        over = true;
        return after.apply(ending.orElseThrow());
    }

    private static Ending ending(Fault fault) {
        String why = fault.refusal().detail();
        return switch (fault.kind()) {
            case DECLINED -> new Ending.Wrong(why);
            case REFUSED, SILENT, BUSY -> new Ending.Broken(why);
            case SLOW -> new Ending.Slow(why);
            case OWN -> new Ending.Unable(why);
        };
    }
}
