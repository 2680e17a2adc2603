package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.PeerAddress.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:5000, http://127.0.0.1:5000",
        "HTTP://127.0.0.1:5000/, http://127.0.0.1:5000",
        "http://Node-1.Example.org, http://node-1.example.org:80",
        "https://node_1, https://node_1:443",
        "http://[::1]:5000, http://[::1]:5000",
        "http://[0:0:0:0:0:0:0:1]:5000, http://[::1]:5000",
        "http://[2001:DB8:0:0:1:0:0:1]:5000, http://[2001:db8::1:0:0:1]:5000",
        "http://[fe80:0:0:1::]:5000, http://[fe80:0:0:1::]:5000",
        "http://[fc00::]:5000, http://[fc00::]:5000",
        "http://[1:0:0:2:0:0:0:3]:5000, http://[1:0:0:2::3]:5000",
        "http://[10:0:0:0:1:2:3:4]:5000, http://[10::1:2:3:4]:5000",
        "http://a_b.c_d:1, http://a_b.c_d:1",
        "http://[::ffff:10.0.0.1]:1, http://10.0.0.1:1",
        "http://1and1.de:65535, http://1and1.de:65535"
    })
    void plainAddressesGetOneSpelling(String text, String spelling) {
        assertThat(PeerAddress.read(text))
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
        assertThat(PeerAddress.read(text)).isInstanceOf(Reading.Wrong.class);
    }

    @ParameterizedTest
    @CsvSource({
        "::1, http://[::1]:5",
        "[::1], http://[::1]:5",
        "127.0.0.1, http://127.0.0.1:5",
        "node_1, http://node_1:5"
    })
    void aHostIsToldAsItIsRead(String host, String told) {
        assertThat(PeerAddress.of(host, 5).text()).isEqualTo(told);
        assertThat(PeerAddress.read(told)).isEqualTo(new Reading.Fine(PeerAddress.of(host, 5)));
    }

    @Test
    void whoListensEverywhereIsReachedByLoopback() {
        for (String host : new String[] {"0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0"}) {
            assertThat(PeerAddress.local(host, 5).text()).isEqualTo("http://127.0.0.1:5");
        }
        assertThat(PeerAddress.wildcard("localhost")).isFalse();
    }

    @Test
    void theZoneOfAConnectionIsNoPartOfTheAddress() {
        assertThat(PeerAddress.remote("fe80:0:0:0:0:0:0:1%eth0")).isEqualTo(PeerAddress.ip("fe80::1"));
        assertThat(PeerAddress.remote("127.0.0.1")).isEqualTo(PeerAddress.ip("127.0.0.1"));
        assertThat(PeerAddress.remote("localhost")).isEmpty();
        assertThat(PeerAddress.ip("fe80::1%eth0")).isEmpty();
    }
}
