package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetTest {
    @ParameterizedTest
    @CsvSource({
        "https://example.org, https://example.org:443, /",
        "https://example.org/, https://example.org:443, /",
        "HTTPS://Example.org:8443/a/b?c=d&e=%20, https://example.org:8443, /a/b?c=d&e=%20",
        "https://example.org?x=1, https://example.org:443, /?x=1",
        "http://127.0.0.1:9/hook, http://127.0.0.1:9, /hook",
        "http://localhost:9/hook, http://localhost:9, /hook",
        "http://[::1]:9/hook, http://[::1]:9, /hook",
    })
    void targetsHaveOneSpelling(String text, String base, String uri) {
        assertThat(WebhookTarget.read(text)).isInstanceOfSatisfying(WebhookTarget.Read.Fine.class, fine -> {
            assertThat(fine.target().base().text()).isEqualTo(base);
            assertThat(fine.target().uri()).isEqualTo(uri);
            assertThat(fine.target().url()).isEqualTo(base + uri);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "//example.org/",
                "http://example.org/",
                "http://10.0.0.1/",
                "ftp://example.org/",
                "file:///etc/passwd",
                "https://",
                "https:///x",
                "https://user@example.org/",
                "https://user:word@example.org/",
                "https://example.org/#x",
                "https://example.org/a b",
                "https://example.org/\r\nhost: x",
                "https://example.org/%",
                "https://example.org/%g0",
                "https://example.org/\u00fc",
                "https://example.org\\@127.0.0.1/",
                "https://0x7f.1/",
                "https://2130706433/",
                "https://127.1/",
                "https://example.org:0/",
                "https://example.org:65536/",
                "https://example.org:443443/",
            })
    void whatCanBeReadInDifferentWaysIsRefused(String text) {
        assertThat(WebhookTarget.read(text)).isInstanceOf(WebhookTarget.Read.Wrong.class);
    }
}
