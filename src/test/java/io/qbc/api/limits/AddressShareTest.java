package io.qbc.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressShareTest {
    private static final long BUDGET_BYTES = 100L << 20;

    private final SharedLimits limits = new SharedLimits(Samples.with(
            Samples.config(Path.of("unused"), 0),
            new NodeConfig.Budgets(
                    BUDGET_BYTES, BUDGET_BYTES, Duration.ofSeconds(1), 1024, 25, List.of("10.0.0.0/8", "fd00::/8"))));

    private AddressShare join(String address) throws UnknownHostException {
        return limits.addresses().join(InetAddress.getAllByName(address)[0]);
    }

    @Test
    void whatIsTakenOfAShareIsTakenOfTheWhole() throws UnknownHostException {
        AddressShare one = join("192.0.2.1");
        AddressShare other = join("192.0.2.2");
        assertThat(one.bodyBytes().take(BUDGET_BYTES / 4)).isTrue();
        assertThat(one.bodyBytes().take(1)).isFalse();
        assertThat(limits.bodyBytes().held()).isEqualTo(BUDGET_BYTES / 4);
        assertThat(other.bodyBytes().take(BUDGET_BYTES / 4)).isTrue();
        assertThat(limits.bodyBytes().take(BUDGET_BYTES / 2)).isTrue();
        other.bodyBytes().release(1);
        assertThat(other.bodyBytes().take(2)).isFalse();
        assertThat(limits.bodyBytes().held()).isEqualTo(BUDGET_BYTES - 1);
        for (int i = 0; i < 256; i++) {
            assertThat(one.requests().take()).isTrue();
        }
        assertThat(one.requests().take()).isFalse();
        assertThat(other.requests().take()).isTrue();
        assertThat(limits.requests().inUse()).isEqualTo(257);
    }

    @Test
    void ofTwoThatGrowAtOnceOneGoesOn() throws UnknownHostException {
        ByteBudget share = join("192.0.2.1").bodyBytes();
        long half = BUDGET_BYTES / 8;
        assertThat(share.grow(0, half)).isTrue();
        assertThat(share.grow(0, half)).isTrue();
        assertThat(share.grow(half, half)).isFalse();
        assertThat(share.held()).isEqualTo(half);
        assertThat(share.grow(half, half)).isTrue();
        assertThat(limits.bodyBytes().held()).isEqualTo(BUDGET_BYTES / 4);
    }

    @Test
    void anAddressHasOneShareHoweverManyConnectionsItHas() throws UnknownHostException {
        AddressShare share = join("192.0.2.1");
        assertThat(join("192.0.2.1")).isSameAs(share);
        assertThat(join("192.0.2.2")).isNotSameAs(share);
        limits.addresses().leave(InetAddress.getAllByName("192.0.2.1")[0]);
        assertThat(join("192.0.2.1")).isSameAs(share);
        limits.addresses().leave(InetAddress.getAllByName("192.0.2.1")[0]);
        limits.addresses().leave(InetAddress.getAllByName("192.0.2.1")[0]);
        assertThat(limits.addresses().count()).isEqualTo(1);
        assertThat(join("192.0.2.1")).isNotSameAs(share);
    }

    @Test
    void anIpv6NetworkIsOneAddress() throws UnknownHostException {
        AddressShare share = join("2001:db8:0:1::1");
        assertThat(join("2001:db8:0:1:ffff::2")).isSameAs(share);
        assertThat(join("2001:db8:0:2::1")).isNotSameAs(share);
        assertThat(join("::ffff:192.0.2.1")).isSameAs(join("192.0.2.1"));
    }

    @Test
    void aProxyHasAll() throws UnknownHostException {
        assertThat(join("10.1.2.3").bodyBytes().take(BUDGET_BYTES)).isTrue();
        assertThat(join("fd00::1").streamBytes().take(BUDGET_BYTES)).isTrue();
    }

    @Test
    void aShareIsNeverSmallerThanOneMessage() throws UnknownHostException {
        SharedLimits small = new SharedLimits(Samples.with(
                Samples.config(Path.of("unused"), 0),
                new NodeConfig.Budgets(1000, 20L << 20, Duration.ofSeconds(1), 1024, 25, List.of())));
        AddressShare share = small.addresses().join(InetAddress.getAllByName("192.0.2.1")[0]);
        assertThat(share.bodyBytes().most()).isEqualTo(1000);
        assertThat(share.streamBytes().most()).isEqualTo(16L << 20);
        assertThat(share.spareConnections().take()).isTrue();
    }
}
