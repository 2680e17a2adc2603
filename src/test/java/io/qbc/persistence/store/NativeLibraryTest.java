package io.qbc.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of the store's native library that a node keeps. */
class NativeLibraryTest {
    @TempDir
    Path data;

    @Test
    void isMadeOnceAndUsedAgain() throws IOException {
        Path first = only(NativeLibrary.copyIn(directory()));
        Object made = Files.readAttributes(first, "unix:ino").get("ino");
        Path second = only(NativeLibrary.copyIn(directory()));
        assertThat(second).isEqualTo(first).isNotEmptyFile();
        assertThat(Files.readAttributes(second, "unix:ino")).containsEntry("ino", made);
    }

    @Test
    void isMadeAgainWhenItIsDamagedOrCutOff() throws IOException {
        Path copy = only(NativeLibrary.copyIn(directory()));
        byte[] whole = Files.readAllBytes(copy);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(copy, damaged);
        assertThat(only(NativeLibrary.copyIn(directory()))).hasBinaryContent(whole);
        Files.write(copy, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(only(NativeLibrary.copyIn(directory()))).hasBinaryContent(whole);
    }

    @Test
    void takesThePlaceOfThoseOfOtherVersions() throws IOException {
        Path versioned = NativeLibrary.copyIn(directory());
        Path older = Files.createDirectories(directory().resolve("0badf00d"));
        Files.writeString(older.resolve(only(versioned).getFileName()), "older");
        Files.writeString(directory().resolve("part17.so"), "begun and killed");
        NativeLibrary.copyIn(directory());
        assertThat(list(directory())).containsExactly(versioned);
    }

    @Test
    void isWholeWhenTwoMakeItAtOnce() throws IOException {
        List<CompletableFuture<Boolean>> makers = Stream.of(1, 2, 3)
                .map(maker -> CompletableFuture.supplyAsync(() -> {
                    try {
                        NativeLibrary.copyIn(directory());
                        return true;
                    } catch (IOException e) {
                        // The other one tidied up; a node then goes on without a copy.
                        return false;
                    }
                }))
                .toList();
        assertThat(makers.stream().map(CompletableFuture::join).toList()).contains(true);
        Path versioned = NativeLibrary.copyIn(directory());
        assertThat(list(directory())).containsExactly(versioned);
    }

    @Test
    void isThereForTheMachinesThatAreSupported() {
        for (String file :
                List.of("linux64.so", "linux-aarch64.so", "osx-x86_64.jnilib", "osx-arm64.jnilib", "win64.dll")) {
            assertThat(NativeLibrary.class.getClassLoader().getResource("librocksdbjni-" + file))
                    .as(file)
                    .isNotNull();
        }
        NativeLibrary.require();
    }

    @Test
    void aMachineWithoutOneIsRefusedInOneLine() {
        assertThatThrownBy(() -> NativeLibrary.require(Optional.empty(), "Plan 9 on mips"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("the store has no library for this machine, Plan 9 on mips; it has .*Windows.*");
    }

    @Test
    void oneThatCannotBeLoadedIsRefusedInOneLine() {
        assertThatThrownBy(() -> NativeLibrary.refuse(Optional.of("wrong ELF class"), "Linux on amd64"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("the store's library cannot be loaded .*Linux on amd64 \\(wrong ELF class\\).*");
        NativeLibrary.refuse(Optional.empty(), "Linux on amd64");
    }

    private Path directory() {
        return data.resolve("native");
    }

    private static Path only(Path directory) throws IOException {
        assertThat(list(directory)).hasSize(1);
        return list(directory).get(0);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }
}
