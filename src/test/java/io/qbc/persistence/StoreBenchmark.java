package io.qbc.persistence;

import io.qbc.Samples;
import io.qbc.jmh.MicroBenchmark;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One synced group of transactions as KEEP writes it: the log entry and the way from the id to it. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StoreBenchmark extends MicroBenchmark {
    private static final int CHAIN = 1;

    @Param({"1", "64", "1000"})
    private int group;

    private Path directory;
    private RocksStore store;
    private List<Transaction> transactions;
    private long sequence;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("qbc-jmh-");
        store = RocksStore.open(directory, Samples.config(directory, 0).store());
        transactions = IntStream.range(0, group)
                .mapToObj(n -> Samples.transaction(Samples.dbc("main"), n, "{\"order\":\"" + "x".repeat(148) + "\"}"))
                .toList();
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public long keep() {
        try (Store.Batch batch = store.batch()) {
            for (Transaction transaction : transactions) {
                sequence++;
                Hash id = transaction.id();
                // Another id each time, spread as hashes are; the entry's own stays, which the store does not mind.
                Hash fresh = new Hash(id.a() ^ (sequence * 0x9E37_79B9_7F4A_7C15L), id.b(), id.c(), id.d());
                batch.put(ColumnFamily.LOG, StoreKeys.numbered(CHAIN, sequence), LogEntry.value(transaction));
                batch.put(ColumnFamily.IDS, StoreKeys.hashed(CHAIN, fresh), number(sequence));
            }
            store.write(batch);
        }
        return sequence;
    }

    private static byte[] number(long value) {
        return new Encoder(Long.BYTES).u64(value).toArray();
    }
}
