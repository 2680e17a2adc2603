package io.qbc.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.Cidr;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {
    private final ProxyRules rules = new ProxyRules(List.of("10.0.0.0/8", "::1/128"));

    private static InetAddress address(String text) {
        return Cidr.parse(text).orElseThrow().base();
    }

    @Test
    void onlyTheProxiesThatAreNamedAreBelieved() {
        assertThat(rules.believes(address("10.2.3.4"))).isTrue();
        assertThat(rules.believes(address("127.0.0.1"))).isFalse();
        assertThat(new ProxyRules(List.of()).believes(address("10.2.3.4"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=192.0.2.7 | | 192.0.2.7",
                "for=127.0.0.1, for=192.0.2.7;proto=https | | 192.0.2.7",
                "proto=http; For=\"192.0.2.7:47011\" | | 192.0.2.7",
                "for=\"[2001:db8::7]:80\" | | 2001:db8::7",
                "for=192.0.2.7, for=10.1.1.1 | | 192.0.2.7",
                "for=unknown | | 0.0.0.0",
                "for=_hidden | | 0.0.0.0",
                "by=127.0.0.1 | | 0.0.0.0",
                " | 192.0.2.7 | 192.0.2.7",
                " | 127.0.0.1, 192.0.2.7, 10.1.1.1 | 192.0.2.7",
                " | 192.0.2.7:99 | 192.0.2.7",
                " | 2001:db8::7 | 2001:db8::7",
                " | localhost | 0.0.0.0",
                " | 10.1.1.1 | 0.0.0.0",
                " | 0.0.0.0/0 | 0.0.0.0",
                " | | 0.0.0.0",
                "for=127.0.0.1 | 192.0.2.7 | 0.0.0.0",
                "for=192.0.2.7 | 127.0.0.1 | 0.0.0.0",
                "for=192.0.2.7 | 192.0.2.7 | 192.0.2.7"
            })
    void theCallerIsTheLastThatIsNoProxy(String forwarded, String forwardedFor, String caller) {
        assertThat(rules.client(
                        forwarded == null ? List.of() : List.of(forwarded),
                        forwardedFor == null ? List.of() : List.of(forwardedFor)))
                .isEqualTo(address(caller));
    }
}
