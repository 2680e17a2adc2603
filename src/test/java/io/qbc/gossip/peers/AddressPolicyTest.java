package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.gossip.peers.AddressPolicy.Reading;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private final AddressPolicy policy = new AddressPolicy(List.of("127.0.0.0/8", "::1/128", "10.0.0.0/8", "fc00::/7"));

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:5000, http://127.0.0.1:5000",
        "HTTP://127.0.0.1:5000/, http://127.0.0.1:5000",
        "http://Node-1.Example.org, http://node-1.example.org:80",
        "https://node_1, https://node_1:443",
        "http://[::1]:5000, http://[0:0:0:0:0:0:0:1]:5000",
        "http://[::ffff:10.0.0.1]:1, http://10.0.0.1:1",
        "http://1and1.de:65535, http://1and1.de:65535"
    })
    void plainAddressesGetOneSpelling(String text, String spelling) {
        assertThat(policy.read(text))
                .isInstanceOfSatisfying(
                        Reading.Fine.class,
                        fine -> assertThat(fine.address().text()).isEqualTo(spelling));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1:5000",
                "//127.0.0.1:5000",
                "http:/127.0.0.1",
                "http:127.0.0.1",
                "ftp://127.0.0.1",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://user@127.0.0.1:5000",
                "http://user:secret@127.0.0.1",
                "http://127.0.0.1:5000/path",
                "http://127.0.0.1:5000//",
                "http://127.0.0.1:5000?x=1",
                "http://127.0.0.1:5000/?x=1",
                "http://127.0.0.1:5000#x",
                "http://127.0.0.1:0",
                "http://127.0.0.1:65536",
                "http://127.0.0.1:080",
                "http://127.0.0.1:",
                "http://127.0.0.1:-1",
                "http://127.1",
                "http://2130706433",
                "http://0x7f000001",
                "http://0x7f.0.0.1",
                "http://0177.0.0.1",
                "http://017700000001",
                "http://127.0.0.01",
                "http://127.0.0.256",
                "http://127.0.0.1.",
                "http://1.2.3.4.5",
                "http://[::1%25lo]",
                "http://[::1",
                "http://[127.0.0.1]",
                "http://[:::1]",
                "http://127.0.0.1%00",
                "http://%31%32%37.0.0.1",
                "http://①②⑦.0.0.1",
                "http://127。0。0。1",
                "http:\\\\127.0.0.1",
                "http://127.0.0.1\\@evil",
                " http://127.0.0.1",
                "http://127.0.0.1\r\nHost: evil",
                "http://a..b",
                "http://-a",
                "http://localhost.",
                "http://"
            })
    void oddSpellingsAreRefused(String text) {
        assertThat(policy.read(text)).isInstanceOf(Reading.Wrong.class);
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
        AddressPolicy open = new AddressPolicy(List.of("0.0.0.0/0", "::/0"));
        assertThat(open.permits(InetAddress.getByName("8.8.8.8"))).isTrue();
        assertThat(open.permits(InetAddress.getByName("0.0.0.0"))).isFalse();
        assertThat(open.permits(InetAddress.getByName("::"))).isFalse();
        assertThat(open.permits(InetAddress.getByName("ff02::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost/8", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0/-1"})
    void whatIsNoBlockIsNamed(String text) {
        assertThatThrownBy(() -> new AddressPolicy(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
