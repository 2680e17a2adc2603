package io.qbc.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.qbc.bench.process.ProcessStats;
import io.qbc.bench.scenario.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** How findings are counted, judged and shown. */
class FindingsTest {
    @Test
    void percentilesAreInMilliseconds() {
        Histogram nanos = new Histogram(3);
        for (int i = 1; i <= 1000; i++) {
            nanos.recordValue(i * 1_000_000L);
        }
        Latency latency = Latency.of(nanos);

        assertThat(latency.p50()).isCloseTo(500, within(1.0));
        assertThat(latency.p99()).isCloseTo(990, within(2.0));
        assertThat(latency.p999()).isCloseTo(999, within(2.0));
    }

    @Test
    void aBarHoldsAtItsLimitWhenItSaysAtLeastAndNotWhenItSaysBelow() {
        assertThat(Bar.atLeast("a", 0.45, 0.45, "").holds()).isTrue();
        assertThat(Bar.atLeast("a", 0.449, 0.45, "").holds()).isFalse();
        assertThat(Bar.below("b", 1, 1, "s").holds()).isFalse();
        assertThat(Bar.below("b", 0.99, 1, "s").holds()).isTrue();
        assertThat(Bar.below("b", 0.99, 1, "s").bar()).isEqualTo("below 1.00 s");
    }

    @Test
    void numbersShowThreeDigits() {
        assertThat(List.of(72_345.6, 123.4, 12.34, 1.234, 0.1234, 0.0).stream()
                        .map(Table::number)
                        .toList())
                .containsExactly("72,346", "123", "12.3", "1.23", "0.123", "0");
    }

    @Test
    void tellsItsFindingsAsTableAndAsJson() {
        List<String> progress = new ArrayList<>();
        Rows rows = new Rows(progress::add);
        rows.add(Row.of("inject", 32_000, "transactions/s")
                .ratio(0.5)
                .latency(new Latency(1, 2, 3))
                .usage(new Usage(150, 300))
                .note("fine"));
        rows.add(Bar.atLeast("1 inject", 0.5, 0.45, ""));

        assertThat(progress).containsExactly("inject: 32,000 transactions/s (fine)");
        assertThat(rows.text().lines().toList())
                .hasSize(5)
                .anyMatch(line -> line.matches("inject +32,000 +transactions/s +0\\.50 +1\\.00 +2\\.00 .* fine"))
                .anyMatch(line -> line.matches("1 inject +0\\.500 +at least 0\\.450 +yes"));
        assertThat(rows.json().getJsonArray("rows").getJsonObject(0).getMap())
                .containsEntry("figure", 32_000.0)
                .containsEntry("p99ms", 2.0)
                .containsEntry("rssMiB", 300.0);
        assertThat(rows.json().getJsonArray("bars").getJsonObject(0).getBoolean("holds"))
                .isTrue();
    }

    @Test
    void readsWhatLinuxSaysOfAProcess() throws IOException {
        String stat = "42 (a) b) S 1 42 42 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 12 0 99 1000 200";

        assertThat(ProcessStats.cpuMillis(stat)).isEqualTo(2000);
        assertThat(ProcessStats.rssKib(List.of("Name:\tjava", "VmRSS:\t  123456 kB")))
                .isEqualTo(123_456);
        long self = ProcessHandle.current().pid();
        assertThat(ProcessStats.cpuMillis(self)).isPositive();
        assertThat(ProcessStats.rssKib(self)).isGreaterThan(10_000);
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new Options(0, 64, 170, 10_000, Path.of("."), Optional.empty(), false))
                .hasMessage("--seconds must be 1 to 600 but is 0");
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(Medians.of(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    }
}
