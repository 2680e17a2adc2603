package io.qbc.ledger;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The rules that a quant must keep on top of its parent. What needs the store is asked elsewhere: that no transaction
 * is in the chain twice, and each transaction's own rules ({@link TransactionRules}).
 */
public final class QuantRules {
    private final Hash chain;
    private final ChainSpec.Limits limits;
    private final Engine engine;
    private final Signatures signatures;
    private final long driftMax;
    private final Optional<Pin> pin;

    /**
     * One instance.
     *
     * @param driftMax how many milliseconds a quant's timestamp may be ahead of this node's clock
     */
    public QuantRules(ChainSpec spec, Engine engine, Signatures signatures, long driftMax) {
        this(spec, engine, signatures, driftMax, Optional.empty());
    }

    /**
     * Rules that also hold the chain to a checkpoint.
     *
     * @param driftMax how many milliseconds a quant's timestamp may be ahead of this node's clock
     * @param pin the quant that the node's operator vouches for
     */
    public QuantRules(ChainSpec spec, Engine engine, Signatures signatures, long driftMax, Optional<Pin> pin) {
        this.chain = spec.id();
        this.limits = spec.limits();
        this.engine = engine;
        this.signatures = signatures;
        this.driftMax = driftMax;
        this.pin = pin;
    }

    /** What judging a quant gives: the tip that it makes, or the rule that it breaks. */
    public sealed interface Outcome {
        record Valid(Tip tip) implements Outcome {}

        record Broken(Refusal refusal) implements Outcome, Check {}
    }

    /** What the rules say before the quant's orders are known. */
    public sealed interface Check {
        /** It keeps them all; what it does to the engine's state is still to be worked out. */
        record Sound(Tip parent, CompactQuant quant, Frontier grown) implements Check {}
    }

    /**
     * Judges a quant on its parent.
     *
     * @param engineOperations what its transactions tell the engine, see {@link EngineOperation#among}
     * @param bytes the encoded sizes of its transactions, added up
     * @param now this node's clock, milliseconds since 1970
     */
    public Outcome judge(Tip parent, CompactQuant quant, List<EngineOperation> engineOperations, long bytes, long now) {
        Check check = check(parent, quant, bytes, now);
        return check instanceof Check.Sound sound
                ? new Outcome.Valid(next(sound, engineOperations))
                : (Outcome.Broken) check;
    }

    /**
     * The rules that need nothing of the transactions but their ids.
     *
     * @param bytes the encoded sizes of its transactions, added up
     * @param now this node's clock, milliseconds since 1970
     */
    public Check check(Tip parent, CompactQuant quant, long bytes, long now) {
        Optional<Refusal> broken = header(parent, quant.header(), now)
                .or(() -> content(quant, bytes))
                .or(() -> pinned(quant))
                .or(() -> engine.check(quant, parent.parent(), signatures));
        if (broken.isPresent()) {
            return new Outcome.Broken(broken.get());
        }
        Frontier grown = parent.frontier().append(quant.ids());
        if (quant.header().treeSize() != grown.size()) {
            return new Outcome.Broken(Reason.QUANT_TREE_SIZE.refusal("the tree size must be " + grown.size()));
        }
        if (!grown.root().equals(quant.header().root())) {
            return new Outcome.Broken(Reason.QUANT_ROOT.refusal("the root must be " + grown.root()));
        }
        return new Check.Sound(parent, quant, grown);
    }

    /**
     * The rules that do not depend on the parent, for a quant whose parent is not here; what costs least comes first.
     *
     * @param now this node's clock, milliseconds since 1970
     */
    public Optional<Refusal> checkAlone(CompactQuant quant, long now) {
        return identity(quant.header())
                .or(() -> ahead(quant.header(), now))
                .or(() -> engine.checkAlone(quant, signatures))
                .or(() -> content(quant, 0))
                .or(() -> pinned(quant));
    }

    /**
     * The tip after a quant that keeps the rules.
     *
     * @param engineOperations what its transactions tell the engine, see {@link EngineOperation#among}
     */
    public Tip next(Check.Sound sound, List<EngineOperation> engineOperations) {
        Tip parent = sound.parent();
        CompactQuant quant = sound.quant();
        Bytes state = engine.next(parent.parent(), quant, engineOperations, signatures);
        return parent.next(quant.header(), quant.hash(), sound.grown(), engine, state);
    }

    /** The height that can no longer revert once this is the chain's tip, or the pinned one if that is higher. */
    public long finality(Tip tip) {
        long agreed = engine.finality(tip.parent());
        long height = tip.head().height();
        return pin.filter(known -> known.height() <= height)
                .map(known -> Math.max(known.height(), agreed))
                .orElse(agreed);
    }

    /** The rule about a quant's size alone, for a caller that learns the size only after the rest was judged. */
    public Optional<Refusal> size(long bytes) {
        return bytes > limits.quantBytesMax()
                ? refuse(Reason.QUANT_TOO_LARGE, bytes + " bytes, the chain takes up to " + limits.quantBytesMax())
                : Optional.empty();
    }

    private Optional<Refusal> header(Tip parent, Header header, long now) {
        Header before = parent.head().header();
        Optional<Refusal> other = identity(header);
        if (other.isPresent()) {
            return other;
        }
        if (header.height() != before.height() + 1) {
            return refuse(Reason.QUANT_HEIGHT, header.height() + " on a parent at " + before.height());
        }
        if (header.timestamp() <= parent.medianTime()) {
            return refuse(
                    Reason.QUANT_TIME_EARLY, header.timestamp() + " is not after the median " + parent.medianTime());
        }
        return ahead(header, now);
    }

    private Optional<Refusal> identity(Header header) {
        if (header.version() != Canonical.VERSION) {
            return refuse(Reason.QUANT_VERSION, "version " + header.version() + ", known is " + Canonical.VERSION);
        }
        if (!header.chain().equals(chain)) {
            return refuse(Reason.QUANT_CHAIN, "it names the chain " + header.chain());
        }
        if (header.producer().size() != Ed25519.KEY_BYTES) {
            return refuse(Reason.QUANT_MALFORMED, "the producer must be a key of " + Ed25519.KEY_BYTES + " bytes");
        }
        return Optional.empty();
    }

    private Optional<Refusal> ahead(Header header, long now) {
        return header.timestamp() > now + driftMax
                ? refuse(Reason.QUANT_TIME_AHEAD, header.timestamp() + " is more than " + driftMax + " ms ahead")
                : Optional.empty();
    }

    private Optional<Refusal> pinned(CompactQuant quant) {
        return pin.filter(known -> known.contradicts(quant.header().height(), quant.hash()))
                .map(Pin::refusal);
    }

    private Optional<Refusal> content(CompactQuant quant, long bytes) {
        Header header = quant.header();
        if (header.count() != quant.ids().size()) {
            return refuse(
                    Reason.QUANT_COUNT,
                    header.count() + " stated, " + quant.ids().size() + " present");
        }
        if (header.count() > limits.quantTransactionsMax()) {
            return refuse(Reason.QUANT_TOO_MANY, "the chain takes up to " + limits.quantTransactionsMax());
        }
        Optional<Refusal> large = size(bytes);
        if (large.isPresent()) {
            return large;
        }
        if (new HashSet<>(quant.ids()).size() != quant.ids().size()) {
            return refuse(Reason.TRANSACTION_TWICE, "the quant holds a transaction twice");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(Reason reason, String detail) {
        return Optional.of(reason.refusal(detail));
    }
}
