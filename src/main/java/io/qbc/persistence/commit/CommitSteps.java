package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.KeptOrphans;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Orphans;
import io.qbc.ledger.Orphans.Orphan;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.WaitingList;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.WritePort;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of committing quants, taken one at a time by whoever has this object. While those that plainly follow each
 * other are on their way to the disk, it goes on with the next one; for anything else it waits until all of them are
 * there. What waits is looked up here too, so that such an answer is never older than a move of the head that was
 * announced before it.
 */
public final class CommitSteps {
    private static final Logger LOG = LoggerFactory.getLogger(CommitSteps.class);

    private final Store store;
    private final WritePort writePort;
    private final CommitEvents events;
    private final Runnable written;
    private final QuantJudge quantJudge;
    private final Orphans orphans;
    private final InFlightCommits inFlightCommits;
    private final PostCommit postCommit;
    private final Deque<Runnable> possible = new ArrayDeque<>();
    private volatile KeptOrphans kept = new KeptOrphans(0, 0);

    /**
     * Steps over one store.
     *
     * @param sources what quants are judged by
     * @param written is run on the events' context once a write has ended, so that {@link #reap} has something to do
     */
    public CommitSteps(
            Store store,
            WritePort writePort,
            QuantJudge.Sources sources,
            NodeConfig.Ledger limits,
            CommitEvents events,
            Runnable written) {
        this.store = store;
        this.writePort = writePort;
        this.events = events;
        this.written = written;
        this.postCommit = new PostCommit(store, events);
        this.quantJudge = new QuantJudge(sources, limits.reorganisationDepth(), postCommit::watch);
        this.orphans = new Orphans(limits.orphans(), limits.orphanBytes());
        this.inFlightCommits = new InFlightCommits(limits.reorganisationDepth());
    }

    /** Judges a quant and has it stored if it is valid. */
    public void attempt(OpenChain chain, Append append, Promise<Verdict> answer) {
        Optional<Refusal> shut = writePort.refusal();
        if (shut.isPresent()) {
            events.execute(() -> answer.complete(new Verdict.Refused(shut.get())));
            return;
        }
        guard(Optional.of(chain), answer, () -> {
            Optional<CommitWrite> last = inFlightCommits.last(chain);
            Optional<CommitPlan> next = last.flatMap(write -> extension(write, append));
            if (next.isPresent()) {
                store(next.get(), last, answer);
                return;
            }
            drain();
            chain.requireOpen();
            QuantJudge.Judgement judgement = quantJudge.judge(chain, append);
            if (judgement instanceof QuantJudge.Judgement.Valid valid) {
                store(valid.commitPlan(), Optional.empty(), answer);
            } else if (judgement instanceof QuantJudge.Judgement.Settled settled) {
                settle(append, settled.verdict(), answer);
            }
        });
    }

    private Optional<CommitPlan> extension(CommitWrite last, Append append) {
        CommitPlan ahead = last.commitPlan();
        return quantJudge
                .extension(ahead.chain(), ahead.tip(), append)
                .filter(commitPlan -> !inFlightCommits.mayHold(commitPlan));
    }

    private void settle(Append append, Verdict verdict, Promise<Verdict> answer) {
        if (verdict instanceof Verdict.Orphan orphan) {
            orphans.keep(new Orphan(append.source(), append.chain(), append.compactQuant(), append.supplied()));
            count();
            long height = append.compactQuant().header().height();
            events.execute(() -> events.orphaned(new Orphaned(append.chain(), orphan.parent(), height)));
        }
        events.execute(() -> answer.complete(verdict));
    }

    private void count() {
        kept = new KeptOrphans(orphans.size(), orphans.bytes());
    }

    /** What waits for its parent, as it was after the last quant; for any thread. */
    public KeptOrphans orphans() {
        return kept;
    }

    private void store(CommitPlan commitPlan, Optional<CommitWrite> base, Promise<Verdict> answer) {
        CommitWrite write = new CommitWrite(
                commitPlan,
                base,
                moved -> {
                    moved.ifPresent(events::headMoved);
                    answered(answer, commitPlan.verdict());
                },
                refusal -> answered(answer, new Verdict.Refused(refusal)));
        Optional<Refusal> refused = writePort.push(write);
        if (refused.isPresent()) {
            events.execute(() -> answer.complete(new Verdict.Refused(refused.get())));
            return;
        }
        inFlightCommits.add(write);
        while (inFlightCommits.full() || (!commitPlan.plain() && !inFlightCommits.isEmpty())) {
            finish(inFlightCommits.take());
        }
    }

    private void answered(Promise<Verdict> answer, Verdict verdict) {
        answer.tryComplete(verdict);
        written.run();
    }

    /** Does what is to be done after the writes that have come to their end. */
    public void reap() {
        while (inFlightCommits.oldest().filter(write -> write.stored().isDone()).isPresent()) {
            finish(inFlightCommits.take());
        }
        if (!possible.isEmpty()) {
            settle();
        }
    }

    /** Waits until all that is under way is stored, and tries the orphans that became possible. */
    public void settle() {
        drain();
        while (!possible.isEmpty()) {
            possible.remove().run();
            drain();
        }
    }

    private void drain() {
        while (!inFlightCommits.isEmpty()) {
            finish(inFlightCommits.take());
        }
    }

    /** Waits for a write, and does what is to be done after it. */
    private void finish(CommitWrite write) {
        Optional<QuantRecord> stored = write.stored().join();
        OpenChain chain = write.commitPlan().chain();
        stored.ifPresent(quant -> {
            orphans.take(quant.hash()).forEach(orphan -> possible.add(() -> again(chain, orphan)));
            count();
            quantJudge.stored(write.commitPlan(), quant);
            postCommit.stored(write.commitPlan(), inFlightCommits.last(chain).isEmpty());
        });
    }

    private void again(OpenChain chain, Orphan orphan) {
        Promise<Verdict> silent = Promise.promise();
        silent.future().onFailure(cause -> LOG.warn("a kept quant was dropped: {}", cause.toString()));
        if (orphan.chain().equals(chain.id())) {
            Append append = Append.foreign(orphan.source(), orphan.chain(), orphan.compactQuant(), orphan.supplied());
            attempt(chain, append, silent);
        }
    }

    /** Finds what waits in a chain's log, as soon as nothing is under way any more. */
    public void waiting(OpenChain chain, FindWaiting question, Promise<Waiting> answer) {
        guard(Optional.of(chain), answer, () -> {
            settle();
            try (WaitingList list = new WaitingList(store, chain)) {
                Waiting waiting = list.find(question.from(), Math.max(1, question.countMax()));
                events.execute(() -> answer.complete(waiting));
            }
        });
    }

    /** Does something between two quants, and announces it before it answers. */
    public <T> void change(Supplier<T> change, Consumer<T> announced, Promise<T> answer) {
        guard(Optional.empty(), answer, () -> {
            settle();
            T changed = change.get();
            events.execute(() -> {
                announced.accept(changed);
                answer.complete(changed);
            });
        });
    }

    private void guard(Optional<OpenChain> chain, Promise<?> answer, Runnable work) {
        try {
            work.run();
        } catch (Failure e) {
            events.execute(() -> answer.tryFail(e));
        } catch (StoreException e) {
            chain.ifPresentOrElse(
                    here -> here.metDamage().met(e), () -> LOG.error("the store failed under a change of chains", e));
            events.execute(() -> answer.tryFail(new Failure(e.refusal())));
        } catch (RuntimeException e) {
            LOG.error("a commit failed", e);
            events.execute(() -> answer.tryFail(new Failure(Reason.INTERNAL, e.toString())));
        }
    }
}
