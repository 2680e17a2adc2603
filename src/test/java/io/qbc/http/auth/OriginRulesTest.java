package io.qbc.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.http.auth.OriginRules.Source;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginRulesTest {
    private final OriginRules rules = new OriginRules(List.of("https://app.example/"));

    @ParameterizedTest
    @CsvSource({
        ",, PROGRAM",
        ", none, OWN",
        ", same-origin, OWN",
        ", same-site, FOREIGN",
        ", cross-site, FOREIGN",
        ", anything, FOREIGN",
        "http://localhost:5000, same-origin, OWN",
        "http://LOCALHOST:5000,, OWN",
        "https://localhost:5000,, OWN",
        "http://localhost:3000, same-site, FOREIGN",
        "http://localhost,, FOREIGN",
        "null,, FOREIGN",
        "https://app.example, cross-site, SHARED",
        "https://APP.example, cross-site, SHARED",
        "http://app.example, cross-site, FOREIGN",
        "https://app.example.evil.example, cross-site, FOREIGN",
        "https://evil.example, cross-site, FOREIGN"
    })
    void aRequestIsWhatItsFieldsSay(String origin, String site, Source source) {
        assertThat(rules.source(Optional.ofNullable(origin), Optional.ofNullable(site), "localhost:5000"))
                .isEqualTo(source);
    }
}
