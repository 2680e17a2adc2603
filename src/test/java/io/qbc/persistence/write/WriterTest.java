package io.qbc.persistence.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.HeldStore;
import io.qbc.persistence.Wrapped;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large groups are synced while the next is appended, and nobody is answered out of order or before the sync. */
class WriterTest {
    private static final long LARGE = 100_000;
    private static final long SMALL = 100;
    private static final Duration LONG = Patience.CONDITION;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger syncs = new AtomicInteger();
    private RocksStore rocks;
    private HeldStore store;
    private Writer writer;

    @BeforeEach
    void start(@TempDir Path data) {
        NodeConfig.Store limits = Samples.config(data, 0).store();
        rocks = RocksStore.open(data.resolve("store"), limits);
        store = new HeldStore(rocks);
        writer = new Writer(new Counted(store), limits, new FreeSpace(() -> FreeSpace.UNKNOWN_BYTES, 0), Runnable::run);
        writer.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        store.release();
        assertThat(writer.close(LONG)).isTrue();
        rocks.close();
    }

    @Test
    void theNextGroupIsAppendedWhileALargeOneIsSynced() {
        offerUntilItsSync("a", LARGE);
        offer("b", SMALL);
        await().until(() -> seen.contains("put b"));
        assertThat(seen).containsExactly("put a", "put b");
        store.release();
        await().until(() -> seen.size() == 6);
        assertThat(seen)
                .containsExactly(
                        "put a", "put b", "settled a true", "answer a true", "settled b true", "answer b true");
    }

    @Test
    void aSmallGroupIsSyncedBeforeTheNextIsAppended() {
        offerUntilItsSync("a", SMALL);
        offer("b", SMALL);
        store.release();
        await().until(() -> seen.size() == 6);
        assertThat(seen)
                .containsExactly(
                        "put a", "settled a true", "answer a true", "put b", "settled b true", "answer b true");
    }

    @Test
    void afterASyncThatFailedNothingIsSyncedOrTaken() {
        offerUntilItsSync("a", LARGE);
        offer("b", LARGE);
        await().until(() -> seen.contains("put b"));
        store.fail(Reason.STORE_FULL);
        await().until(() -> seen.contains("answer b false"));
        assertThat(seen)
                .containsExactly(
                        "put a", "put b", "settled a false", "answer a false", "settled b false", "answer b false");
        assertThat(syncs).hasValue(1);
        assertThat(writer.writable()).isFalse();
        assertThat(writer.offer(new Noted("c", SMALL), 1).map(Refusal::reason)).contains(Reason.STORE_FULL);
    }

    @Test
    void whatWasHandedOverIsFinishedBeforeTheEnd() {
        offerUntilItsSync("a", LARGE);
        offer("b", LARGE);
        offer("c", SMALL);
        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(this::close);
        assertThat(closed).isNotDone();
        store.release();
        assertThat(closed).succeedsWithin(LONG).isEqualTo(true);
        assertThat(seen).contains("answer a true", "answer b true", "answer c true");
    }

    @Test
    void aFaultAfterTheSyncIsAnsweredAsDurableAndNothingMoreIsTaken() {
        offerUntilItsSync("faulty", LARGE);
        offer("b", LARGE);
        await().until(() -> seen.contains("put b"));
        store.release();
        await().until(() -> seen.contains("answer b false"));
        assertThat(seen)
                .containsExactly("put faulty", "put b", "answer faulty true", "settled b false", "answer b false");
        assertThat(writer.offer(new Noted("c", SMALL), 1).map(Refusal::reason)).contains(Reason.STORE_READ_ONLY);
    }

    private boolean close() {
        try {
            return writer.close(LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Offers the first write; its sync has begun and is held. */
    private void offerUntilItsSync(String name, long bytes) {
        store.holdSyncs();
        offer(name, bytes);
        await().until(() -> syncs.get() == 1);
    }

    private void offer(String name, long bytes) {
        assertThat(writer.offer(new Noted(name, bytes), 1)).isEmpty();
    }

    private final class Counted extends Wrapped {
        Counted(Store inner) {
            super(inner);
        }

        @Override
        public void sync() {
            syncs.incrementAndGet();
            super.sync();
        }
    }

    private final class Noted implements Write {
        private final String name;
        private final long bytes;

        Noted(String name, long bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void put(Group group) {
            group.put(ColumnFamily.META, name.getBytes(StandardCharsets.US_ASCII), new byte[1]);
            seen.add("put " + name);
        }

        @Override
        public void settled(Optional<Refusal> refusal) {
            if ("faulty".equals(name)) {
                throw new IllegalStateException("told to fail");
            }
            seen.add("settled " + name + " " + refusal.isEmpty());
        }

        @Override
        public void answer(Optional<Refusal> refusal) {
            seen.add("answer " + name + " " + refusal.isEmpty());
        }
    }
}
