package io.qbc.bench.scenario;

import io.qbc.bench.load.Payloads;
import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The loop that anyone would write first: 1,000 lines checked as JSON, hashed, and put into RocksDB under their hash
 * with one sync. No HTTP, no chain, no rules.
 */
public final class PlainLoop implements AutoCloseable {
    static final String PREFIX = "transactions/s ";
    static final int BATCH_LINES = 1000;
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    private final Payloads payloads;
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions sync = new WriteOptions().setSync(true);
    private final RocksDB db;
    private long batches;

    PlainLoop(Path data, Payloads payloads) throws IOException, RocksDBException {
        this.payloads = payloads;
        RocksDB.loadLibrary();
        this.db = RocksDB.open(options, Files.createDirectories(data).toString());
    }

    /** Gets warm, runs for so many seconds, prints the transactions a second; the exit code. */
    public static int print(Path data, int seconds, int size, PrintWriter out, PrintWriter err) {
        try (PlainLoop loop = new PlainLoop(data, new Payloads(size))) {
            loop.run(Duration.ofSeconds(3));
            out.println(PREFIX + loop.run(Duration.ofSeconds(seconds)));
            out.flush();
            return 0;
        } catch (IOException | RocksDBException e) {
            err.println(e);
            err.flush();
            return 1;
        }
    }

    /** Writes for so long; transactions a second. */
    double run(Duration time) throws RocksDBException {
        byte[] lines = new byte[BATCH_LINES * payloads.size()];
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long done = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < BATCH_LINES; i++) {
                payloads.write(batches * BATCH_LINES + i, lines, i * payloads.size());
            }
            batches++;
            write(lines);
            done += BATCH_LINES;
        }
        return done / ((System.nanoTime() - start) / 1e9);
    }

    private void write(byte[] lines) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (int i = 0; i < BATCH_LINES; i++) {
                Bytes line = Bytes.wrap(lines, i * payloads.size(), payloads.size());
                Bytes data = StrictJson.object(line, LIMITS).member("data").orElseThrow();
                byte[] key = Sha256.of(data.array(), data.offset(), data.size()).bytes();
                batch.put(key, data.toArray());
            }
            db.write(sync, batch);
        }
    }

    @Override
    public void close() {
        db.close();
        sync.close();
        options.close();
    }
}
