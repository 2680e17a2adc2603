package io.qbc.persistence.read;

import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.persistence.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read for others; more than may wait is refused as busy. They answer themselves: an answer has no
 * order among events, since the store may have moved on before the event that tells of it.
 */
public final class Readers {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final ThreadPoolExecutor pool;

    public Readers(NodeConfig.Store limits) {
        AtomicInteger count = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                limits.readers(),
                limits.readers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.queueReads()),
                work -> new Thread(work, "store-reader-" + count.incrementAndGet()));
    }

    public <T> Future<T> read(Supplier<T> read) {
        Promise<T> answer = Promise.promise();
        try {
            pool.execute(() -> run(read, answer));
        } catch (RejectedExecutionException e) {
            Reason reason = pool.isShutdown() ? Reason.STOPPING : Reason.BUSY;
            answer.fail(new Failure(reason, "no reader of the store is free"));
        }
        return answer.future();
    }

    private <T> void run(Supplier<T> read, Promise<T> answer) {
        T found;
        try {
            found = read.get();
        } catch (StoreException e) {
            LOG.error("a read failed", e);
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
