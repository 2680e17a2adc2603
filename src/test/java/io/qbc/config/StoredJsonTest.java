package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a node wrote in earlier runs. */
class StoredJsonTest {
    @TempDir
    Path directory;

    @Test
    void readsMembersInOrder() throws IOException {
        Path file = directory.resolve("a.json");
        Files.writeString(file, "{\"b\": [1, {\"c\": \"d\"}], \"a\": true}\n");
        assertThat(StoredJson.read(file))
                .containsExactly(Map.entry("b", List.of(1L, Map.of("c", "d"))), Map.entry("a", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\": 1} {}", "{\"a\": 1, \"a\": 2}", "[1]", "7", "{\"a\": nul}"})
    void refusesWhatIsNoObject(String text) throws IOException {
        Path file = directory.resolve("a.json");
        Files.writeString(file, text);
        assertThatThrownBy(() -> StoredJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " is damaged: ");
    }
}
