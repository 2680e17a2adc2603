package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.config.ConfigException;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @TempDir
    Path directory;

    @Test
    void theFirstStartMakesAKeyThatOnlyItsOwnerMayRead() throws IOException {
        Path data = directory.resolve("a/b");
        Signer first = Identity.open(data);
        Path file = data.resolve("identity.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(data.toFile().list()).containsExactly("identity.key");
        byte[] message = {1, 2, 3};
        Bytes signature = first.sign(message);
        assertThat(Ed25519.VERIFIER.verify(Identity.open(data).key(), message, signature))
                .isTrue();
        assertThat(Identity.open(directory.resolve("other")).key()).isNotEqualTo(first.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "rw--w----"})
    void aKeyThatOthersMayUseIsRefused(String permissions) throws IOException {
        Identity.open(directory);
        Path file = directory.resolve("identity.key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(() -> Identity.open(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "zz", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef00"})
    void aFileThatHoldsNoKeyIsRefusedAndKept(String content) throws IOException {
        Identity.open(directory);
        Path file = directory.resolve("identity.key");
        Files.writeString(file, content);
        assertThatThrownBy(() -> Identity.open(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("64 hexadecimal digits");
        assertThat(Files.readString(file)).isEqualTo(content);
    }

    @Test
    void aPlaceThatIsNoDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> Identity.open(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--data");
    }
}
