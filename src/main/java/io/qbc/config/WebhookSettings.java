package io.qbc.config;

import java.time.Duration;
import java.util.List;

/**
 * Deliveries by webhook.
 *
 * @param allowed CIDR blocks of the addresses that may be called
 * @param ports and ranges of ports that may be called
 * @param ca a PEM file of the authorities that receivers' certificates come from; {@code system} for those of the JVM
 * @param connections to one receiver at once
 * @param retryAfterMax the longest pause that a receiver can ask for
 */
public record WebhookSettings(
        List<String> allowed, List<String> ports, String ca, int connections, Duration retryAfterMax) {
    /** The authorities that the JVM knows. */
    public static final String SYSTEM_CA = "system";

    /** As it ships. */
    public static final WebhookSettings DEFAULT = new WebhookSettings(
            List.of("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
            List.of("80", "443", "1024-65535"),
            SYSTEM_CA,
            8,
            Duration.ofDays(1));

    public WebhookSettings {
        allowed = List.copyOf(allowed);
        ports = List.copyOf(ports);
        Ports.of("subscriptions.webhook.ports", ports);
        Require.range("subscriptions.webhook.connections", connections, 1, 100);
        Require.range(
                "subscriptions.webhook.retryAfterMax",
                retryAfterMax.toMillis(),
                1000,
                Duration.ofDays(7).toMillis());
    }
}
