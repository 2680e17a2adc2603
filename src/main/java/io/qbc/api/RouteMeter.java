package io.qbc.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Requests of one route, by the status code of their answers, and how long they took.
 *
 * <p>Plain adders that are found by index: counting a request allocates nothing and looks nothing up by name.
 */
public final class RouteMeter {
    /** Counts requests whose caller left before the answer began; no answer has this code. */
    public static final int CALLER_LEFT = 499;

    private static final int CODE_MIN = 100;
    private static final int CODES = 500;
    private static final long[] BOUND_MICROS = {
        500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000
    };

    private final String method;
    private final String template;
    private final AtomicReferenceArray<Counts> byCode = new AtomicReferenceArray<>(CODES);

    /**
     * What was counted of one status code.
     *
     * @param requests all of them
     * @param buckets those that were timed, one number for each of {@link #boundSeconds()}
     * @param seconds what those that were timed took together
     */
    public record Reading(int code, long requests, List<Long> buckets, double seconds) {
        public Reading {
            buckets = List.copyOf(buckets);
        }

        /** Requests that were timed. */
        public long timed() {
            return buckets.stream().mapToLong(Long::longValue).sum();
        }
    }

    RouteMeter(String method, String template) {
        this.method = method;
        this.template = template;
    }

    public String method() {
        return method;
    }

    public String template() {
        return template;
    }

    /** Counts a request that was answered as soon as the node could. */
    public void timed(int code, long nanos) {
        counts(code).add(nanos);
    }

    /** Counts a request that lasted as long as its caller wanted: a stream, or a wait for something to happen. */
    public void untimed(int code) {
        counts(code).untimed.increment();
    }

    /** The upper bounds of the buckets; the last one is infinite. */
    public static List<Double> boundSeconds() {
        return IntStream.rangeClosed(0, BOUND_MICROS.length)
                .mapToObj(i -> i == BOUND_MICROS.length ? Double.POSITIVE_INFINITY : BOUND_MICROS[i] / 1e6)
                .toList();
    }

    /** What was counted so far, by ascending code; a code that did not occur is left out. */
    public List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < CODES; i++) {
            Counts counts = byCode.get(i);
            if (counts != null) {
                readings.add(counts.read(CODE_MIN + i));
            }
        }
        return readings;
    }

    private Counts counts(int code) {
        int i = code - CODE_MIN;
        Counts counts = byCode.get(i);
        if (counts == null) {
            byCode.compareAndSet(i, null, new Counts());
            counts = byCode.get(i);
        }
        return counts;
    }

    private static final class Counts {
        private final LongAdder untimed = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder[] buckets = new LongAdder[BOUND_MICROS.length + 1];

        /** By a plain loop: the first request of a start would else load the classes of streams. */
        Counts() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void add(long taken) {
            long micros = taken / 1000;
            int i = 0;
            while (i < BOUND_MICROS.length && micros > BOUND_MICROS[i]) {
                i++;
            }
            buckets[i].increment();
            nanos.add(taken);
        }

        Reading read(int code) {
            List<Long> counted = Arrays.stream(buckets).map(LongAdder::sum).toList();
            long timed = counted.stream().mapToLong(Long::longValue).sum();
            return new Reading(code, untimed.sum() + timed, counted, nanos.sum() / 1e9);
        }
    }
}
