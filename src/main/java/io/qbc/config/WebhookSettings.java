package io.qbc.config;

import java.time.Duration;
import java.util.List;

/**
 * Deliveries by webhook.
 *
 * @param allowed CIDR blocks of the addresses that may be called
 * @param ports and ranges of ports that may be called
 * @param timeout how long one attempt may take
 * @param ca a PEM file of the authorities that receivers' certificates come from; {@code system} for those of the JVM
 * @param connections to one receiver at once
 * @param retryAfterMax the longest pause that a receiver can ask for
 * @param secretGrace how long the secret before a rotation signs too
 */
public record WebhookSettings(
        List<String> allowed,
        List<String> ports,
        Duration timeout,
        String ca,
        int connections,
        Duration retryAfterMax,
        Duration secretGrace) {
    /** The authorities that the JVM knows. */
    public static final String SYSTEM_CA = "system";

    public WebhookSettings {
        allowed = List.copyOf(allowed);
        ports = List.copyOf(ports);
        Ports.of("subscriptions.webhook.ports", ports);
        long second = 1000;
        Require.range("subscriptions.webhook.timeout", timeout.toMillis(), 100, 300 * second);
        Require.range("subscriptions.webhook.connections", connections, 1, 100);
        Require.range(
                "subscriptions.webhook.retryAfterMax",
                retryAfterMax.toMillis(),
                second,
                Duration.ofDays(7).toMillis());
        Require.range(
                "subscriptions.webhook.secretGrace",
                secretGrace.toMillis(),
                0,
                Duration.ofDays(365).toMillis());
    }
}
