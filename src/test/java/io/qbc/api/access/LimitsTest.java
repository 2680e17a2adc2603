package io.qbc.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.access.Caller;
import io.qbc.access.Proof;
import io.qbc.config.AccessMode;
import io.qbc.config.Cidr;
import io.qbc.config.NodeConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
    /** A clock of nanoseconds that overflows soon. */
    private static final long NOW = Long.MAX_VALUE - 1_000_000;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static InetAddress address(String text) {
        return Cidr.parse(text).orElseThrow().base();
    }

    @Test
    void aBurstIsTakenAtOnceAndComesBackAtItsRate() {
        RateLimit limit = new RateLimit(10, 3, NOW);
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take(NOW)).isZero();
        }
        assertThat(limit.take(NOW)).isEqualTo(SECOND / 10);
        assertThat(limit.isWhole(NOW)).isFalse();
        assertThat(limit.take(NOW + SECOND / 10)).isZero();
        assertThat(limit.take(NOW + SECOND / 10)).isPositive();
        assertThat(limit.isWhole(NOW + SECOND)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take(NOW + 9 * SECOND)).isZero();
        }
        assertThat(limit.take(NOW + 9 * SECOND)).isPositive();
    }

    @Test
    void eachCallerHasItsOwnLimit() {
        RateLimits limits = new RateLimits(new NodeConfig.Access(AccessMode.REQUIRED, false, 1, 1, 1, 1), NOW);
        assertThat(limits.ofCredential("a", NOW)).isEmpty();
        Excess excess = limits.ofCredential("a", NOW).orElseThrow();
        assertThat(excess.seconds()).isEqualTo(1);
        assertThat(excess.field()).isEqualTo("\"key\";r=0;t=1");
        assertThat(excess.policy()).isEqualTo("\"key\";q=1;w=1");
        assertThat(limits.ofCredential("b", NOW)).isEmpty();
        assertThat(limits.ofAddress(address("192.0.2.7"), NOW)).isEmpty();
        assertThat(limits.ofAddress(address("192.0.2.7"), NOW)).isPresent();
        assertThat(limits.ofAddress(address("192.0.2.8"), NOW)).isEmpty();
        assertThat(limits.ofAddress(address("2001:db8::1"), NOW)).isEmpty();
        assertThat(limits.ofAddress(address("2001:db8::2"), NOW)).isPresent();
    }

    @Test
    void whatIsLeftIsOfTheCredentialThatWasShown() {
        RateLimits limits = new RateLimits(new NodeConfig.Access(AccessMode.REQUIRED, false, 1, 9, 0, 1), NOW);
        Caller token = new Caller("jwt:a", "shop", List.of(), "jwt:a", Proof.TOKEN);
        Caller key = new Caller("a", "shop", List.of(), "shop", Proof.KEY);
        assertThat(limits.ofToken("jwt:a", NOW)).isEmpty();
        assertThat(limits.ofToken("jwt:a", NOW)).isEmpty();
        assertThat(limits.ofCredential("a", NOW)).isEmpty();
        assertThat(limits.left(token, address("192.0.2.7"), NOW))
                .contains(new Quota("\"token\";r=7;t=2", "\"token\";q=9;w=9"));
        assertThat(limits.left(key, address("192.0.2.7"), NOW))
                .contains(new Quota("\"key\";r=8;t=1", "\"key\";q=9;w=9"));
        assertThat(limits.left(Caller.NOBODY, address("192.0.2.7"), NOW)).isEmpty();
    }

    @Test
    void aRateOfNothingIsNoLimitAndLoopbackHasNone() {
        RateLimits none = new RateLimits(new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1), NOW);
        RateLimits one = new RateLimits(new NodeConfig.Access(AccessMode.REQUIRED, false, 1, 1, 1, 1), NOW);
        for (int i = 0; i < 9; i++) {
            assertThat(none.ofCredential("a", NOW)).isEmpty();
            assertThat(none.ofAddress(address("192.0.2.7"), NOW)).isEmpty();
            assertThat(one.ofAddress(address("127.0.0.1"), NOW)).isEmpty();
        }
    }

    @Test
    void addressesWithoutNumberAreKeptInBounds() {
        RateLimits limits = new RateLimits(new NodeConfig.Access(AccessMode.REQUIRED, false, 1, 1, 1, 2), NOW);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            InetAddress one = address("10.1." + i / 256 + "." + i % 256);
            refused += limits.ofAddress(one, NOW).isPresent() ? 1 : 0;
        }
        assertThat(refused).isBetween(3_000, 4_000);
        assertThat(limits.ofAddress(address("10.200.0.1"), NOW + 9 * SECOND)).isEmpty();
    }

    @Test
    void afterSomeWrongCredentialsAnAddressWaitsLongerAndLonger() {
        FailureBackoff backoff = new FailureBackoff();
        InetAddress address = address("192.0.2.7");
        for (int i = 0; i < 5; i++) {
            assertThat(backoff.failed(address, NOW)).isEmpty();
        }
        assertThat(backoff.failed(address, NOW).orElseThrow().seconds()).isEqualTo(1);
        assertThat(backoff.failed(address("192.0.2.8"), NOW)).isEmpty();
        long later = NOW + 2 * SECOND;
        assertThat(backoff.failed(address, later)).isEmpty();
        assertThat(backoff.failed(address, later).orElseThrow().seconds()).isEqualTo(2);
        long muchLater = later + Duration.ofMinutes(11).toNanos();
        for (int i = 0; i < 5; i++) {
            assertThat(backoff.failed(address, muchLater)).isEmpty();
        }
    }
}
