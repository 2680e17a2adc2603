package io.qbc.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyViewTest {
    private static ProxyView view(Map<String, List<String>> fields) {
        return ProxyView.of(name -> fields.getOrDefault(name, List.of()));
    }

    private static ProxyView view(String name, String... values) {
        return view(Map.of(name, List.of(values)));
    }

    @Test
    void whatIsNotToldIsNotThere() {
        assertThat(view(Map.of())).isEqualTo(ProxyView.DIRECT);
        assertThat(view("x-forwarded-proto", "")).isEqualTo(ProxyView.DIRECT);
        assertThat(view("forwarded", "for=192.0.2.7")).isEqualTo(ProxyView.DIRECT);
        assertThat(ProxyView.DIRECT.isSecure()).isEmpty();
    }

    @Test
    void theNearestProxyHasTheLastWord() {
        assertThat(view("x-forwarded-proto", "http, https").isSecure()).contains(true);
        assertThat(view("x-forwarded-proto", "https", "http").isSecure()).contains(false);
        assertThat(view("x-forwarded-host", "evil.example, ledger.example").host())
                .contains("ledger.example");
        assertThat(view("x-forwarded-proto", "HTTPS").isSecure()).contains(true);
        assertThat(view("x-forwarded-proto", "gopher").isSecure()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=192.0.2.7;proto=https;host=ledger.example | https | ledger.example",
                "proto=http, for=1.2.3.4; Host=\"ledger.example:8443\"; PROTO=https | https | ledger.example:8443",
                "host=evil.example, proto=http | http | ",
            })
    void forwardedSaysTheSame(String field, String scheme, String host) {
        ProxyView view = view("forwarded", field);
        assertThat(view.scheme()).isEqualTo(Optional.ofNullable(scheme));
        assertThat(view.host()).isEqualTo(Optional.ofNullable(host));
    }

    @ParameterizedTest
    @CsvSource({"/ledger,/ledger", "/a/b-c_d.e~f/,/a/b-c_d.e~f"})
    void aPrefixIsAPath(String field, String prefix) {
        assertThat(view("x-forwarded-prefix", field).prefix()).contains(prefix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ledger", "//evil.example", "/a//b", "/a/../b", "/..", "/a b", "/a?b", "/a%2f", "http://x/"})
    void whatIsNoPathIsNone(String field) {
        assertThat(view("x-forwarded-prefix", field).prefix()).isEmpty();
    }
}
