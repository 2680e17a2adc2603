package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.bench.process.ProcessStats;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPageTest {
    private static final String INJECT = "/v1/chains/{chain}/transactions";
    private static final String TRANSACTIONS = "/v1/chains/main/transactions";
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture();
        httpFixture.chains.projections.chains.put("shop", "main");
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private MetricsText page() {
        return new MetricsText(httpFixture.get("/metrics").body());
    }

    private static Map<String, String> labels(String method, String route, int code) {
        return Map.of("method", method, "route", route, "code", Integer.toString(code));
    }

    @Test
    void thePageIsAsPrometheusAsks() {
        httpFixture.post(TRANSACTIONS, "{\"data\":1}");
        httpFixture.post(TRANSACTIONS, "{");
        HttpResponse<String> answer = httpFixture.get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        MetricsText page = new MetricsText(answer.body());
        page.check();
        assertThat(page.value("qbc_injects_total", Map.of("result", "accepted")))
                .contains(1.0);
        assertThat(page.value("qbc_http_requests_total", labels("POST", INJECT, 202)))
                .contains(1.0);
        assertThat(page.value("qbc_http_request_duration_seconds_count", labels("POST", INJECT, 400)))
                .contains(1.0);
        assertThat(page.value("qbc_chain_height", Map.of("chain", "main"))).isPresent();
        assertThat(page.value("qbc_peers", Map.of("state", "live"))).isPresent();
        assertThat(page.value("qbc_store_free_bytes", Map.of())).contains((double) (1L << 30));
        assertThat(page.value("qbc_store_damage_met_total", Map.of())).contains(0.0);
        assertThat(page.value("qbc_peer_answer_bytes", Map.of())).contains(0.0);
        assertThat(page.value("qbc_peer_answer_limit_bytes", Map.of()).orElseThrow())
                .isGreaterThanOrEqualTo(32L << 20);
        assertThat(page.value("qbc_peer_slow_calls_total", Map.of())).contains(2.0);
        assertThat(page.value("qbc_orphans", Map.of())).contains(3.0);
        assertThat(page.value("qbc_orphan_bytes", Map.of())).contains(4096.0);
    }

    @Test
    void theJvmAndItsProcessAreThere() throws IOException {
        MetricsText page = page();
        assertThat(page.families())
                .extracting(MetricsText.Family::name)
                .contains(
                        "jvm_memory_used_bytes",
                        "jvm_gc_collection_seconds",
                        "jvm_threads_current",
                        "jvm_classes_currently_loaded",
                        "process_cpu_seconds_total",
                        "process_open_fds",
                        "process_start_time_seconds",
                        "qbc_build_info");
        // Whatever the size of the system's pages.
        assertThat(page.value("process_resident_memory_bytes", Map.of()).orElseThrow())
                .isCloseTo(1024.0 * ProcessStats.rssKib(ProcessHandle.current().pid()), Percentage.withPercentage(25));
    }

    @Test
    void streamsAndWaitsAreCountedButNotTimed() {
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() ->
                httpFixture.post(TRANSACTIONS, "{\"data\":\"wait\"}", "Prefer", "wait=" + Patience.ANSWER.toSeconds()));
        await().until(() -> httpFixture.sharedLimits.waiters().inUse() == 1);
        httpFixture.node.leap(List.of());
        assertThat(waiting.join().statusCode()).isEqualTo(201);
        assertThat(httpFixture.get("/v1/chains/main/quants").statusCode()).isEqualTo(200);
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
        MetricsText page = page();
        Map<String, String> stream = labels("GET", "/v1/chains/{chain}/quants", 200);
        assertThat(page.value("qbc_http_requests_total", stream)).contains(1.0);
        assertThat(page.value("qbc_http_requests_total", labels("POST", INJECT, 201)))
                .contains(1.0);
        assertThat(page.families())
                .filteredOn(family -> family.name().equals("qbc_http_request_duration_seconds"))
                .flatExtracting(MetricsText.Family::samples)
                .isEmpty();
    }

    @Test
    void projectionsHaveTheirNames() {
        MetricsText page = page();
        page.check();
        Map<String, String> shop = Map.of("projection", "shop");
        assertThat(page.value("qbc_projection_leaf", shop)).contains(10.0);
        assertThat(page.value("qbc_projection_lag_transactions", shop)).contains(0.0);
        assertThat(page.value("qbc_projection_rows_total", shop)).contains(25.0);
        assertThat(page.value("qbc_projection_errors_total", shop)).contains(0.0);
        assertThat(page.value("qbc_projection_rebuild_ratio", shop)).contains(0.25);
        assertThat(page.value("qbc_projection_state", Map.of("projection", "shop", "state", "following")))
                .contains(1.0);
        assertThat(page.value("qbc_projection_state", Map.of("projection", "shop", "state", "stopped")))
                .contains(0.0);
        httpFixture.chains.projections.chains.clear();
        assertThat(page().families())
                .extracting(MetricsText.Family::name)
                .noneMatch(name -> name.startsWith("qbc_projection_"));
    }

    @Test
    void everyMetricIsInTheDocumentAndTheOtherWayRound() throws IOException {
        httpFixture.post(TRANSACTIONS, "{\"data\":1}");
        Set<String> told = page().families().stream()
                .map(MetricsText.Family::name)
                .filter(name -> name.startsWith("qbc_"))
                .collect(Collectors.toCollection(TreeSet::new));
        String document = Files.readString(Path.of("src/docs/metrics.md"));
        Set<String> described = Pattern.compile("(?m)^\\| `(qbc_[a-z_]+)`")
                .matcher(document)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(told).isEqualTo(described);
    }

    /** A rule about a metric that does not exist is never true, and nobody notices. */
    @ParameterizedTest
    @ValueSource(strings = {"conf/grafana-dashboard.json", "conf/prometheus-alerts.yaml"})
    void everyMetricOfTheDashboardAndTheAlertsIsOnThePage(String file) throws IOException {
        httpFixture.post(TRANSACTIONS, "{\"data\":1}");
        Set<String> told =
                page().families().stream().map(MetricsText.Family::name).collect(Collectors.toSet());
        Set<String> asked = Pattern.compile("\\b(qbc|jvm|process)_[a-z_]+(?=[\\[{ )]|$|[^a-z_:\"])", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map((MatchResult match) -> match.group().replaceFirst("_(bucket|count|sum)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(asked).hasSizeGreaterThan(20).isSubsetOf(told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# HELP qbc_a_total x\n# TYPE qbc_a_total gauge\nqbc_a_total 1.0\n",
                "# HELP qbc_a x\n# TYPE qbc_a counter\nqbc_a 1.0\n",
                "# HELP qbc_a_ms x\n# TYPE qbc_a_ms gauge\nqbc_a_ms 1.0\n",
                "# HELP qbc_a  \n# TYPE qbc_a gauge\nqbc_a 1.0\n",
                "# HELP qbc_a_count x\n# TYPE qbc_a_count gauge\nqbc_a_count 1.0\n",
                "# HELP qbc_a x\n# TYPE qbc_a gauge\nqbc_a{of=\"x\"} 1.0\nqbc_b 1.0\n",
                "# HELP qbc_a x\n# TYPE qbc_a gauge\nqbc_a{ofThis=\"x\"} 1.0\n",
                "# HELP qbc_a x\n# TYPE qbc_a gauge\nqbc_a one\n",
                "# HELP qbc_a x\n# TYPE qbc_a gauge\nqbc_a{of=\"a\"b\"} 1.0\n",
                "# HELP qbc_a x\n# TYPE qbc_a histogram\nqbc_a_bucket{le=\"1.0\"} 1\nqbc_a_count 1\nqbc_a_sum 1.0\n",
                "# HELP qbc_a x\n# TYPE qbc_a histogram\nqbc_a_bucket{le=\"+Inf\"} 1\nqbc_a_count 2\nqbc_a_sum 1.0\n",
            })
    void theCheckFindsWhatBreaksARule(String page) {
        assertThatThrownBy(() -> new MetricsText(page).check()).isInstanceOf(AssertionError.class);
    }
}
