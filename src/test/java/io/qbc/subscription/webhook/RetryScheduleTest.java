package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-29T03:00:00Z");
    private static final Duration MOST = Duration.ofHours(1);

    @Test
    void pausesAreThoseOfStandardWebhooksAndUpToATenthLonger() {
        RetrySchedule schedule = new RetrySchedule(RetrySchedule.STANDARD, new Random(7));
        for (int i = 0; i < RetrySchedule.STANDARD.size(); i++) {
            Duration least = RetrySchedule.STANDARD.get(i);
            for (int again = 0; again < 100; again++) {
                assertThat(schedule.pause(i).orElseThrow())
                        .isBetween(least, least.plusMillis(least.toMillis() / 10));
            }
        }
        assertThat(schedule.pause(RetrySchedule.STANDARD.size())).isEmpty();
        assertThat(schedule.pause(Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void chanceSpreadsThem() {
        RetrySchedule one = new RetrySchedule(RetrySchedule.STANDARD, new Random(1));
        RetrySchedule other = new RetrySchedule(RetrySchedule.STANDARD, new Random(2));
        assertThat(one.pause(2)).isNotEqualTo(other.pause(2));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "120, 120",
        "' 7 ', 7",
        "99999999999999999999, 3600",
        "'Sun, 29 Nov 2026 03:00:30 GMT', 30",
        "'Sun, 29 Nov 2026 02:00:00 GMT', 0",
        "'Mon, 30 Nov 2026 03:00:00 GMT', 3600"
    })
    void retryAfterIsReadInBothForms(String text, long seconds) {
        assertThat(RetryAfter.read(text, NOW, MOST)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "2026-11-29T03:00:30Z"})
    void whatIsNeitherIsNothing(String text) {
        assertThat(RetryAfter.read(text, NOW, MOST)).isEqualTo(Optional.empty());
    }
}
