package io.qbc.config;

import java.net.URI;
import java.time.Duration;

/**
 * Tracing by OpenTelemetry.
 *
 * @param endpoint the base address of a collector that takes OTLP over HTTP; spans go to {@code /v1/traces} below it
 * @param sampleRatio which part of the traces is recorded that begin here; a trace that a caller began is recorded if
 *     the caller says so
 * @param serviceName by which the collector tells services apart
 * @param queue spans that may wait to be sent, beyond which they are dropped
 * @param batch spans that are sent together
 * @param delay the longest that a span waits for others to be sent with
 * @param timeout how long the collector may take for a batch, and the node to send the last ones when it stops
 * @param transactions traced transactions that are followed while they wait for a quant
 * @param contexts transactions and quants whose traces are remembered for calls to peers
 */
public record TracingConfig(
        boolean enabled,
        String endpoint,
        double sampleRatio,
        String serviceName,
        int queue,
        int batch,
        Duration delay,
        Duration timeout,
        int transactions,
        int contexts) {
    private static final long DELAY_MILLIS_MAX = Duration.ofMinutes(1).toMillis();

    /** As it ships. */
    public static final TracingConfig OFF = new TracingConfig(
            false,
            "http://127.0.0.1:4318",
            1,
            "qbc",
            4096,
            512,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            10_000,
            10_000);

    public TracingConfig {
        requireAddress(endpoint);
        if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
            throw new ConfigException("tracing.sampleRatio must be 0 to 1 but is " + sampleRatio);
        }
        Require.text("tracing.serviceName", serviceName);
        Require.range("tracing.queue", queue, 1, 1_000_000);
        Require.range("tracing.batch", batch, 1, queue);
        Require.range("tracing.delay", delay.toMillis(), 1, DELAY_MILLIS_MAX);
        Require.range("tracing.timeout", timeout.toMillis(), 1, DELAY_MILLIS_MAX);
        Require.range("tracing.transactions", transactions, 1, 1_000_000);
        Require.range("tracing.contexts", contexts, 1, 1_000_000);
    }

    private static void requireAddress(String endpoint) {
        boolean fine;
        try {
            URI address = URI.create(endpoint);
            fine = ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null;
        } catch (IllegalArgumentException e) {
            fine = false;
        }
        if (!fine) {
            throw new ConfigException(
                    "tracing.endpoint must be an address like http://127.0.0.1:4318 but is '" + endpoint + "'");
        }
    }
}
