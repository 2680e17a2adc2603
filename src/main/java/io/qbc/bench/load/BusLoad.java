package io.qbc.bench.load;

import io.qbc.bench.report.Latency;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Injects by messages of the public event bus, so many under way at once. An open loop keeps to its timetable whatever
 * the nodes do, and measures from the time that the timetable says (no coordinated omission).
 */
public final class BusLoad {
    private static final String INJECT = "transactions.inject";
    private static final String BASE = "qbc.v1.";
    private static final long LATENCY_MAX_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long SEND_TIMEOUT_MILLIS = 30_000;
    private static final long TICK_MILLIS = 1;
    private static final int LANES = 2;

    private final Vertx vertx;
    private final Payloads payloads;
    private final List<String> chains;
    private final int underWay;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * One instance.
     *
     * @param chains the chains that are injected into, in turn
     * @param underWay messages without an answer, at most
     */
    public BusLoad(Vertx vertx, Payloads payloads, List<String> chains, int underWay) {
        this.vertx = vertx;
        this.payloads = payloads;
        this.chains = List.copyOf(chains);
        this.underWay = underWay;
    }

    /**
     * What became of it.
     *
     * @param rate acknowledged transactions a second
     * @param latencies of acknowledged ones in nanoseconds
     * @param failed messages that failed
     * @param late of an open loop, those that found no free place when they were due
     */
    public record Outcome(double rate, Histogram latencies, long failed, long late) {
        /** For another process. */
        public JsonObject json() {
            Latency percentiles = Latency.of(latencies);
            return new JsonObject()
                    .put("rate", rate)
                    .put("p50", percentiles.p50())
                    .put("p99", percentiles.p99())
                    .put("p999", percentiles.p999())
                    .put("failed", failed)
                    .put("late", late);
        }
    }

    /**
     * Carries it out.
     *
     * @param rate arrivals a second; empty for a closed loop
     */
    public Future<Outcome> run(Duration time, OptionalDouble rate) {
        long start = System.nanoTime();
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane(vertx.getOrCreateContext(), start, start + time.toNanos(), rate));
        }
        return Future.all(lanes.stream().map(Lane::run).toList()).map(all -> {
            Histogram latencies = new Histogram(LATENCY_MAX_NANOS, 3);
            lanes.forEach(lane -> latencies.add(lane.latencies));
            double seconds = Math.max(
                            1, lanes.stream().mapToLong(lane -> lane.last).max().orElse(start) - start)
                    / 1e9;
            return new Outcome(
                    latencies.getTotalCount() / seconds,
                    latencies,
                    lanes.stream().mapToLong(lane -> lane.failed).sum(),
                    lanes.stream().mapToLong(lane -> lane.late).sum());
        });
    }

    /** A share of the messages, on one event loop. */
    private final class Lane {
        private final Context context;
        private final long start;
        private final long end;
        private final OptionalDouble rate;
        private final int share = Math.max(1, underWay / LANES);
        private final Histogram latencies = new Histogram(LATENCY_MAX_NANOS, 3);
        private final Promise<Void> over = Promise.promise();
        private long issued;
        private int waiting;
        private long last;
        private long failed;
        private long late;

        Lane(Context context, long start, long end, OptionalDouble rate) {
            this.context = context;
            this.start = start;
            this.end = end;
            this.rate = rate;
            this.last = start;
        }

        Future<Void> run() {
            context.runOnContext(any -> {
                if (rate.isPresent()) {
                    tick();
                    return;
                }
                for (int i = 0; i < share; i++) {
                    next();
                }
            });
            return over.future();
        }

        /** Sends what has become due since the last time. */
        private void tick() {
            long now = System.nanoTime();
            for (long due = due(); due <= now && due < end; due = due()) {
                issued++;
                if (waiting >= share) {
                    late++;
                } else {
                    send(due);
                }
            }
            if (now < end) {
                vertx.setTimer(TICK_MILLIS, timer -> tick());
            } else {
                settle();
            }
        }

        private long due() {
            return start + (long) (issued * 1e9 * LANES / rate.orElseThrow());
        }

        private void next() {
            long now = System.nanoTime();
            if (now < end) {
                send(now);
            } else {
                settle();
            }
        }

        private void settle() {
            boolean sent = rate.isEmpty() || due() >= end;
            if (sent && waiting == 0 && System.nanoTime() >= end) {
                over.tryComplete();
            }
        }

        private void send(long from) {
            waiting++;
            long n = numbers.getAndIncrement();
            byte[] body = new byte[payloads.size()];
            payloads.write(n, body, 0);
            String chain = chains.get((int) (n % chains.size()));
            vertx.eventBus()
                    .request(
                            BASE + chain + "." + INJECT,
                            new JsonObject(Buffer.buffer(body)),
                            new DeliveryOptions().setSendTimeout(SEND_TIMEOUT_MILLIS))
                    .onComplete(answer -> {
                        waiting--;
                        last = System.nanoTime();
                        if (answer.succeeded()) {
                            latencies.recordValue(Math.min(LATENCY_MAX_NANOS, Math.max(0, last - from)));
                        } else {
                            failed++;
                        }
                        if (rate.isPresent()) {
                            settle();
                        } else {
                            next();
                        }
                    });
        }
    }
}
