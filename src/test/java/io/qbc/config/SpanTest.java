package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {
    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "5s,PT5S",
        "90m,PT1H30M",
        "12h,PT12H",
        "90d,PT2160H",
        "0s,PT0S",
        "999999999d,PT23999999976H",
        "PT5S,PT5S",
        "pt1m,PT1M",
        "P1DT2H,PT26H",
        "PT0.0001S,PT0.0001S"
    })
    void isReadAsItIsMeant(String text, Duration meant) {
        assertThat(Span.parse(text)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "-5s",
                "1.5s",
                "5 s",
                "5S",
                "5w",
                "1s500ms",
                "1234567890s",
                "PT-5S",
                "P1Y",
                "P9999999999D",
                "PT99999999999999999999S",
                "PT1S                                        "
            })
    void isNothingElse(String text) {
        assertThat(Span.parse(text)).isEmpty();
        assertThat(Span.positive(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0ms", "0d", "PT0S", "PT0.0001S"})
    void isPositiveFromAMillisecondOn(String text) {
        assertThat(Span.parse(text)).isPresent();
        assertThat(Span.positive(text)).isEmpty();
        assertThat(Span.positive("1ms")).contains(Duration.ofMillis(1));
    }
}
