package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.ConfigReader.Flag;
import io.qbc.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @TempDir
    Path directory;

    private NodeConfig config(String host, String mode) {
        return ConfigReader.read(
                directory,
                Optional.empty(),
                Map.of("QBC_ACCESS_MODE", mode),
                List.of(new Flag("--host", "host", List.of(host))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.5", "::1", "localhost"})
    void whoServesItsOwnMachineListensThere(String host) {
        assertThatCode(() -> Addresses.requireLoopback(config(host, "loopback")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void otherAddressesNeedAWordAboutWhoMayCall(String host) {
        assertThatThrownBy(() -> Addresses.requireLoopback(config(host, "loopback")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(host)
                .hasMessageContaining("access.mode")
                .hasMessageContaining("qbc access add");
        for (String mode : List.of("required", "open")) {
            assertThatCode(() -> Addresses.requireLoopback(config(host, mode))).doesNotThrowAnyException();
        }
    }

    @Test
    void aModeThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> config("127.0.0.1", "closed"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("loopback, required or open");
    }
}
