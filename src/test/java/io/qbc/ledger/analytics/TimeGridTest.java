package io.qbc.ledger.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeGridTest {
    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-28T10:17:30Z, 2026-11-28T10:17:31Z, PT1M, 2026-11-28T10:17:00Z, 1, MINUTE",
        "2026-11-28T10:17:00Z, 2026-11-28T10:18:00Z, PT1M, 2026-11-28T10:17:00Z, 1, MINUTE",
        "2026-11-28T10:17:00Z, 2026-11-28T10:18:00.001Z, PT1M, 2026-11-28T10:17:00Z, 2, MINUTE",
        "2026-11-28T10:17:30Z, 2026-11-28T11:00:00Z, PT15M, 2026-11-28T10:15:00Z, 3, MINUTE",
        "2026-11-28T10:17:30Z, 2026-11-29T10:17:30Z, PT1H, 2026-11-28T10:00:00Z, 25, HOUR",
        "2026-11-28T10:17:30Z, 2026-11-29T10:17:30Z, PT6H, 2026-11-28T06:00:00Z, 5, HOUR",
        "2025-11-28T00:00:00Z, 2026-11-28T00:00:00Z, P1D, 2025-11-28T00:00:00Z, 365, DAY",
        // Whole weeks since a Thursday.
        "2026-11-28T00:00:00Z, 2026-11-29T00:00:00Z, P7D, 2026-11-26T00:00:00Z, 1, DAY",
        "1969-12-31T23:59:59Z, 1970-01-01T00:00:01Z, PT1M, 1969-12-31T23:59:00Z, 2, MINUTE",
    })
    void theStepsLieAroundTheRange(String from, String to, String step, String begin, long points, Grain grain) {
        TimeGrid grid = TimeGrid.around(at(from), at(to), Duration.parse(step).toMillis());
        assertThat(Instant.ofEpochMilli(grid.from())).isEqualTo(Instant.parse(begin));
        assertThat(grid.points()).isEqualTo(points);
        assertThat(grid.grain()).isEqualTo(grain);
        assertThat(grid.from()).isLessThanOrEqualTo(at(from));
        assertThat(grid.to()).isGreaterThanOrEqualTo(at(to));
        for (int i = 0; i < points; i++) {
            assertThat(grid.index(grid.time(i))).isEqualTo(i);
            assertThat(grid.index(grid.time(i) + grid.step() - 1)).isEqualTo(i);
        }
        assertThat((grid.endSpan() - grid.firstSpan()) * grain.millis()).isEqualTo(grid.to() - grid.from());
    }

    @Test
    void whatIsNoRangeOfWholeStepsIsNone() {
        assertThatThrownBy(() -> new TimeGrid(1, 60_000, 60_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TimeGrid(0, 0, 60_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TimeGrid(0, 90_000, 90_000)).isInstanceOf(IllegalArgumentException.class);
    }
}
