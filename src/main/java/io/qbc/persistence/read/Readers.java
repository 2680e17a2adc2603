package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.persistence.analytics.RollupQuery;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.index.ListQuery;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The threads that read for others; more than may wait is refused as busy. They answer themselves: an answer has no
 * order among events, since the store may have moved on before the event that tells of it.
 */
public final class Readers {
    private final Store store;
    private final PlacementCache placementCache = new PlacementCache();
    private final ThreadPoolExecutor pool;

    public Readers(Store store, NodeConfig.Store limits) {
        this.store = store;
        AtomicInteger count = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                limits.readers(),
                limits.readers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.queueReads()),
                work -> new Thread(work, "store-reader-" + count.incrementAndGet()));
    }

    /** Answers from a chain on one of the threads. */
    public <T> Future<T> query(OpenChain chain, Function<Queries, T> query) {
        return read(chain, () -> query.apply(new Queries(store, chain, placementCache)));
    }

    /** Reads pages of a chain on one of the threads. */
    public <T> Future<T> page(OpenChain chain, Function<Pages, T> page) {
        return read(chain, () -> page.apply(new Pages(store, chain)));
    }

    /** Answers from a chain's roll-up on one of the threads. */
    public <T> Future<T> analytics(OpenChain chain, Function<RollupQuery, T> query) {
        return read(chain, () -> query.apply(new RollupQuery(store, chain.number())));
    }

    /** Lists transactions of a chain on one of the threads. */
    public Future<ListedTransactions> list(OpenChain chain, ListTransactions question) {
        return read(chain, () -> new ListQuery(store, chain).list(question));
    }

    private <T> Future<T> read(OpenChain chain, Supplier<T> read) {
        Promise<T> answer = Promise.promise();
        try {
            pool.execute(() -> run(chain, read, answer));
        } catch (RejectedExecutionException e) {
            Reason reason = pool.isShutdown() ? Reason.STOPPING : Reason.BUSY;
            answer.fail(new Failure(reason, "no reader of the store is free"));
        }
        return answer.future();
    }

    private static <T> void run(OpenChain chain, Supplier<T> read, Promise<T> answer) {
        T found;
        try {
            found = read.get();
        } catch (StoreException e) {
            if (chain.closed()) {
                // What a read finds of a chain that is dropped meanwhile means nothing.
                answer.fail(new Failure(Reason.CHAIN_UNKNOWN, "the chain " + chain.id() + " was dropped"));
                return;
            }
            chain.metDamage().met(e);
            answer.fail(new Failure(e.refusal()));
            return;
        } catch (RuntimeException e) {
            answer.fail(e);
            return;
        }
        answer.complete(found);
    }

    /** Finishes what is queued and ends; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        pool.shutdown();
        return pool.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
