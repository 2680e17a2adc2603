package io.qbc.persistence.store;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** How much the store takes of the machine. */
final class StoreSize {
    /** Less would end the process. */
    private static final long CACHE_LEAST = 1 << 20;

    private static final long CACHE_SHARE = 16;
    private static final long AUTOMATIC_LEAST = 64L << 20;
    private static final long AUTOMATIC_MOST = 1L << 30;

    private static final long FILES_LEAST = 16;
    /** The rest is for connections. */
    private static final long FILES_SHARE = 2;

    private StoreSize() {}

    /** Bytes of the cache of blocks; for 0 they follow from the memory of the machine, or of the container. */
    static long cache(long configured) {
        return cache(configured, StoreSize::memory);
    }

    static long cache(long configured, LongSupplier memory) {
        return configured > 0
                ? Math.max(CACHE_LEAST, configured)
                : Math.max(AUTOMATIC_LEAST, Math.min(AUTOMATIC_MOST, memory.getAsLong() / CACHE_SHARE));
    }

    /** Files that are open at once: what is configured, but no more than half of what the process may open. */
    static int openFiles(int configured) {
        return openFiles(configured, StoreSize::files);
    }

    static int openFiles(int configured, LongSupplier allowed) {
        return (int) Math.max(FILES_LEAST, Math.min(configured, allowed.getAsLong() / FILES_SHARE));
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
