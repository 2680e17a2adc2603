package io.qbc.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.RateLimiter;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/** How fast files are written, merged and deleted, in MiB a second. */
class FileRateLimitTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"24, 0, 1, 24", "24, 4, 3, 24", "24, 10, 4, 30", "24, 60, 10, 180", "24, 2000, 2, 1024"})
    @DisplayName("rises at once with what is written")
    void rises(long before, double written, int files, long pace) {
        assertThat(FileRateLimit.pace(before * MIB, written * MIB, files)).isEqualTo(pace * MIB);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0, 1, 950", "200, 10, 10, 190", "25, 0, 1, 24"})
    @DisplayName("falls slowly")
    void falls(long before, double written, int files, long pace) {
        assertThat(FileRateLimit.pace(before * MIB, written * MIB, files)).isEqualTo(pace * MIB);
    }

    @ParameterizedTest
    @CsvSource({"24, 0, 11", "24, 60, 11", "1024, 0, 2147483647"})
    @DisplayName("has no limit while many files wait")
    void hurries(long before, double written, int files) {
        assertThat(FileRateLimit.pace(before * MIB, written * MIB, files)).isEqualTo(1024 * MIB);
    }

    @Test
    @DisplayName("deletes bit by bit, but at once at a high pace and in the end")
    void deletes() throws RocksDBException {
        NativeLibrary.load();
        FileRateLimit pace = new FileRateLimit();
        try (RateLimiter limiter = pace.limiter();
                SstFileManager deletes = pace.deletes()) {
            assertThat(deletes.getDeleteRateBytesPerSecond()).isZero();
            pace.set(127 * MIB);
            assertThat(deletes.getDeleteRateBytesPerSecond()).isEqualTo(127 * MIB);
            pace.set(128 * MIB);
            assertThat(deletes.getDeleteRateBytesPerSecond()).isZero();
            pace.set(24 * MIB);
            pace.hurry();
            assertThat(deletes.getDeleteRateBytesPerSecond()).isZero();
            assertThat(limiter.getBytesPerSecond()).isEqualTo(1024 * MIB);
        }
    }
}
