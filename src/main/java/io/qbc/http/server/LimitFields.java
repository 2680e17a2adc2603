package io.qbc.http.server;

import io.qbc.api.access.Excess;
import io.qbc.api.access.Quota;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** The header fields that tell a caller of its limits (draft-ietf-httpapi-ratelimit-headers-10). */
final class LimitFields {
    private static final CharSequence LEFT = HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");

    private LimitFields() {}

    /** What is left of a limit. */
    static void left(Exchange exchange, Quota quota) {
        set(exchange.response().headers(), quota.field(), quota.policy());
    }

    /** That there is nothing left, and when there is again; to be followed by the refusal. */
    static void exceeded(Exchange exchange, Excess excess) {
        MultiMap headers = exchange.response().headers();
        // In the place of what a problem says without knowing how long.
        exchange.response()
                .headersEndHandler(end -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(excess.seconds())));
        set(headers, excess.field(), excess.policy());
        exchange.connection().shared().exceeded(excess.of());
    }

    private static void set(MultiMap headers, String left, String policy) {
        headers.set(LEFT, left);
        headers.set(POLICY, policy);
    }
}
