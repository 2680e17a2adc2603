package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Append;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.QuantRules.Check;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.Branch;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.Pruning;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** Judges one offered quant against the store; changes nothing in it. Confined to the commit thread. */
public final class QuantJudge {
    private final Store store;
    private final InstantSource clock;
    private final BiPredicate<Head, Head> better;
    private final int depthMax;
    private final BiConsumer<OpenChain, CompactQuant> seen;
    private Optional<Branch> recent = Optional.empty();

    /**
     * What quants are judged by, beside their chain's own rules.
     *
     * @param store where earlier quants and transactions are looked up
     * @param clock what timestamps are compared with
     * @param better whether the first of two heads is to be the chain's rather than the second
     */
    public record Sources(Store store, InstantSource clock, BiPredicate<Head, Head> better) {
        static Sources of(Store store, InstantSource clock) {
            return new Sources(store, clock, ForkChoice::better);
        }
    }

    /**
     * A judge of one store.
     *
     * @param depthMax how many quants a reorganisation may undo
     * @param seen hears of quants that keep the rules but come too late to count
     */
    QuantJudge(Sources sources, int depthMax, BiConsumer<OpenChain, CompactQuant> seen) {
        this.store = sources.store();
        this.clock = sources.clock();
        this.better = sources.better();
        this.depthMax = depthMax;
        this.seen = seen;
    }

    /** What judging gives: a verdict at once, or what storing the quant will change. */
    sealed interface Judgement {
        record Settled(Verdict verdict) implements Judgement {}

        record Valid(CommitPlan commitPlan) implements Judgement {}
    }

    Judgement judge(OpenChain chain, Append append) {
        Header header = append.compactQuant().header();
        Hash hash = append.compactQuant().hash();
        if (chain.quants().has(hash)) {
            return settled(new Verdict.Known(hash));
        }
        if (!header.chain().equals(chain.id())) {
            return refused(Reason.QUANT_CHAIN, "it names the chain " + header.chain());
        }
        if (chain.frozen()) {
            return refused(Reason.CHAIN_FROZEN, "the chain takes no quants");
        }
        if (header.height() <= chain.base()) {
            return refused(Reason.QUANT_HEIGHT, "the genesis quant has the height " + chain.base());
        }
        Head head = chain.tip().head();
        if (append.own() && !header.previous().equals(head.hash())) {
            return refused(Reason.PARENT_STALE, "the head is " + head.hash());
        }
        Optional<Branch> branch = branch(chain, header.previous());
        if (branch.isEmpty()) {
            return chain.quants().has(header.previous()) ? tooDeep() : orphan(chain, append.compactQuant());
        }
        if (head.height() - branch.get().fork() > depthMax) {
            return tooDeep();
        }
        return judge(chain, chain.tip(), branch.get(), append);
    }

