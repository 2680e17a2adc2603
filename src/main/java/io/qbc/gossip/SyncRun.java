package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Failure;
import io.qbc.gossip.Message.Follow;
import io.qbc.gossip.Message.Part;
import io.qbc.gossip.Message.Range;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one peer's chain from the newest quant in common to its head. Everything goes through APPEND, some quants at
 * a time and in their order, while the next range is on its way: three ranges are in memory at most.
 */
final class SyncRun {
    private static final Logger LOG = LoggerFactory.getLogger(SyncRun.class);

    private final Setting setting;
    private final Neighbours neighbours;
    private final Link peer;
    private final Hash chain;
    private final long begun;
    private final List<Hash> base = new ArrayList<>();
    private final OfferWindow window;
    private final CutQuants cuts;
    private Claim claim;
    private long height = -1;
    private long offered = -1;
    private long quants;
    private long transactions;
    private Future<Range> next;
    private Outcome outcome;
    private boolean stopped;

    SyncRun(Setting setting, Neighbours neighbours, Link peer, Claim claim) {
        this.setting = setting;
        this.neighbours = neighbours;
        this.peer = peer;
        this.claim = claim;
        chain = claim.chain();
        begun = setting.now();
        cuts = new CutQuants(setting, neighbours, peer, chain);
        window = new OfferWindow(setting.config().store().queueBytes());
    }

    /** How a run ended. */
    sealed interface Outcome {
        /** The peer has nothing more; its head at the end was {@code claim}. */
        record Ended(Claim claim) implements Outcome {}

        /** What the peer gave was wrong. */
        record Wrong(String why) implements Outcome {}

        /** The peer stopped answering, or cannot answer now. */
        record Broken(String why) implements Outcome {}

        /** This node cannot take quants at present. */
        record Unable(String why) implements Outcome {}
    }

    Future<Outcome> run() {
        return setting.bus()
                .ask(Catalogue.FIND_LOCATOR, new FindLocator(chain))
                .compose(locator -> {
                    base.addAll(locator.hashes());
                    next = range(base);
                    return Repeat.whileTrue(this::round);
                })
                .map(done -> outcome)
                .recover(cause -> Future.succeededFuture(ended(cause)));
    }

    CatchUp progress() {
        return new CatchUp(
                chain, peer.toString(), Math.max(0, height), claim.height(), Duration.ofMillis(setting.now() - begun));
    }

    void report() {
        double seconds = Math.max(1, setting.now() - begun) / 1000.0;
        LOG.info(
                "catching up from {}: height {} of {}, {} quants/s, {} transactions/s",
                peer,
                height,
                claim.height(),
                Math.round(quants / seconds),
                Math.round(transactions / seconds));
    }

    /** Ends after what is under way. */
    void stop() {
        stopped = true;
    }

    private Future<Boolean> round() {
        return next.compose(range -> {
            if (stopped) {
                return stop(new Outcome.Broken("the chain is not followed any more"));
            }
            claim = range.head();
            if (range.parts().isEmpty()) {
                return answers(window::isOpen).compose(fine -> fine ? stop(new Outcome.Ended(claim)) : over());
            }
            if (!inOrder(range.parts())) {
                return stop(new Outcome.Wrong("it gave quants that do not follow each other"));
            }
            List<Hash> locator = new ArrayList<>(base);
            locator.add(0, range.parts().get(range.parts().size() - 1).outline().hash());
            next = range(locator);
            next.onFailure(cause -> LOG.debug("the next range from {} failed: {}", peer, cause.toString()));
            return offerAll(range.parts());
        });
    }

    private Future<Range> range(List<Hash> locator) {
        return neighbours
                .call(peer, Verb.SYNC, Frame.write(new Follow(chain, locator)))
                .compose(answer -> setting.compute(() -> Frame.range(answer)))
                .map(range -> range.filter(r -> r.head().chain().equals(chain)).orElseThrow(Replies::malformed));
    }

