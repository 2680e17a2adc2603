package io.qbc.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FrontMetricsTest {
    @Test
    void everyMetricIsInTheDocumentAndTheOtherWayRound() throws IOException {
        FrontMetrics metrics = new FrontMetrics();
        metrics.answered(200);
        metrics.failed("node_lost");
        String page = new String(metrics.page().body().toArray(), StandardCharsets.UTF_8);
        String document = Files.readString(Path.of("src/docs/front-ends.md"));
        assertThat(names(page, "(?m)^# TYPE (qbc_[a-z_]+) "))
                .hasSize(5)
                .isEqualTo(names(document, "(?m)^- `(qbc_[a-z_]+)`"));
    }

    private static Set<String> names(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
