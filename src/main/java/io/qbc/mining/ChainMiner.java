package io.qbc.mining;

import static io.qbc.bus.Catalogue.ADMITTED;
import static io.qbc.bus.Catalogue.FORWARD_LEAP;
import static io.qbc.bus.Catalogue.KEEP;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Admitted;
import io.qbc.bus.Catalogue.Audit;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.ForwardLeap;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.News;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.Evidence;
import io.qbc.ledger.Pool;
import io.qbc.ledger.leap.LeapInput;
import io.qbc.ledger.leap.LeapMachine;
import io.qbc.ledger.leap.LeapSetup;
import io.qbc.model.AuditChain;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One chain's pool: what comes in is made durable, then waits; what the chain takes goes out. */
final class ChainMiner {
    private static final Logger LOG = LoggerFactory.getLogger(ChainMiner.class);

    private final Bus bus;
    private final Hash chain;
    private final Pool pool;
    private final InstantSource clock;
    private final boolean signs;
    private final boolean delegated;
    /** Whether the chain is an audit trail, which takes what this node's key signed and nothing else. */
    private final boolean trail;

    /** Whether it is the one of this node's present key. */
    private final boolean ownTrail;

    private final OwnOperations ownOperations;
    private final BacklogNotifier backlogNotifier;
    private final LeapMachine machine;
    private final LeapEffects effects;
    private final ChainTraces traces;
    private final String name;
    private boolean stalls;

    /** @param begun whether the chain began here, just now */
    ChainMiner(MiningContext context, Chain chain, boolean begun) {
        ChainSpec spec = chain.spec();
        LeapSetup setup = context.setup(spec, begun);
        this.bus = context.bus();
        this.chain = chain.id();
        this.clock = context.clock();
        this.signs = setup.signs();
        this.delegated = spec.consensus().engine().equals("dbc");
        this.trail = AuditChain.is(spec);
        this.ownTrail = trail
                && spec.consensus().participants().contains(context.signer().key());
        this.pool = new Pool(
                context.config().pool().transactions(), context.config().pool().bytes());
        this.ownOperations = new OwnOperations(this.chain, context.signer(), clock, this::own);
        this.backlogNotifier = new BacklogNotifier(context.vertx(), () -> bus.tell(ADMITTED, new Admitted(this.chain)));
        Sealer sealer = new Sealer(this.chain, setup.engine(), context.signer(), context.sealers());
        this.name = spec.name();
        this.machine = new LeapMachine(setup, pool, clock.millis());
        this.traces = new ChainTraces(context.tracing(), this.chain);
        this.effects =
                new LeapEffects(context, this.chain, machine, sealer, ownOperations, traces, backlogNotifier::news);
        freeze(chain.frozen());
    }

    /** Stops or lets through what this stage does by itself; what others ask for the store judges. */
    void freeze(boolean frozen) {
        effects.step(new LeapInput.Frozen(frozen));
    }

    private Future<?> own(Transaction transaction) {
        Submission submission = new Submission(transaction);
        return take(new Inject(chain, List.of(submission), Origin.CLIENT));
    }

    /** Whether this node's audit trail is kept in this chain. */
    boolean keepsTrail() {
        return ownTrail;
    }

    /** Signs entries of the audit trail and takes them in; there is nobody to announce them to. */
    Future<Injected> record(Audit audit) {
        List<Submission> signed = audit.entries().stream()
                .map(entry -> new Submission(ownOperations.signed(entry)))
                .toList();
        return take(new Inject(chain, signed, Origin.QUIET));
    }

    /** Signs an operation that somebody asks for, and takes it in. */
    Future<Injected> operate(Operate operate) {
        if (!signs) {
            return Future.failedFuture(new Failure(
                    Reason.OPERATION_NOT_PERMITTED,
                    "consensus.sign leaves this chain out, so that its key signs nothing"));
        }
        Transaction operation = ownOperations.signed(operate);
        Submission submission = new Submission(operation);
        return take(new Inject(chain, List.of(submission), Origin.CLIENT));
    }

    /** Brings evidence into the chain, if this node takes part in it. */
    void accuse(Evidence evidence) {
        if (signs) {
            ownOperations.accuse(evidence);
        }
    }

    /** Fills the pool from the store. */
    Future<Void> load() {
        return effects.load();
    }

