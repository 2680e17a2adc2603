package io.qbc.persistence;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** How much memory the store's cache of blocks takes. */
final class CacheSize {
    /** Less would end the process. */
    private static final long LEAST = 1 << 20;

    private static final long SHARE = 16;
    private static final long AUTOMATIC_LEAST = 64L << 20;
    private static final long AUTOMATIC_MOST = 256L << 20;

    private CacheSize() {}

    /** In bytes; for 0 it follows from the memory of the machine, or of the container if that has less. */
    static long of(long configured) {
        return of(configured, CacheSize::memory);
    }

    static long of(long configured, LongSupplier memory) {
        return configured > 0
                ? Math.max(LEAST, configured)
                : Math.max(AUTOMATIC_LEAST, Math.min(AUTOMATIC_MOST, memory.getAsLong() / SHARE));
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
