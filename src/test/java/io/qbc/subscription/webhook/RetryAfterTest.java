package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-29T03:00:00Z");
    private static final Duration MOST = Duration.ofHours(1);

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
