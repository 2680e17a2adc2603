package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    @Test
    void aSealedFileShowsEachFlippedBit() throws IOException {
        Path file = directory.resolve("a.json");
        byte[] text = StoredJson.sealed("{\"a\": [\"main\"]}").getBytes(StandardCharsets.UTF_8);
        Files.write(file, text);
        Map<String, Object> sound = StoredJson.read(file);
        assertThat(sound).containsExactly(Map.entry("a", List.of("main")));
        for (int bit = 0; bit < 8 * text.length; bit++) {
            byte[] damaged = text.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, damaged);
            try {
                assertThat(StoredJson.read(file)).as("bit %d", bit).containsAllEntriesOf(sound);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith(file + " is damaged: ");
            }
        }
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
