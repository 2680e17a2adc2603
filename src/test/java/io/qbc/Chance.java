package io.qbc;

import java.util.Arrays;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chance for property tests: a new seed at every run, logged, and repeatable with {@code -Dqbc.seed=}. */
public final class Chance {
    private static final Logger LOG = LoggerFactory.getLogger(Chance.class);
    private static final long SEED = Long.getLong("qbc.seed", System.nanoTime());

    static {
        LOG.info("the tests' chance can be repeated with -Dqbc.seed={}", SEED);
    }

    private Chance() {}

    /** A generator that begins at the run's seed. */
    public static Random random() {
        return new Random(SEED);
    }

    public static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The bytes with one to three small injuries: a bit turned, a byte put in, taken out or replaced, the tail cut. */
    public static byte[] injure(Random random, byte[] bytes) {
        byte[] out = bytes.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            out = injureOnce(random, out);
        }
        return out;
    }

    private static byte[] injureOnce(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return bytes(random, 1);
        }
        int at = random.nextInt(bytes.length);
        byte[] out = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> out[at] = (byte) random.nextInt(256);
            case 2 -> out = join(bytes, at, at, (byte) random.nextInt(256));
            case 3 -> out = join(bytes, at, at, bytes[random.nextInt(bytes.length)]);
            case 4 -> out = join(bytes, at, at + 1);
            default -> out = Arrays.copyOf(bytes, at);
        }
        return out;
    }

    private static byte[] join(byte[] bytes, int headTo, int tailFrom, byte... between) {
        byte[] out = new byte[headTo + between.length + bytes.length - tailFrom];
        System.arraycopy(bytes, 0, out, 0, headTo);
        System.arraycopy(between, 0, out, headTo, between.length);
        System.arraycopy(bytes, tailFrom, out, headTo + between.length, bytes.length - tailFrom);
        return out;
    }
}
