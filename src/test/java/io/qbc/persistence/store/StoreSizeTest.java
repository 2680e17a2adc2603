package io.qbc.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of the machine the store takes. */
class StoreSizeTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"256, 64", "1024, 64", "2048, 128", "4096, 256", "16384, 1024", "65536, 1024"})
    void theCacheFollowsFromTheMemoryWithinBounds(long memory, long cache) {
        assertThat(StoreSize.cache(0, () -> memory * MIB)).isEqualTo(cache * MIB);
    }

    @ParameterizedTest
    @CsvSource({"1, 1048576", "33554432, 33554432", "8589934592, 8589934592"})
    void theCacheIsWhatTheConfigurationSays(long configured, long cache) {
        assertThat(StoreSize.cache(configured, () -> {
                    throw new AssertionError("nobody needs the memory");
                }))
                .isEqualTo(cache);
    }

    @ParameterizedTest
    @CsvSource({"2048, 20000, 2048", "2048, 1024, 512", "16, 1024, 16", "100, 20, 16"})
    void theFilesLeaveHalfOfThemToOthers(int configured, long allowed, int files) {
        assertThat(StoreSize.openFiles(configured, () -> allowed)).isEqualTo(files);
    }

    @Test
    void asksTheMachine() {
        assertThat(StoreSize.cache(0)).isBetween(64 * MIB, 1024 * MIB);
        assertThat(StoreSize.openFiles(1_000_000)).isBetween(16, 1_000_000);
    }
}
