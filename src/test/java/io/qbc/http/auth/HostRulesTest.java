package io.qbc.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.config.AccessMode;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRulesTest {
    private static final HostRules LOOPBACK = rules(AccessMode.LOOPBACK);
    private static final HostRules REQUIRED = rules(AccessMode.REQUIRED);

    private static HostRules rules(AccessMode mode) {
        return new HostRules(
                Samples.with(Samples.shipped(Path.of("unused"), 0), new NodeConfig.Access(mode, false, 1, 1, 1, 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true, true",
        "localhost:5000, true, true",
        "LocalHost:5000, true, true",
        "127.0.0.1:5000, true, true",
        "127.8.9.1, true, true",
        "[::1]:5000, true, true",
        "10.1.2.3:5000, false, true",
        "[fd00::1], false, true",
        "evil, false, false",
        "evil.example:5000, false, false",
        "127.0.0.1.evil.example, false, false",
        "localhost.evil.example, false, false",
        "'', false, false",
        "localhost:5000:5000, false, false",
        "user@localhost, false, false"
    })
    void aNodeAnswersToItsOwnNames(String host, boolean loopback, boolean required) {
        assertThat(LOOPBACK.admits(host)).isEqualTo(loopback);
        assertThat(REQUIRED.admits(host)).isEqualTo(required);
    }

    @ParameterizedTest
    @CsvSource({"http://node_1:5000, node_1:5000", "https://Chain.Example, chain.example", "http://[::2]:1, [::2]:1"})
    void anAdvertisedNameIsItsOwnToo(String advertise, String host) {
        NodeConfig config =
                ConfigReader.read(Path.of("unused"), Optional.empty(), Map.of("QBC_ADVERTISE", advertise), List.of());
        assertThat(new HostRules(config).admits(host)).isTrue();
        assertThat(new HostRules(config).admits("other")).isFalse();
    }
}
