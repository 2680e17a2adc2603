package io.qbc.persistence.store;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** How much the store takes of the machine. */
final class StoreSize {
    /** Less would end the process. */
    private static final long CACHE_BYTES_MIN = 1 << 20;

    private static final long CACHE_DIVISOR = 16;
    private static final long AUTOMATIC_BYTES_MIN = 64L << 20;
    private static final long AUTOMATIC_BYTES_MAX = 1L << 30;

    private static final long FILES_MIN = 16;
    /** The rest is for connections. */
    private static final long FILES_DIVISOR = 2;

    private StoreSize() {}

    /** Bytes of the cache of blocks; for 0 they follow from the memory of the machine, or of the container. */
    static long cache(long configured) {
        return cache(configured, StoreSize::memory);
    }

    static long cache(long configured, LongSupplier memory) {
        return configured > 0
                ? Math.max(CACHE_BYTES_MIN, configured)
                : Math.max(AUTOMATIC_BYTES_MIN, Math.min(AUTOMATIC_BYTES_MAX, memory.getAsLong() / CACHE_DIVISOR));
    }

    /** Files that are open at once: what is configured, but no more than half of what the process may open. */
    static int openFiles(int configured) {
        return openFiles(configured, StoreSize::files);
    }

    static int openFiles(int configured, LongSupplier allowed) {
        return (int) Math.max(FILES_MIN, Math.min(configured, allowed.getAsLong() / FILES_DIVISOR));
    }

    private static long memory() {
        return system().getTotalMemorySize();
    }

    private static long files() {
        return system() instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }
}
