package io.qbc.ledger.analytics;

import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * A sketch of times: how many fell into each of fixed buckets, eight to each doubling, so that sketches add up exactly
 * and a quantile is right within a sixteenth.
 */
public final class WaitSketch {
    private static final int SUB_BITS = 3;
    private static final int SUBS = 1 << SUB_BITS;
    private static final int BUCKETS = SUBS * (Long.SIZE - SUB_BITS);

    private long[] counts = new long[0];

    /** Counts a time; one below 0 counts as 0, since it is the clocks that differ. */
    public void add(long millis) {
        add(bucket(Math.max(0, millis)), 1);
    }

    public void add(WaitSketch other) {
        for (int i = 0; i < other.counts.length; i++) {
            add(i, other.counts[i]);
        }
    }

    /** Takes away what was added before; false if it was not. */
    boolean subtract(WaitSketch other) {
        for (int i = 0; i < other.counts.length; i++) {
            long left = (i < counts.length ? counts[i] : 0) - other.counts[i];
            if (left < 0) {
                return false;
            }
            if (i < counts.length) {
                counts[i] = left;
            }
        }
        return true;
    }

    private void add(int bucket, long count) {
        if (bucket >= counts.length && count > 0) {
            counts = Arrays.copyOf(counts, bucket + 1);
        }
        if (count > 0) {
            counts[bucket] += count;
        }
    }

    /** The time that this share of all do not exceed, in milliseconds; empty if there are none. */
    public OptionalLong quantile(double share) {
        long all = Arrays.stream(counts).sum();
        if (all == 0) {
            return OptionalLong.empty();
        }
        long wanted = Math.max(1, (long) Math.ceil(share * all));
        int bucket = 0;
        for (long seen = counts[0]; seen < wanted; seen += counts[bucket]) {
            bucket++;
        }
        return OptionalLong.of(middle(bucket));
    }

    static int bucket(long millis) {
        if (millis < SUBS) {
            return (int) millis;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(millis) - SUB_BITS;
        return SUBS * (shift + 1) + (int) ((millis >>> shift) & (SUBS - 1));
    }

    /** The middle of a bucket. */
    static long middle(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = bucket / SUBS - 1;
        long low = (long) (SUBS + bucket % SUBS) << shift;
        return low + ((1L << shift) >>> 1);
    }

    /** Writes the buckets that have something. */
    void write(Encoder out) {
        Numbers.write(out, Arrays.stream(counts).filter(count -> count > 0).count());
        int before = -1;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                Numbers.write(out, i - before);
                Numbers.write(out, counts[i]);
                before = i;
            }
        }
    }

    /** Reads what {@link #write} wrote; of something else whatever it makes, and {@code in} has failed or goes on. */
    static WaitSketch read(Decoder in) {
        WaitSketch sketch = new WaitSketch();
        long bucket = -1;
        for (long left = Numbers.read(in); left > 0 && !in.failed(); left--) {
            bucket += Numbers.read(in);
            long count = Numbers.read(in);
            if (bucket < 0 || bucket >= BUCKETS) {
                return sketch;
            }
            sketch.add((int) bucket, count);
        }
        return sketch;
    }

    /** Numbers in as few bytes as they need, seven bits each. */
    static final class Numbers {
        private static final int BITS = 7;
        private static final int MORE = 1 << BITS;

        private Numbers() {}

        static void write(Encoder out, long number) {
            long left = number;
            while (left >>> BITS != 0) {
                out.u8((int) (left & (MORE - 1)) | MORE);
                left >>>= BITS;
            }
            out.u8((int) left);
        }

        static long read(Decoder in) {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE; shift += BITS) {
                int some = in.u8();
                number |= (long) (some & (MORE - 1)) << shift;
                if ((some & MORE) == 0 || in.failed()) {
                    break;
                }
            }
            return number;
        }
    }
}
