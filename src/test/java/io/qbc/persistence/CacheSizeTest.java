package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much memory the cache of blocks takes. */
class CacheSizeTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"256, 64", "1024, 64", "2048, 128", "4096, 256", "65536, 256"})
    void followsFromTheMemoryWithinBounds(long memory, long cache) {
        assertThat(CacheSize.of(0, () -> memory * MIB)).isEqualTo(cache * MIB);
    }

    @ParameterizedTest
    @CsvSource({"1, 1048576", "33554432, 33554432", "8589934592, 8589934592"})
    void isWhatTheConfigurationSays(long configured, long cache) {
        assertThat(CacheSize.of(configured, () -> {
                    throw new AssertionError("nobody needs the memory");
                }))
                .isEqualTo(cache);
    }

    @Test
    void asksTheMachine() {
        assertThat(CacheSize.of(0)).isBetween(64 * MIB, 256 * MIB);
    }
}
