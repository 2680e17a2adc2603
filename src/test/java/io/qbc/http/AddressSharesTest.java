package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.config.NodeConfig.Budgets;
import io.qbc.e2e.hostile.HeldSockets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One address against all others. */
class AddressSharesTest {
    private static final String OTHER = "127.0.0.2";
    private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String METRICS = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String CHAINS = "GET /v1/chains HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final int CONNECTIONS = 16;
    private static final int SHARE = 4;

    private HttpFixture httpFixture;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin(int connections, int requests, String... proxies) {
        httpFixture = new HttpFixture(base -> Samples.with(
                base,
                http(base.http(), connections, requests),
                new Budgets(0, 0, Patience.ANSWER, 1, 100 * SHARE / CONNECTIONS, List.of(proxies))));
    }

    private static NodeConfig.Http http(NodeConfig.Http base, int connections, int requests) {
        return Samples.with(base, Map.of("connections", connections, "streamsMax", requests, "requestsMax", requests));
    }

    private String ask(String from, String request) {
        try (HeldSockets socket = HeldSockets.idle(httpFixture.port(), from, 0).open(1, request)) {
            return socket.answers().get(0);
        }
    }

    @Test
    void oneAddressHoldsNoMoreConnectionsThanItsShareAndHealthIsAnsweredAllTheSame() {
        begin(CONNECTIONS, 100);
        try (HeldSockets held = HeldSockets.idle(httpFixture.port(), OTHER, SHARE)) {
            await().until(() -> httpFixture.sharedLimits.connections().inUse() == held.count());
            assertThat(ask(OTHER, CHAINS))
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("retry-after: ")
                    .containsIgnoringCase("x-content-type-options: nosniff")
                    .containsIgnoringCase("content-security-policy: default-src 'none'")
                    .containsIgnoringCase("referrer-policy: no-referrer")
                    .containsIgnoringCase("cross-origin-resource-policy: same-origin");
            assertThat(ask(OTHER, LIVE)).startsWith("HTTP/1.1 200 ");
            assertThat(ask(OTHER, METRICS)).startsWith("HTTP/1.1 200 ");
            assertThat(httpFixture.get("/v1/chains").statusCode()).isEqualTo(200);
        }
        await().until(() -> ask(OTHER, CHAINS).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void whoHoldsSpareConnectionsWithoutAWordLosesThem() {
        begin(CONNECTIONS, 100);
        try (HeldSockets held = HeldSockets.idle(httpFixture.port(), OTHER, SHARE + 200)) {
            // The first ones stay; of all others none does, and meanwhile they leave room for others to ask.
            await().until(() -> ask("127.0.0.3", LIVE).startsWith("HTTP/1.1 200 "));
            await().until(() -> httpFixture.sharedLimits.spareConnections().inUse() == 0);
            assertThat(httpFixture.sharedLimits.connections().inUse()).isEqualTo(held.count() - 200);
        }
        await().until(() -> httpFixture.sharedLimits.addresses().count() == 0);
    }

    @Test
    void oneAddressHasNoMoreRequestsAndStreamsThanItsShare() {
        begin(400, CONNECTIONS);
        String events = "GET /v1/chains/main/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (HeldSockets held = HeldSockets.idle(httpFixture.port(), OTHER, 0).open(SHARE - 1, events)) {
            await().until(() -> httpFixture.sharedLimits.streams().inUse() == SHARE - 1);
            assertThat(ask(OTHER, CHAINS)).startsWith("HTTP/1.1 200 ");
            // The answer is there a moment before the request is over.
            await().until(() -> httpFixture.sharedLimits.requests().inUse() == SHARE - 1);
            held.open(1, events);
            await().until(() -> httpFixture.sharedLimits.streams().inUse() == SHARE);
            assertThat(ask(OTHER, CHAINS)).startsWith("HTTP/1.1 503 ");
            assertThat(ask(OTHER, LIVE)).startsWith("HTTP/1.1 200 ");
            assertThat(ask("127.0.0.3", CHAINS)).startsWith("HTTP/1.1 200 ");
        }
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
    }

    @Test
    void aProxyMayTakeAll() {
        begin(CONNECTIONS, 100, "127.0.0.2/32");
        try (HeldSockets held = HeldSockets.idle(httpFixture.port(), OTHER, CONNECTIONS)) {
            await().until(() -> httpFixture.sharedLimits.connections().inUse() == held.count());
            assertThat(ask("127.0.0.3", LIVE)).startsWith("HTTP/1.1 200 ");
        }
        await().until(() -> httpFixture.sharedLimits.connections().inUse() == 0);
    }
}