    /** Only what keeps the rules that do not depend on its parent is worth being kept until that comes. */
    private Judgement orphan(OpenChain chain, CompactQuant quant) {
        return settled(chain.quantRules()
                .checkAlone(quant, clock.millis())
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Orphan(quant.header().previous())));
    }

    /**
     * Judges a quant on top of a tip that is still on its way to the disk, so that the look-ups in the store may miss
     * what it brought.
     *
     * @return what storing the quant changes, if it goes on top of that tip as a peer's valid quant; nothing if that is
     *     not so or cannot be told before that tip is stored
     */
    Optional<CommitPlan> extension(OpenChain chain, Tip ahead, Append append) {
        Header header = append.compactQuant().header();
        boolean next = !append.own() && header.previous().equals(ahead.head().hash());
        if (!next || !header.chain().equals(chain.id()) || chain.frozen()) {
            return Optional.empty();
        }
        Branch branch = new Branch(ahead.head().height(), ahead);
        return judge(chain, ahead, branch, append) instanceof Judgement.Valid valid
                ? Optional.of(valid.commitPlan()).filter(CommitPlan::plain)
                : Optional.empty();
    }

    /** The rules that cost little come first, so that a worthless quant makes no look-ups. */
    private Judgement judge(OpenChain chain, Tip head, Branch branch, Append append) {
        Check check = chain.quantRules().check(branch.tip(), append.compactQuant(), 0, clock.millis());
        if (check instanceof Outcome.Broken broken) {
            return settled(new Verdict.Refused(broken.refusal()));
        }
        Optional<Refusal> reverting = ForkChoice.finality(branch.fork(), chain.finality(head));
        if (reverting.isPresent()) {
            seen.accept(chain, append.compactQuant());
            return settled(new Verdict.Refused(reverting.get()));
        }
        ResolvedTransactions resolvedTransactions = new ResolvedTransactions(chain);
        Optional<Verdict> unresolved = resolvedTransactions.resolve(append);
        if (unresolved.isPresent()) {
            return settled(unresolved.get());
        }
        Optional<Refusal> large = chain.quantRules().size(resolvedTransactions.bytes());
        if (large.isPresent()) {
            return settled(new Verdict.Refused(large.get()));
        }
        Tip tip = chain.quantRules().next((Check.Sound) check, resolvedTransactions.engineOperations());
        try (ReorgPlanner reorgPlanner = new ReorgPlanner(store, chain)) {
            Optional<Refusal> twice = reorgPlanner.twice(branch, resolvedTransactions);
            if (twice.isPresent()) {
                return settled(new Verdict.Refused(twice.get()));
            }
            boolean placed = better.test(tip.head(), head.head());
            CommitPlan.Move move = placed ? reorgPlanner.to(branch, resolvedTransactions) : CommitPlan.Move.ASIDE;
            return new Judgement.Valid(new CommitPlan(
                    chain,
                    append.compactQuant(),
                    resolvedTransactions,
                    tip,
                    move,
                    Pruning.of(store, chain, tip, depthMax),
                    retained(chain, move)));
        }
    }

    private static List<CommitPlan.Retained> retained(OpenChain chain, CommitPlan.Move move) {
        List<CommitPlan.Retained> retained = new ArrayList<>();
        for (OpenChain fork : chain.forks()) {
            long shared = fork.parentHistory().orElseThrow().shared();
            move.undone().stream()
                    .filter(gone -> gone.height() <= shared)
                    .forEach(gone -> retained.add(new CommitPlan.Retained(fork, gone)));
        }
        return retained;
    }

    /** Tells that a judged quant is stored, so that the next one on the same branch is found fast. */
    void stored(CommitPlan commitPlan, QuantRecord quant) {
        OpenChain chain = commitPlan.chain();
        if (!commitPlan.move().placed()) {
            chain.lowestAside(Math.min(chain.lowestAside(), quant.height()));
        }
        commitPlan.move().undone().forEach(gone -> chain.lowestAside(Math.min(chain.lowestAside(), gone.height())));
        if (!commitPlan.move().placed()) {
            Optional<Branch> branch = branch(chain, quant.header().previous());
            branch.ifPresent(found -> found.extend(quant, commitPlan.tip()));
            recent = branch;
        } else if (!commitPlan.move().undone().isEmpty()) {
            // The fork points of all branches are others now.
            recent = Optional.empty();
        }
    }

    private Optional<Branch> branch(OpenChain chain, Hash parent) {
        Tip head = chain.tip();
        if (parent.equals(head.head().hash())) {
            return Optional.of(new Branch(head.head().height(), head));
        }
        Optional<Branch> again =
                recent.filter(branch -> branch.tip().head().hash().equals(parent));
        long lowest = head.head().height() - depthMax - 1L;
        Quants quants = chain.quants();
        return again.or(() -> quants.find(parent).flatMap(found -> Branch.to(found, quants, lowest)));
    }

    private Judgement tooDeep() {
        return refused(
                Reason.REORGANISATION_TOO_DEEP, "it leaves the chain more than " + depthMax + " quants below the head");
    }

    private static Judgement settled(Verdict verdict) {
        return new Judgement.Settled(verdict);
    }

    private static Judgement refused(Reason reason, String detail) {
        return settled(new Verdict.Refused(reason.refusal(detail)));
    }
}
