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
import java.util.List;
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
        assertThat(data.toFile().list()).containsExactlyInAnyOrder("identity.key", "identity.pub");
        assertThat(Files.readString(data.resolve("identity.pub")))
                .isEqualTo(first.key().hex() + "\n");
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
    void eachFlippedBitIsRefusedOrHarmless() throws IOException {
        Bytes key = Identity.open(directory).key();
        for (String name : List.of("identity.key", "identity.pub")) {
            Path file = directory.resolve(name);
            byte[] sound = Files.readAllBytes(file);
            for (int bit = 0; bit < 8 * sound.length; bit++) {
                byte[] damaged = sound.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, damaged);
                try {
                    assertThat(Identity.open(directory).key())
                            .as("bit %d of %s", bit, name)
                            .isEqualTo(key);
                } catch (ConfigException e) {
                    assertThat(e).hasMessageContaining("identity.key").hasMessageContaining("put ");
                }
                assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
            }
            Files.write(file, sound);
        }
    }

    @Test
    void aLostKeyIsNotMadeAnew() throws IOException {
        Bytes key = Identity.open(directory).key();
        Path file = directory.resolve("identity.key");
        Files.delete(directory.resolve("identity.pub"));
        assertThat(Identity.open(directory).key()).as("as one of 0.1.0").isEqualTo(key);
        assertThat(directory.resolve("identity.pub")).exists();
        Files.delete(file);
        assertThatThrownBy(() -> Identity.open(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("identity.key is missing")
                .hasMessageContaining("identity.pub");
        Files.delete(directory.resolve("identity.pub"));
        Files.createDirectory(directory.resolve("store"));
        assertThatThrownBy(() -> Identity.open(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("identity.key is missing")
                .hasMessageContaining("qbc keys new");
        assertThat(file).doesNotExist();
    }

    @Test
    void aPlaceThatIsNoDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> Identity.open(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--data");
    }
}
