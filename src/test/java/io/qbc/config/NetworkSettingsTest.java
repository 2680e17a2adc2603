package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.NetworkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkSettingsTest {
    private static final String KEY = Samples.SIGNER.key().hex();
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private NodeConfig.Network read(Map<String, String> environment) {
        return ConfigReader.read(directory, Optional.empty(), environment, List.of())
                .network();
    }

    private void isRefused(Map<String, String> environment, String... words) {
        assertThatThrownBy(() -> read(environment))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void aNetworkIsOpenUnlessItIsToldOtherwise() {
        assertThat(read(Map.of())).isEqualTo(NodeConfig.Network.OPEN);
        assertThat(NetworkSecret.read(NodeConfig.Network.OPEN)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void listedNodesAreNamedByTheirKeys() {
        NodeConfig.Network listed = read(Map.of("QBC_NETWORK_MODE", "listed", "QBC_NETWORK_ALLOWED", KEY));
        assertThat(listed.mode()).isEqualTo(NetworkMode.LISTED);
        assertThat(listed.keys()).containsExactly(Samples.SIGNER.key());
    }

    @Test
    void whatWouldNotDoWhatWasMeantIsRefused() {
        isRefused(Map.of("QBC_NETWORK_MODE", "closed"), "network.mode", "open, listed or secret", "closed");
        isRefused(Map.of("QBC_NETWORK_MODE", "listed"), "network.allowed");
        isRefused(Map.of("QBC_NETWORK_ALLOWED", KEY), "network.allowed", "open");
        isRefused(Map.of("QBC_NETWORK_MODE", "listed", "QBC_NETWORK_ALLOWED", "abc"), "network.allowed", "'abc'");
        isRefused(Map.of("QBC_NETWORK_MODE", "secret"), "network.secretFile");
        isRefused(Map.of("QBC_NETWORK_SECRET_FILE", "there"), "network.secretFile", "open");
        isRefused(Map.of("QBC_NETWORK_ID", "two words"), "network.id");
    }

    @Test
    void aSecretIsReadWithoutTheSpaceAroundIt() throws IOException {
        assertThat(secret(SECRET + "\n")).isEqualTo(Bytes.utf8(SECRET));
    }

    @Test
    void aSecretThatCouldBeGuessedOrReadByOthersIsRefused() throws IOException {
        assertThatThrownBy(() -> secret("password\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("32", "openssl rand -hex 32")
                .hasMessageNotContaining("password");
        assertThatThrownBy(() -> NetworkSecret.read(of(directory.resolve("none"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("network.secretFile", "none");
        Path open = Files.writeString(directory.resolve("open"), SECRET);
        assumeThat(Files.getFileStore(open).supportsFileAttributeView("posix")).isTrue();
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> NetworkSecret.read(of(open)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600");
    }

    private Bytes secret(String text) throws IOException {
        Path file = directory.resolve("secret");
        PrivateFile.write(file, text);
        return NetworkSecret.read(of(file));
    }

    private NodeConfig.Network of(Path file) {
        return read(Map.of("QBC_NETWORK_MODE", "secret", "QBC_NETWORK_SECRET_FILE", file.toString()));
    }
}
