package io.qbc.persistence.lifecycle;

import io.qbc.model.Refusal;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.PlainWrite;
import io.qbc.persistence.write.Pruning;
import io.qbc.persistence.write.WritePort;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what dropped chains leave, on a thread that is there only while there is something to delete. */
public final class DroppedChainSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedChainSweeper.class);

    private final Store store;
    private final WritePort writePort;
    private final ThreadPoolExecutor thread;
    private volatile boolean closed;

    public DroppedChainSweeper(Store store, WritePort writePort) {
        this.store = store;
        this.writePort = writePort;
        this.thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> new Thread(work, "store-sweeper"));
        this.thread.allowCoreThreadTimeOut(true);
    }

    /** Goes on with what a stopped node had not finished. */
    public void resume(Registry registry, OpenChains openChains) {
        for (int number : registry.leaving()) {
            if (registry.forks(number).isEmpty()) {
                thread.execute(() -> guarded(number, () -> whole(number)));
            } else {
                // Where a fork is damaged nobody knows what it needs, so that all stays.
                openChains.numbered(number).filter(registry::knowsForks).ifPresent(this::sweep);
            }
        }
    }

    /** Deletes a dropped chain's data, but not what its forks read. */
    public void sweep(OpenChain chain) {
        thread.execute(() -> guarded(chain.number(), () -> {
            if (chain.forks().isEmpty()) {
                whole(chain.number());
            } else {
                new RetainedHistory(store, chain).reduce(this::write);
                write(group -> group.delete(ColumnFamily.META, StoreKeys.leaving(chain.number())));
            }
        }));
    }

    private void whole(int number) {
        write(group -> {
            for (ColumnFamily columnFamily : ColumnFamily.values()) {
                if (columnFamily != ColumnFamily.META) {
                    group.delete(columnFamily, StoreKeys.begin(number), StoreKeys.begin(number + 1));
                }
            }
            group.delete(ColumnFamily.META, StoreKeys.watermark(number));
            group.delete(ColumnFamily.META, StoreKeys.agreed(number));
            Pruning.forget(group, number);
            group.delete(ColumnFamily.META, StoreKeys.parent(number));
            group.delete(ColumnFamily.META, StoreKeys.retained(number));
            group.delete(ColumnFamily.META, StoreKeys.leaving(number));
        });
    }

    private void write(Consumer<Group> change) {
        Optional<Refusal> refusal = closed ? Optional.empty() : PlainWrite.through(writePort, change);
        if (closed || refusal.isPresent()) {
            throw new Stopped();
        }
    }

    private void guarded(int number, Runnable work) {
        try {
            work.run();
        } catch (Stopped e) {
            LOG.info("the data of the dropped chain {} is deleted at the next start", number);
        } catch (RuntimeException e) {
            LOG.error("the data of the dropped chain {} could not be deleted", number, e);
        }
    }

    /** Stops between two writes; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        closed = true;
        thread.shutdown();
        return thread.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
