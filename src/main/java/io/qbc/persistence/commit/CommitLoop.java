package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.Dropped;
import io.qbc.bus.Catalogue.FindWaiting;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Catalogue.KeptOrphans;
import io.qbc.bus.Catalogue.Waiting;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Orphans;
import io.qbc.model.ChainSpec;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.Inbox;
import io.qbc.persistence.write.WritePort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that judges quants and changes chains, one after the other, by {@link CommitSteps}. */
public final class CommitLoop {
    private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
    private static final int OVERHEAD_BYTES = 1024;

    private final ChainAdmin chainAdmin;
    private final CommitEvents events;
    private final CommitSteps commitSteps;
    private final Inbox<Runnable> inbox;
    private final Thread thread = new Thread(this::run, "commit");

    public CommitLoop(
            Store store,
            WritePort writePort,
            ChainAdmin chainAdmin,
            NodeConfig config,
            InstantSource clock,
            CommitEvents events) {
        this.chainAdmin = chainAdmin;
        this.events = events;
        this.inbox = new Inbox<>(config.store().queueBytes());
        this.commitSteps = new CommitSteps(
                store, writePort, QuantJudge.Sources.of(store, clock), config.ledger(), events, this::wake);
    }

    public void start() {
        thread.start();
    }

    public Future<Verdict> append(OpenChain chain, Append append) {
        Promise<Verdict> answer = Promise.promise();
        long bytes = OVERHEAD_BYTES + Orphans.bytes(append.compactQuant(), append.supplied());
        offer(() -> commitSteps.attempt(chain, append, answer), bytes, chain.number(), answer);
        return answer.future();
    }

    /** What waits for its parent, as it was after the last quant. */
    public KeptOrphans orphans() {
        return commitSteps.orphans();
    }

    public Future<Waiting> waiting(OpenChain chain, FindWaiting question) {
        Promise<Waiting> answer = Promise.promise();
        offer(() -> commitSteps.waiting(chain, question, answer), OVERHEAD_BYTES, chain.number(), answer);
        return answer.future();
    }

    public Future<Banged> bang(ChainSpec spec, boolean begun, boolean foreign) {
        return change(() -> chainAdmin.bang(spec, foreign), banged -> {
            if (banged.created()) {
                events.chainOpened(new ChainOpened(banged.chain(), begun));
            }
        });
    }

    public Future<Dropped> drop(OpenChain chain) {
        return change(() -> chainAdmin.drop(chain), dropped -> events.chainClosed(new ChainClosed(dropped.chain())));
    }

    public Future<Chain> freeze(OpenChain chain, boolean frozen) {
        return change(() -> chainAdmin.freeze(chain, frozen), changed -> events.chainOpened(new ChainOpened(changed)));
    }

    public Future<SigningRecord> keep(KeepSigningRecord question) {
        return change(() -> chainAdmin.keep(question), kept -> {});
    }

    private <T> Future<T> change(Supplier<T> change, Consumer<T> announced) {
        Promise<T> answer = Promise.promise();
        offer(() -> commitSteps.change(change, announced, answer), OVERHEAD_BYTES, Inbox.NOBODY, answer);
        return answer.future();
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

    /** Lets the thread see to writes that have ended; if that is refused, other work waits there, which does it too. */
    private void wake() {
        inbox.offer(() -> {}, 0, Inbox.NOBODY);
    }

    /** Nobody waits for what fails here, and it must not keep others from what they wait for. */
    private static void guard(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("the work after a commit failed", e);
        }
    }

    private void run() {
        try {
            for (List<Runnable> work = inbox.take(1); !work.isEmpty(); work = inbox.take(1)) {
                work.forEach(CommitLoop::guard);
                guard(commitSteps::reap);
            }
            guard(commitSteps::settle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
