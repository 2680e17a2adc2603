package io.qbc.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.model.Bytes;
import io.qbc.persistence.store.Acknowledgement.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgementFileTest {
    private static final int SLOT_BYTES = 4096;
    private static final Bytes ID = Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    private static final Acknowledgement FIRST = Acknowledgement.begun(State.MAKING, ID);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = AcknowledgementFile.of(directory.resolve("store"));
        AcknowledgementFile.create(file, FIRST);
    }

    @Test
    void whatIsWrittenLastIsRead() throws IOException {
        assertThat(AcknowledgementFile.read(directory.resolve("none"))).isEmpty();
        assertThat(AcknowledgementFile.read(file)).contains(FIRST);
        Acknowledgement second =
                FIRST.in(State.OPEN).upTo(7).withManifest(5, 1234).withLogs(new TreeMap<>(Map.of(3L, 100L, 9L, 0L)));
        try (AcknowledgementFile open = AcknowledgementFile.open(file)) {
            open.write(second);
            assertThat(AcknowledgementFile.read(file)).contains(second);
            open.advance(8);
            open.advance(9);
            open.advance(10);
            open.force();
        }
        assertThat(AcknowledgementFile.read(file)).contains(second.upTo(10));
    }

    @Test
    void oneDamagedSlotLeavesTheOther() throws IOException {
        try (AcknowledgementFile open = AcknowledgementFile.open(file)) {
            open.write(FIRST.upTo(1));
            open.write(FIRST.upTo(2));
        }
        byte[] sound = Files.readAllBytes(file);
        for (int at = 0; at < 64; at++) {
            for (int slot = 0; slot < 2; slot++) {
                byte[] damaged = sound.clone();
                damaged[slot * SLOT_BYTES + at] ^= (byte) (1 << at % 8);
                Files.write(file, damaged);
                assertThat(AcknowledgementFile.read(file).orElseThrow().groups())
                        .as("byte %d of slot %d", at, slot)
                        .isEqualTo(slot == 0 ? 1 : 2);
                damaged[(1 - slot) * SLOT_BYTES] ^= 1;
                Files.write(file, damaged);
                assertThatThrownBy(() -> AcknowledgementFile.read(file))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("--peer");
            }
        }
    }

    @Test
    void onlyTheNewestLogsAreKept() throws IOException {
        TreeMap<Long, Long> logs = new TreeMap<>();
        for (long number = 1; number <= 40; number++) {
            logs.put(number, number * 1000);
        }
        try (AcknowledgementFile open = AcknowledgementFile.open(file)) {
            open.write(FIRST.withLogs(logs));
        }
        assertThat(AcknowledgementFile.read(file).orElseThrow().logs()).isEqualTo(logs.tailMap(25L));
    }

    @Test
    void aFileThatIsCutOffIsDamaged() throws IOException {
        for (int bytes : new int[] {0, 1, 63}) {
            Files.write(file, new byte[bytes]);
            assertThatThrownBy(() -> AcknowledgementFile.read(file)).isInstanceOf(StoreException.class);
        }
    }
}
