package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may enter a data directory, and what a start makes of it. */
class DataPermissionsTest {
    @TempDir
    Path directory;

    @Test
    void oneThatTheNodeMakesIsForItsOwnerAlone() throws IOException {
        Path data = directory.resolve("data");
        Identity.open(data);
        new Keyring().make(data, Optional.of("author"));
        DataPermissions.settle(data);
        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(data.resolve("keys"))).isEqualTo("rwx------");
    }

    @Test
    void oneThatIsOpenAndHasNothingButANodesFilesIsClosed() throws IOException {
        for (String permissions : new String[] {"rwxr-xr-x", "rwxrwx---", "rwx-----x"}) {
            Path data = made(permissions, permissions);
            Identity.open(data);
            Files.createDirectories(data.resolve("store"));
            open(data.resolve("store"), permissions);
            DataPermissions.settle(data);
            assertThat(mode(data)).as(permissions).isEqualTo("rwx------");
            assertThat(mode(data.resolve("store"))).as(permissions).isEqualTo("rwx------");
        }
    }

    /** It might be somebody's home, or everybody's directory for what is temporary. */
    @Test
    void oneWithOtherFilesInItIsLeftAsItIsButNotWhatTheNodeMadeInIt() throws IOException {
        Path data = made("shared", "rwxrwxrwx");
        Identity.open(data);
        Files.writeString(data.resolve("letter.txt"), "x");
        Files.createDirectories(data.resolve("store"));
        open(data.resolve("store"), "rwxr-xr-x");
        DataPermissions.settle(data);
        assertThat(mode(data)).isEqualTo("rwxrwxrwx");
        assertThat(mode(data.resolve("store"))).isEqualTo("rwx------");
    }

    @Test
    void oneThatIsNotThereDoesNoHarm() {
        DataPermissions.settle(directory.resolve("none"));
        assertThat(directory.resolve("none")).doesNotExist();
    }

    private Path made(String name, String permissions) throws IOException {
        Path data = Files.createDirectory(directory.resolve(name));
        open(data, permissions);
        return data;
    }

    private static void open(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
