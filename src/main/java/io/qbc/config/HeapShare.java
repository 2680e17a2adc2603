package io.qbc.config;

/** The share of the heap that a budget of bytes is, unless the configuration says how much. */
public final class HeapShare {
    private static final int DIVISOR = 8;
    private static final long BYTES_MIN = 32L << 20;

    private HeapShare() {}

    /** So many bytes as are configured, or for 0 an eighth of the heap. */
    public static long of(long configuredBytes) {
        return configuredBytes > 0
                ? configuredBytes
                : Math.max(BYTES_MIN, Runtime.getRuntime().maxMemory() / DIVISOR);
    }
}