    void stop() {
        effects.stop();
        traces.stop();
        backlogNotifier.stop();
    }

    /** Takes in what others bring; an audit trail takes nothing of anybody. */
    Future<Injected> inject(Inject inject) {
        return trail ? Future.succeededFuture(reserved(inject)) : take(inject);
    }

    private static Injected reserved(Inject inject) {
        Admission declined = new Declined(
                Reason.CHAIN_RESERVED.refusal("an audit trail takes what its node's own key signed, and nothing else"));
        return new Injected(Collections.nCopies(inject.submissions().size(), declined));
    }

    /** Makes the submissions durable, those for which there is room, and answers when they are. */
    private Future<Injected> take(Inject inject) {
        List<Submission> roomy = new ArrayList<>(inject.submissions().size());
        for (Submission submission : inject.submissions()) {
            if (pool.reserve(size(submission))) {
                roomy.add(submission);
            } else {
                break;
            }
        }
        if (roomy.isEmpty() && !inject.submissions().isEmpty()) {
            return Future.succeededFuture(fill(inject, List.of()));
        }
        long since = traces.now();
        return bus.ask(KEEP, new Keep(chain, roomy))
                .onComplete(done -> roomy.forEach(submission -> pool.release(size(submission))))
                .map(kept -> {
                    traces.kept(roomy, kept.admissions(), since);
                    admit(roomy, kept.admissions(), inject.origin());
                    return roomy.size() == inject.submissions().size() ? kept : fill(inject, kept.admissions());
                });
    }

    private void admit(List<Submission> submissions, List<Admission> admissions, Origin origin) {
        long now = clock.millis();
        boolean quiet = origin == Origin.QUIET;
        boolean news = false;
        Iterator<Submission> each = submissions.iterator();
        for (Admission admission : admissions) {
            Submission submission = each.next();
            if (admission instanceof Accepted accepted) {
                pool.add(accepted.sequence(), accepted.id(), size(submission), now, quiet);
                news = true;
            }
        }
        if (news) {
            effects.step(new LeapInput.PoolGrew());
            if (!quiet) {
                backlogNotifier.news();
            }
        }
    }

    private Injected fill(Inject inject, List<Admission> kept) {
        List<Admission> all = new ArrayList<>(kept);
        Admission full = new Declined(Reason.POOL_FULL.refusal(
                pool.transactions() + " transactions, " + pool.bytes() + " bytes wait for a leap"));
        while (all.size() < inject.submissions().size()) {
            all.add(full);
        }
        return new Injected(all);
    }

    /** Leaps, or has a delegate among the peers leap where this node's key may not. */
    Future<Leaped> leap(Leap ask) {
        Future<Leaped> own = effects.leap(ask.on());
        return ask.forwarded() || !delegated ? own : own.recover(this::orForward);
    }

    private Future<Leaped> orForward(Throwable cause) {
        return Failure.of(cause).reason() == Reason.PRODUCER_NOT_PERMITTED
                ? bus.ask(FORWARD_LEAP, new ForwardLeap(chain))
                : Future.failedFuture(cause);
    }

    PoolState state() {
        return new PoolState(pool.transactions(), pool.bytes(), pool.oldest(), machine.stall(clock.millis()));
    }

    /** Tells once that the chain stands still, and that it goes on. */
    void watch() {
        Optional<Refusal> stall = machine.stall(clock.millis());
        if (stall.isPresent() && !stalls) {
            LOG.warn("the chain {} stands still: {}", name, stall.get().detail());
        } else if (stall.isEmpty() && stalls) {
            LOG.info("the chain {} does not stand still any more", name);
        }
        stalls = stall.isPresent();
    }

    Future<News> news(FindNews find) {
        Pool.News news = pool.after(find.after(), find.countMax());
        return Future.succeededFuture(new News(news.ids(), news.upTo()));
    }

    /** Follows the chain. */
    void headMoved(HeadMoved moved) {
        traces.moved(moved);
        effects.step(new LeapInput.HeadMoved(moved.tip(), moved.undone(), moved.gone()));
    }

    /** Takes in what came with a quant aside. */
    void backlogGrew(long from) {
        effects.step(new LeapInput.BacklogGrew(from));
    }

    private static int size(Submission submission) {
        return submission.transaction().encoded().size();
    }
}
