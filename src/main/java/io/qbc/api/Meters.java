package io.qbc.api;

import io.qbc.model.Reason;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** What the doors count, shared by all their instances. */
public final class Meters {
    private final long startedAt;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder leaps = new LongAdder();
    private final Map<Reason, LongAdder> declined = new ConcurrentHashMap<>();
    private final Map<String, Timing> timings = new ConcurrentSkipListMap<>();

    public Meters(InstantSource clock) {
        startedAt = clock.millis();
    }

    /** When this process began to count, milliseconds since 1970. */
    public long startedAt() {
        return startedAt;
    }

    public LongAdder accepted() {
        return accepted;
    }

    public LongAdder repeated() {
        return repeated;
    }

    public LongAdder leaps() {
        return leaps;
    }

    LongAdder declined(Reason reason) {
        return declined.computeIfAbsent(reason, unused -> new LongAdder());
    }

    public Map<Reason, LongAdder> declined() {
        return declined;
    }

    /** The latencies of one route; the same object for the same name. */
    public Timing timing(String route) {
        return timings.computeIfAbsent(route, unused -> new Timing());
    }

    public void eachTiming(BiConsumer<String, Timing> reader) {
        timings.forEach(reader);
    }

    /** A histogram of request latencies with fixed bounds. */
    public static final class Timing {
        /** Upper bounds in microseconds. */
        private static final long[] BOUNDS = {
            500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000
        };

        private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
        private final LongAdder micros = new LongAdder();
        private final LongAdder failures = new LongAdder();

        Timing() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        public void record(long nanos, int status) {
            long taken = nanos / 1000;
            int i = 0;
            while (i < BOUNDS.length && taken > BOUNDS[i]) {
                i++;
            }
            buckets[i].increment();
            micros.add(taken);
            if (status >= 400) {
                failures.increment();
            }
        }

        /** How many buckets have an upper bound; one more has none. */
        public static int bounds() {
            return BOUNDS.length;
        }

        /** The upper bound of a bucket in microseconds. */
        public static long bound(int i) {
            return BOUNDS[i];
        }

        public long bucket(int i) {
            return buckets[i].sum();
        }

        public long micros() {
            return micros.sum();
        }

        /** Requests that were answered with a problem. */
        public long failures() {
            return failures.sum();
        }
    }
}
