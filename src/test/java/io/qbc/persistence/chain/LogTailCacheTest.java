package io.qbc.persistence.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.consensus.Engines;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.Signing;
import io.qbc.persistence.SimDisk;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.KeepWrite;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogTailCacheTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final int CHAIN = 1;
    private static final int OTHER = 2;
    private static final int PART = LogTailCache.PART_ENTRIES;

    private final Store disk = new SimDisk(Set.of());
    private final Log log = new Log(disk, CHAIN);

    @Test
    @DisplayName("whatever is remembered, and however little, the heads are those of the log")
    void boundedAndRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int size = 6 * PART + 100;
        List<LogEntry> entries = fill(size, random);
        for (int round = 0; round < 60; round++) {
            int partsMax = 1 + random.nextInt(8);
            LogTailCache logTailCache = new LogTailCache(partsMax);
            int holes = 1 + random.nextInt(200);
            entries.stream()
                    .filter(entry -> random.nextInt(holes) != 0)
                    .forEach(entry -> logTailCache.add(CHAIN, entry));
            assertThat(logTailCache.size()).isLessThanOrEqualTo(partsMax);
            List<LogRange> logRanges = runs(size, random);
            assertThat(heads(logTailCache, logRanges))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(stored(logRanges));
        }
    }

    @Test
    @DisplayName("what is remembered is not looked for on the disk")
    void withoutTheDisk() {
        fill(3 * PART, new Random(1));
        LogTailCache logTailCache = new LogTailCache(2);
        List<LogRange> all = List.of(new LogRange(1, 3 * PART - 1));
        List<LogEntry> entries = stored(all);
        entries.forEach(entry -> logTailCache.add(CHAIN, unsigned(entry)));
        Log gone = new Log(new SimDisk(Set.of()), CHAIN);
        List<LogEntry> heads = new ArrayList<>();
        List<LogRange> newest = List.of(new LogRange(3L * PART - 5, 5), new LogRange(PART, 2 * PART - 5));
        logTailCache.heads(CHAIN, gone, newest, heads::add);
        assertThat(heads).hasSize(2 * PART);
        assertThat(heads.get(0).id()).isEqualTo(entries.get(3 * PART - 6).id());
        assertThat(heads.get(5).id()).isEqualTo(entries.get(PART - 1).id());
    }

    @Test
    @DisplayName("chains share the bound, are not mixed up, and are forgotten one by one")
    void chainsApart() {
        LogTailCache logTailCache = new LogTailCache(4);
        fill(3 * PART, new Random(2));
        stored(List.of(new LogRange(1, 3 * PART - 1))).forEach(entry -> {
            logTailCache.add(
                    OTHER,
                    new LogEntry(
                            entry.sequence(),
                            Samples.transaction(SPEC, 0).id(),
                            7,
                            7,
                            Optional.empty(),
                            false,
                            Terms.NONE));
            logTailCache.add(CHAIN, unsigned(entry));
        });
        assertThat(logTailCache.size()).isEqualTo(4);
        List<LogRange> newest = List.of(new LogRange(2L * PART, PART));
        assertThat(heads(logTailCache, newest)).allMatch(entry -> entry.bytes() != 7);
        logTailCache.forget(OTHER);
        assertThat(logTailCache.size()).isEqualTo(2);
        logTailCache.forget(CHAIN);
        assertThat(logTailCache.size()).isZero();
        assertThat(heads(logTailCache, newest)).isEqualTo(stored(newest));
    }

    @Test
    @DisplayName("one thread adds while another reads, and what it drops is read from the log")
    void twoThreads() {
        int size = 40 * PART;
        List<LogEntry> entries = fill(size, new Random(3));
        LogTailCache logTailCache = new LogTailCache(3);
        AtomicLong newest = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> entries.forEach(entry -> {
            logTailCache.add(CHAIN, entry);
            newest.setRelease(entry.sequence());
        }));
        long checked = 0;
        while (checked < size - 1) {
            long end = newest.getAcquire() + 1;
            long from = Math.max(1, end - 4L * PART);
            if (end > from) {
                List<LogRange> logRanges = List.of(new LogRange(from, (int) (end - from)));
                assertThat(heads(logTailCache, logRanges)).isEqualTo(entries.subList((int) from - 1, (int) end - 1));
            }
            checked = end - 1;
        }
        writer.join();
    }

    @Test
    @DisplayName("only what is on the disk is remembered")
    void afterTheSync() {
        LogTailCache logTailCache = new LogTailCache(4);
        OpenChain chain = new OpenChain(
                disk,
                logTailCache,
                CHAIN,
                SPEC,
                new OpenChain.Rules(Engines.of(SPEC.consensus()).orElseThrow(), null, null),
                Optional.empty(),
                new OpenChain.Start(Tip.genesis(SPEC), 0, 1, 1, false));
        Submission submission = new Submission(Samples.transaction(SPEC, 1));
        KeepWrite write = new KeepWrite(chain, new Keep(SPEC.id(), List.of(submission, submission)), Promise.promise());
        try (Group group = new Group(disk)) {
            write.put(group);
            group.write();
        }
        write.settled(Optional.of(Reason.STORE_READ_ONLY.refusal("the sync failed")));
        assertThat(logTailCache.size()).isZero();
        write.settled(Optional.empty());
        assertThat(logTailCache.size()).isEqualTo(1);
        List<LogRange> logRanges = List.of(new LogRange(1, 1));
        assertThat(heads(logTailCache, logRanges)).isEqualTo(stored(logRanges));
        chain.forget();
        assertThat(logTailCache.size()).isZero();
    }

    /** Writes entries 1 to {@code size - 1}, some of them signed or with clients' keys, and gives their heads. */
    private List<LogEntry> fill(int size, Random random) {
        try (Store.Batch batch = disk.batch()) {
            for (int n = 1; n < size; n++) {
                Transaction transaction = random.nextInt(100) == 0
                        ? Signing.order(SPEC, n, "key" + n, random.nextBoolean() ? "qbc.test" : "", "{}")
                        : random.nextInt(10) == 0
                                ? Samples.keyed(SPEC, n, "key" + n, "{}")
                                : Samples.transaction(SPEC, n);
                batch.put(ColumnFamily.LOG, StoreKeys.numbered(CHAIN, n), LogEntry.value(transaction));
            }
            disk.write(batch);
        }
        return stored(List.of(new LogRange(1, size - 1)));
    }

    private static List<LogRange> runs(int size, Random random) {
        long[] ends = LongStream.generate(() -> 1 + random.nextInt(size - 1))
                .limit(2 + 2 * random.nextInt(20))
                .sorted()
                .distinct()
                .toArray();
        List<LogRange> logRanges = new ArrayList<>();
        for (int i = 0; i + 1 < ends.length; i += 2) {
            logRanges.add(new LogRange(ends[i], random.nextInt(3) == 0 ? 1 : (int) (ends[i + 1] - ends[i])));
        }
        return logRanges;
    }

    private static LogEntry unsigned(LogEntry entry) {
        return new LogEntry(
                entry.sequence(), entry.id(), entry.bytes(), entry.timestamp(), Optional.empty(), false, Terms.NONE);
    }

    private List<LogEntry> heads(LogTailCache logTailCache, List<LogRange> logRanges) {
        List<LogEntry> heads = new ArrayList<>();
        logTailCache.heads(CHAIN, log, logRanges, heads::add);
        return heads;
    }

    private List<LogEntry> stored(List<LogRange> logRanges) {
        List<LogEntry> heads = new ArrayList<>();
        log.heads(logRanges, heads::add);
        return heads;
    }
}
