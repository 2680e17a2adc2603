package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.BacklogGrew;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.Dropped;
import io.qbc.bus.Catalogue.EquivocationFound;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Orphans;
import io.qbc.ledger.Orphans.Orphan;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.WaitingList;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.Inbox;
import io.qbc.persistence.write.Writer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that judges quants, one at a time. While those that plainly follow each other are on their way to the
 * disk, it goes on with the next one; for anything else it waits until all of them are there. What waits is told here
 * too, so that such an answer is never older than a move of the head that was told before it.
 */
public final class CommitLoop {
    private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
    private static final int OVERHEAD = 1024;

    private final Store store;
    private final Writer writer;
    private final QuantJudge quantJudge;
    private final Orphans orphans;
    private final ChainAdmin chainAdmin;
    private final Home home;
    private final Inbox<Runnable> inbox;
    private final InFlightCommits inFlightCommits;
    private final PostCommit postCommit;
    private final Deque<Runnable> possible = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "ledger");

    public CommitLoop(
            Store store, Writer writer, ChainAdmin chainAdmin, NodeConfig config, InstantSource clock, Home home) {
        this.store = store;
        this.writer = writer;
        this.postCommit = new PostCommit(store, home);
        this.quantJudge = new QuantJudge(store, clock, config.ledger().reorganisationDepth(), postCommit::watch);
        this.orphans = new Orphans(config.ledger().orphans(), config.ledger().orphanBytes());
        this.inFlightCommits = new InFlightCommits(config.ledger().reorganisationDepth());
        this.chainAdmin = chainAdmin;
        this.home = home;
        this.inbox = new Inbox<>(config.store().queueBytes());
    }

    /** Where the ledger speaks to the rest of the node: the context for answers, and the events. */
    public interface Home extends Executor {
        void headMoved(HeadMoved event);

        void orphaned(Orphaned event);

        void stocked(BacklogGrew event);

        void caught(EquivocationFound event);

        void opened(ChainOpened event);

        void closed(ChainClosed event);
    }

    public void start() {
        thread.start();
    }

    public Future<Verdict> append(OpenChain chain, Append append) {
        Promise<Verdict> answer = Promise.promise();
        long bytes = OVERHEAD + (long) Hash.BYTES * append.compactQuant().ids().size();
        for (Transaction transaction : append.supplied()) {
            bytes += transaction.encoded().size();
        }
        offer(() -> attempt(chain, append, answer), bytes, chain.number(), answer);
        return answer.future();
    }

    public Future<Waiting> waiting(OpenChain chain, FindWaiting question) {
        Promise<Waiting> answer = Promise.promise();
        Runnable work = () -> waiting(chain, question, answer);
        offer(settled(answer, work), OVERHEAD, chain.number(), answer);
        return answer.future();
    }

    public Future<Banged> bang(ChainSpec spec) {
        return change(() -> chainAdmin.bang(spec), banged -> {
            if (banged.created()) {
                home.opened(new ChainOpened(banged.chain()));
            }
        });
    }

    public Future<Dropped> drop(OpenChain chain) {
        return change(() -> chainAdmin.drop(chain), dropped -> home.closed(new ChainClosed(dropped.chain())));
    }

    public Future<Chain> freeze(OpenChain chain, boolean frozen) {
        return change(() -> chainAdmin.freeze(chain, frozen), told -> home.opened(new ChainOpened(told)));
    }

    public Future<SigningRecord> promise(KeepSigningRecord question) {
        return change(() -> chainAdmin.keep(question), kept -> {});
    }

    /** Does something between two quants, and tells of it before it answers. */
    private <T> Future<T> change(Supplier<T> change, Consumer<T> told) {
        Promise<T> answer = Promise.promise();
        Runnable work = () -> {
            T changed = change.get();
            home.execute(() -> {
                told.accept(changed);
                answer.complete(changed);
            });
        };
        offer(settled(answer, work), OVERHEAD, Inbox.NOBODY, answer);
        return answer.future();
    }

    /** Work that begins when nothing is under way any more. */
    private Runnable settled(Promise<?> answer, Runnable work) {
        return () -> {
            settle();
            guard(answer, work);
        };
    }

    /** Finishes what is queued and ends; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        inbox.close();
        thread.join(atMost.toMillis());
        return !thread.isAlive();
    }

    private void offer(Runnable work, long bytes, int chain, Promise<?> answer) {
        inbox.offer(work, bytes, chain).ifPresent(refusal -> answer.fail(new Failure(refusal)));
    }

    private void run() {
        try {
            for (List<Runnable> work = inbox.take(1); !work.isEmpty(); work = inbox.take(1)) {
                work.forEach(Runnable::run);
                reap();
            }
            settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void waiting(OpenChain chain, FindWaiting question, Promise<Waiting> answer) {
        try (WaitingList list = new WaitingList(store, chain)) {
            Waiting waiting = list.find(question.from(), Math.max(1, question.countMax()));
            home.execute(() -> answer.complete(waiting));
        }
    }

    /** Judges a quant and has it stored if it is valid. */
    private void attempt(OpenChain chain, Append append, Promise<Verdict> answer) {
        guard(answer, () -> {
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
            orphans.keep(new Orphan(append.chain(), append.compactQuant(), append.supplied()));
            long height = append.compactQuant().header().height();
            home.execute(() -> home.orphaned(new Orphaned(append.chain(), orphan.parent(), height)));
        }
        home.execute(() -> answer.complete(verdict));
    }

    private void store(CommitPlan commitPlan, Optional<CommitWrite> base, Promise<Verdict> answer) {
        CommitWrite write = new CommitWrite(
                commitPlan,
                base,
                moved -> {
                    moved.ifPresent(home::headMoved);
                    told(answer, commitPlan.verdict());
                },
                refusal -> told(answer, new Verdict.Refused(refusal)));
        Optional<Refusal> refused = writer.push(write);
        if (refused.isPresent()) {
            home.execute(() -> answer.complete(new Verdict.Refused(refused.get())));
            return;
        }
        inFlightCommits.add(write);
        while (inFlightCommits.full() || (!commitPlan.plain() && !inFlightCommits.isEmpty())) {
            finish(inFlightCommits.take());
        }
    }

    /** Answers, and wakes the ledger; if that is refused, other work waits there, which sees to the write too. */
    private void told(Promise<Verdict> answer, Verdict verdict) {
        answer.tryComplete(verdict);
        inbox.offer(() -> {}, 0, Inbox.NOBODY);
    }

    /** Does what is to be done after the writes that have come to their end. */
    private void reap() {
        while (inFlightCommits.oldest().filter(write -> write.stored().isDone()).isPresent()) {
            finish(inFlightCommits.take());
        }
        if (!possible.isEmpty()) {
            settle();
        }
    }

    /** Waits until all that is under way is stored, and tries the orphans that became possible. */
    private void settle() {
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
            quantJudge.stored(write.commitPlan(), quant);
            postCommit.stored(write.commitPlan(), inFlightCommits.last(chain).isEmpty());
        });
    }

    private void again(OpenChain chain, Orphan orphan) {
        Promise<Verdict> silent = Promise.promise();
        silent.future().onFailure(cause -> LOG.warn("a kept quant was dropped: {}", cause.toString()));
        if (orphan.chain().equals(chain.id())) {
            attempt(chain, Append.foreign(orphan.chain(), orphan.compactQuant(), orphan.supplied()), silent);
        }
    }

    private void guard(Promise<?> answer, Runnable work) {
        try {
            work.run();
        } catch (Failure e) {
            home.execute(() -> answer.tryFail(e));
        } catch (StoreException e) {
            LOG.error("the store failed under the ledger", e);
            home.execute(() -> answer.tryFail(new Failure(e.refusal())));
        } catch (RuntimeException e) {
            LOG.error("the ledger failed", e);
            home.execute(() -> answer.tryFail(new Failure(Reason.INTERNAL, e.toString())));
        }
    }
}
