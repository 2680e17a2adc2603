package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private final AddressPolicy policy = policy(true, "127.0.0.0/8", "::1/128", "10.0.0.0/8", "fc00::/7");

    private static AddressPolicy policy(boolean loopback, String... networks) {
        return new AddressPolicy(List.of(networks), Ports.of("ports", List.of("443", "5000-5010")), loopback);
    }

    @Test
    void onlyPermittedPortsAreCalled() throws UnknownHostException {
        InetAddress address = InetAddress.getByName("10.0.0.1");
        for (int port : List.of(443, 5000, 5007, 5010)) {
            assertThat(policy.permits(address, port)).as("port %d", port).isTrue();
        }
        for (int port : List.of(1, 22, 80, 442, 444, 4999, 5011, 65_535)) {
            assertThat(policy.permits(address, port)).as("port %d", port).isFalse();
        }
    }

    @Test
    void aNodeThatListensElsewhereDoesNotCallItsOwnMachine() throws UnknownHostException {
        AddressPolicy elsewhere = policy(false, "0.0.0.0/0", "::/0");
        for (String own :
                List.of("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1")) {
            assertThat(elsewhere.permits(InetAddress.getByName(own), 5000))
                    .as(own)
                    .isFalse();
            assertThat(elsewhere.permits(InetAddress.getByName(own)))
                    .as("if it is configured")
                    .isTrue();
        }
        assertThat(elsewhere.permits(InetAddress.getByName("10.0.0.1"), 5000)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.0.9, true",
        "10.9.8.7, true",
        "::1, true",
        "fd00::5, true",
        "::ffff:10.0.0.1, true",
        "8.8.8.8, false",
        "169.254.169.254, false",
        "192.168.0.1, false",
        "0.0.0.0, false",
        "::, false",
        "224.0.0.1, false",
        "::ffff:169.254.169.254, false",
        "::a9fe:a9fe, false",
        "2002:a9fe:a9fe::1, false",
        "64:ff9b::a9fe:a9fe, false",
        "fe80::1, false"
    })
    void onlyTheAllowedNetworksAreCalled(String ip, boolean permitted) throws UnknownHostException {
        assertThat(policy.permits(InetAddress.getByName(ip))).isEqualTo(permitted);
    }

    @Test
    void anOpenListStillSparesWhatIsNoHost() throws UnknownHostException {
        AddressPolicy open = policy(true, "0.0.0.0/0", "::/0");
        assertThat(open.permits(InetAddress.getByName("8.8.8.8"))).isTrue();
        assertThat(open.permits(InetAddress.getByName("0.0.0.0"))).isFalse();
        assertThat(open.permits(InetAddress.getByName("::"))).isFalse();
        assertThat(open.permits(InetAddress.getByName("ff02::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost/8", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0/-1"})
    void whatIsNoBlockIsNamed(String text) {
        assertThatThrownBy(() -> policy(true, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