    /** Whether each header is the next one; without that a peer could send the same quants for ever. */
    private boolean inOrder(List<Part> parts) {
        long before = offered;
        for (Part part : parts) {
            Header header = part.outline().header();
            if (before >= 0 && header.height() != before + 1) {
                return false;
            }
            before = header.height();
        }
        offered = before;
        return true;
    }

    private Future<Boolean> offerAll(List<Part> parts) {
        int[] at = {0};
        return Repeat.whileTrue(() -> offer(parts.get(at[0])).map(fine -> fine && ++at[0] < parts.size()))
                .map(done -> outcome == null);
    }

    /** Offers a quant as soon as there is room for it; one of which something is here already alone. */
    private Future<Boolean> offer(Part part) {
        return cuts.whole(part).compose(more -> {
            if (CutQuants.cut(more)) {
                return answers(window::isOpen).compose(fine -> fine ? append(more) : over());
            }
            long bytes = OfferWindow.bytes(more);
            return answers(() -> !window.roomy(bytes)).map(fine -> {
                if (fine) {
                    window.add(more.outline(), bytes, ask(more.outline(), more.transactions()));
                }
                return fine;
            });
        });
    }

    /** Takes answers, oldest first, as long as that is asked for; false once one of them ends the run. */
    private Future<Boolean> answers(BooleanSupplier more) {
        return Repeat.whileTrue(() -> {
                    if (outcome != null || !more.getAsBoolean()) {
                        return over();
                    }
                    OfferWindow.Offer oldest = window.take();
                    return oldest.verdict().compose(verdict -> judged(oldest.outline(), verdict));
                })
                .map(done -> outcome == null);
    }

    private Future<Verdict> ask(Outline outline, List<Transaction> supplied) {
        return setting.bus().ask(Catalogue.APPEND, Append.foreign(chain, outline, supplied));
    }

    private Future<Boolean> append(Part part) {
        return ask(part.outline(), part.transactions())
                .compose(verdict -> verdict instanceof Verdict.Missing missing
                        ? complete(part.outline(), part.transactions(), missing.ids())
                        : judged(part.outline(), verdict));
    }

    private Future<Boolean> complete(Outline outline, List<Transaction> supplied, List<Hash> missing) {
        return cuts.fetch(missing).compose(fetched -> {
            if (fetched.size() < missing.size()) {
                return stop(new Outcome.Wrong("it does not give the transactions of quant " + outline.hash()));
            }
            List<Transaction> all = new ArrayList<>(supplied);
            all.addAll(fetched);
            return ask(outline, all).compose(verdict -> judged(outline, verdict));
        });
    }

    private Future<Boolean> judged(Outline outline, Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            Reason reason = refused.refusal().reason();
            String why = "quant " + outline.header().height() + " " + outline.hash() + ": " + reason.code() + ", "
                    + refused.refusal().detail();
            return stop(Faults.own(reason) ? new Outcome.Unable(why) : new Outcome.Wrong(why));
        }
        if (verdict instanceof Verdict.Orphan || verdict instanceof Verdict.Missing) {
            return stop(new Outcome.Wrong("quant " + outline.hash() + " does not connect or is not complete"));
        }
        height = outline.header().height();
        quants++;
        transactions += outline.ids().size();
        return Future.succeededFuture(true);
    }

    private Future<Boolean> stop(Outcome how) {
        outcome = how;
        return over();
    }

    private static Future<Boolean> over() {
        return Future.succeededFuture(false);
    }

    private static Outcome ended(Throwable cause) {
        if (cause instanceof NoAnswer no) {
            return no.kind() == NoAnswer.Kind.DECLINED
                    ? new Outcome.Wrong(no.getMessage())
                    : new Outcome.Broken(no.getMessage());
        }
        return new Outcome.Unable(Failure.of(cause).detail());
    }
}
