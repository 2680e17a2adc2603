package io.qbc.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests over keep-alive connections from one thread, as cheaply as Java can, since it shares the cores with
 * the server. An open loop keeps to its timetable whatever the server does, and measures from the time that the
 * timetable says (no coordinated omission).
 */
public final class LoadGenerator {
    private static final long LATENCY_MAX_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long GRACE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long NAP_NANOS = Duration.ofNanos(50_000).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(LoadGenerator.class);

    private final Load load;
    private final Selector selector;
    private final List<Connection> all = new ArrayList<>();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 18);
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Histogram latencies = new Histogram(LATENCY_MAX_NANOS, 3);
    private final Histogram marked = new Histogram(LATENCY_MAX_NANOS, 3);
    private final long[] counts = new long[1000];
    private long issued;
    private long underWay;
    private long broken;
    private long unsent;
    private long rude;
    private long lastAnswer;
    private long counted;

    private LoadGenerator(Load load) throws IOException {
        this.load = load;
        this.selector = Selector.open();
    }

    /** Carries the load out on the calling thread. */
    public static LoadReport run(Load load) throws IOException {
        LoadGenerator generator = new LoadGenerator(load);
        try {
            return generator.run();
        } finally {
            generator.close();
        }
    }

    private LoadReport run() throws IOException {
        for (int i = 0; i < load.connections(); i++) {
            int port = load.ports().get(i % load.ports().size());
            all.add(new Connection(port, load.requests().bytesMax(), selector));
        }
        idle.addAll(all);
        long start = System.nanoTime();
        lastAnswer = start;
        counted = start + load.settling().toNanos();
        long end = start + load.time().toNanos();
        long now = start;
        while (now < end + GRACE_NANOS
                && (underWay > 0 || (now < end && issued < load.countMax() && !idle.isEmpty()))) {
            issue(start, now, end);
            await(start, now, end);
            now = System.nanoTime();
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                statuses.put(i, counts[i]);
            }
        }
        double seconds = Math.max(1, lastAnswer - start) / 1e9;
        return new LoadReport(statuses, broken, underWay, unsent, rude, seconds, latencies, marked);
    }

    /** Sends what is due on the connections that are free. */
    private void issue(long start, long now, long end) {
        while (now < end && issued < load.countMax()) {
            long due = load.rate().isEmpty() ? now : due(start, issued);
            if (due > now) {
                return;
            }
            if (idle.isEmpty()) {
                if (now - due <= load.patience().toNanos()) {
                    return;
                }
                unsent++;
                issued++;
                continue;
            }
            Connection connection = idle.poll();
            underWay++;
            try {
                connection.send(
                        load.requests(),
                        load.firstNumber() + issued++,
                        load.rate().isEmpty() ? System.nanoTime() : due);
            } catch (IOException e) {
                lost(connection);
            }
        }
    }

    private long due(long start, long n) {
        return start + (long) (n * 1e9 / load.rate().orElseThrow());
    }

    /** Waits for answers, at most until the next request is due; the selector's own wait is too coarse below 1 ms. */
    private void await(long start, long now, long end) throws IOException {
        boolean timetable = load.rate().isPresent() && now < end && issued < load.countMax() && !idle.isEmpty();
        long pause =
                timetable ? due(start, issued) - now : Duration.ofMillis(20).toNanos();
        if (pause >= Duration.ofMillis(2).toNanos()) {
            selector.select(this::ready, Duration.ofNanos(pause).toMillis() - 1);
        } else if (selector.selectNow(this::ready) == 0 && pause > 0) {
            LockSupport.parkNanos(Math.min(pause, NAP_NANOS));
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable() && (key.interestOps() & SelectionKey.OP_WRITE) != 0) {
                connection.flush();
            }
            if (key.isReadable() && connection.busy() && connection.receive(scratch)) {
                answered(connection);
            } else if (key.isReadable() && !connection.busy()) {
                stray(connection);
            }
        } catch (IOException e) {
            lost(connection);
        }
    }

    private void answered(Connection connection) {
        long now = System.nanoTime();
        lastAnswer = now;
        underWay--;
        ResponseParser response = connection.response();
        int status = response.status();
        counts[status]++;
        if (status / 100 == 2) {
            long latency = Math.min(LATENCY_MAX_NANOS, Math.max(0, now - connection.intended()));
            if (connection.intended() >= counted) {
                latencies.recordValue(latency);
            }
            if (load.marked().getAsBoolean()) {
                marked.recordValue(latency);
            }
        } else if ((status == 429 || status == 503) && !response.retryAfter()) {
            rude++;
        }
        load.answers().answered(response);
        if (response.closing()) {
            renew(connection);
        } else {
            idle.add(connection);
        }
    }

    /** A free connection became readable: the server closed it, which is its right. */
    private void stray(Connection connection) throws IOException {
        if (connection.receive(scratch)) {
            throw new IOException("an answer that nobody asked for");
        }
    }

    private void lost(Connection connection) {
        if (connection.busy()) {
            underWay--;
            broken++;
        }
        idle.remove(connection);
        renew(connection);
    }

    /** Opens it anew; if the server takes no connection any more, it is gone for the rest of the load. */
    private void renew(Connection connection) {
        try {
            connection.reopen(selector);
            idle.add(connection);
        } catch (IOException e) {
            LOG.debug("a connection less", e);
        }
    }

    private void close() throws IOException {
        for (Connection connection : all) {
            connection.close();
        }
        selector.close();
    }
}
