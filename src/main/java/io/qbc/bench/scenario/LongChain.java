package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Http;
import io.qbc.bench.load.IdScanner;
import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadGenerator;
import io.qbc.bench.load.LoadReport;
import io.qbc.bench.load.Payloads;
import io.qbc.bench.load.Requests;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.model.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A stopped node's chain. */
record LongChain(Setup setup, long length) {
    /** Lines of one batch. */
    static final int BATCH_LINES = 1000;

    /** Transactions of a quant of the chain that most scenarios use. */
    static final int QUANT_TRANSACTIONS = 100_000;

    /** One of so many transactions is read: about one a block of the store, so that each read needs another block. */
    private static final int TRANSACTIONS_AN_ID = 50;

    private static final int CONNECTIONS = 4;
    private static final Duration STEP_MAX = Duration.ofMinutes(2);

    static LongChain build(Bench bench, Setup fresh, long length, int quant) throws IOException, InterruptedException {
        Setup setup = fresh.leapOnRequest().pool(1_000_000);
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            long begin = System.nanoTime();
            long grown = grow(bench.payloads(), node, length, quant);
            double seconds = (System.nanoTime() - begin) / 1e9;
            bench.rows()
                    .add(Row.of("making a chain of " + Table.number(grown), grown / seconds, "transactions/s")
                            .note("batches of 1,000, a leap each " + Table.number(quant)));
            node.stop();
            return new LongChain(setup, grown);
        }
    }

    /** Brings the chain to so many transactions at least, by quants of a length; the length reached. */
    static long grow(Payloads payloads, NodeUnderTest node, long length, int quant)
            throws IOException, InterruptedException {
        long now = node.api().committed();
        while (now < length) {
            long batches = Math.min(quant / BATCH_LINES, (length - now + BATCH_LINES - 1) / BATCH_LINES);
            fill(payloads, node, now / BATCH_LINES, batches);
            node.api().leap();
            long next = node.api().committed();
            if (next <= now) {
                throw new BenchException("the chain does not grow beyond " + now);
            }
            now = next;
        }
        return now;
    }

    /** Injects batches of 1,000, which then wait. */
    static void fill(Payloads payloads, NodeUnderTest node, long first, long batches) throws IOException {
        Load load = Load.closed(node.port(), CONNECTIONS, payloads.batches(BATCH_LINES), STEP_MAX)
                .atMost(batches)
                .from(first);
        LoadReport report = LoadGenerator.run(load);
        if (!report.trouble().isEmpty()) {
            throw new BenchException("the node did not take all batches: " + report.trouble());
        }
    }

    /** Ids spread over a node's whole chain, in an order that follows nothing. */
    static List<Hash> sample(NodeUnderTest node) throws IOException, InterruptedException {
        List<Hash> ids = new ArrayList<>();
        long[] passed = new long[1];
        try (InputStream quants = node.api().quants()) {
            IdScanner.scan(quants, id -> {
                if (passed[0]++ % TRANSACTIONS_AN_ID == 0) {
                    ids.add(id);
                }
            });
        }
        return shuffled(ids);
    }

    private static List<Hash> shuffled(List<Hash> ids) {
        List<Hash> mixed = new ArrayList<>(ids);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = mixed.size() - 1; i > 0; i--) {
            Hash other = mixed.set(random.nextInt(i + 1), mixed.get(i));
            mixed.set(i, other);
        }
        return mixed;
    }

    /** Reads of single transactions by id, one after the other through the list. */
    static Requests pointReads(List<Hash> ids) {
        List<byte[]> requests = ids.stream()
                .map(id -> Http.ascii(Http.get(Http.TRANSACTIONS + "/" + id.hex())))
                .toList();
        int size = requests.get(0).length;
        return new Requests() {
            @Override
            public int bytesMax() {
                return size;
            }

            @Override
            public int write(long n, byte[] into) {
                System.arraycopy(requests.get((int) (n % requests.size())), 0, into, 0, size);
                return size;
            }
        };
    }
}
