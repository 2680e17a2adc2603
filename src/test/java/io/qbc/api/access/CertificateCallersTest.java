package io.qbc.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.TrialTls;
import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Proof;
import io.qbc.config.CertificateMapping;
import io.qbc.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateCallersTest {
    private static final long NOW = 1000;

    private static ClientCertificate certificate(String subject, String... names) {
        return new ClientCertificate(subject, List.of(names), NOW + 1);
    }

    @Test
    void theFirstMappingThatFitsCounts() {
        CertificateCallers callers = new CertificateCallers(List.of(
                "URI:spiffe://example/Orders=orders:writer@orders+reader",
                "DNS:Orders.example=other:admin",
                "CN=Ops, O=Example=ops:admin"));
        Caller orders = callers.caller(certificate("cn=x", "DNS:orders.example", "URI:spiffe://example/Orders"), NOW)
                .orElseThrow();
        assertThat(orders.name()).isEqualTo("orders");
        assertThat(orders.scope()).isEqualTo("orders");
        assertThat(orders.id()).isEqualTo("certificate:orders");
        assertThat(orders.proof()).isEqualTo(Proof.CERTIFICATE);
        assertThat(orders.grants().stream().map(Grant::text)).containsExactly("writer@orders", "reader");
        assertThat(callers.caller(certificate("cn=x", "DNS:orders.example"), NOW))
                .map(Caller::name)
                .contains("other");
        assertThat(callers.caller(certificate("cn=ops,o=example"), NOW))
                .map(Caller::name)
                .contains("ops");
        assertThat(callers.caller(certificate("cn=ops"), NOW)).isEmpty();
        // A path is not a name in which case does not matter.
        assertThat(callers.caller(certificate("cn=x", "URI:spiffe://example/orders"), NOW))
                .isEmpty();
    }

    @Test
    void oneThatHasEndedOnAnOpenConnectionCountsNoMore() {
        CertificateCallers callers = new CertificateCallers(List.of("DNS:a.example=a:reader"));
        assertThat(callers.caller(certificate("cn=a", "DNS:a.example"), NOW)).isPresent();
        assertThat(callers.caller(certificate("cn=a", "DNS:a.example"), NOW + 1))
                .isEmpty();
    }

    @Test
    void namesAreReadOffACertificate() {
        ClientCertificate read =
                ClientCertificate.of(TrialTls.certificate(TrialTls.made(1, "Orders.Example", "192.0.2.7")));
        assertThat(read.subject()).isEqualTo("cn=orders.example");
        assertThat(read.names()).contains("DNS:orders.example", "IP:192.0.2.7", "DNS:localhost", "IP:127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DNS:a.example",
                "DNS:a.example=a",
                "=a:reader",
                "DNS:a.example=:reader",
                "DNS:a.example=a:",
                "DNS:a.example=a:reader+",
                "DNS:a.example=a b:reader"
            })
    void otherFormsAreRefused(String mapping) {
        assertThatThrownBy(() -> CertificateMapping.parse(mapping))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("access.certificates");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DNS:a.example=a:boss", "a.example=a:reader", "DNS:a.example=a:reader@"})
    void rolesAndSubjectsThatThereAreNotAreRefused(String mapping) {
        assertThatThrownBy(() -> new CertificateCallers(List.of(mapping)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("access.certificates");
    }
}
