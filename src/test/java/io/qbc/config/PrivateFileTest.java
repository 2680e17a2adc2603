package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with secrets in them, and the directories around them. */
class PrivateFileTest {
    @TempDir
    Path directory;

    /** Who owns the file reads it; root may hand one to a group of which the process is. */
    @ParameterizedTest
    @CsvSource({
        "rw-------,true,true",
        "r--------,true,true",
        "rw-r-----,false,true",
        "r--r-----,false,true",
        "rw-rw----,false,false",
        "r--r--r--,false,false",
        "rw----r--,false,false",
        "rwx------,false,false",
        "rw--w----,false,false"
    })
    void aFileThatOthersMayUseIsRefused(String permissions, boolean own, boolean handed) {
        Path file = directory.resolve("secret");
        var set = PosixFilePermissions.fromString(permissions);
        assertThat(PrivateFile.refusal(file, set, false).isEmpty()).isEqualTo(own);
        assertThat(PrivateFile.refusal(file, set, true).isEmpty()).isEqualTo(handed);
        if (!own) {
            assertThat(PrivateFile.refusal(file, set, false)).get().asString().contains("chmod 600 " + file);
        }
    }

    @Test
    void aLinkIsJudgedByTheFileThatItLeadsTo() throws IOException {
        Path file = directory.resolve("secret");
        PrivateFile.write(file, "x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        PrivateFile.require(link);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> PrivateFile.require(link)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aDirectoryThatIsMadeIsForItsOwnerAlone() throws IOException {
        Path made = directory.resolve("a/b");
        PrivateDirectory.make(made);
        assertThat(mode(made)).isEqualTo("rwx------");
        assertThat(mode(made.getParent())).isEqualTo("rwx------");
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateDirectory.make(made);
        assertThat(mode(made)).as("one that is there stays as it is").isEqualTo("rwxr-xr-x");
        assertThat(PrivateDirectory.others(made)).hasSize(4);
        assertThat(PrivateDirectory.close(made)).isTrue();
        assertThat(PrivateDirectory.others(made)).isEmpty();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
