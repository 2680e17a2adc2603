package io.qbc.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchReaderTest {
    private static final int LINE_MAX = 40;

    @Test
    void linesAreTheSameInWhateverPiecesTheyCome() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            String text = text(random);
            List<String> read = new ArrayList<>();
            BatchReader reader = new BatchReader(LINE_MAX, line -> read.add(line.number() + shown(line)));
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            for (int from = 0; from < bytes.length; ) {
                int end = Math.min(bytes.length, from + random.nextInt(50));
                reader.offer(Buffer.buffer().appendBytes(bytes, from, end - from));
                int before = read.size();
                int most = 1 + random.nextInt(3);
                while (reader.read(most)) {
                    assertThat(read).hasSize(before + most);
                    before = read.size();
                }
                from = end;
            }
            reader.end();
            assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(expected(text));
        }
    }

    /** With bytes that differ from a line break by one or by their high bit. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int size = random.nextInt(300);
        int breaks = 2 + random.nextInt(60);
        for (int i = 0; i < size; i++) {
            text.append(random.nextInt(breaks) == 0 ? '\n' : "a\u000b\t\u008a\u00ff ".charAt(random.nextInt(6)));
        }
        return text.toString();
    }

    private static String shown(BatchReader.Line line) {
        byte[] bytes = line.text().toArray();
        return line.whole() ? ":" + new String(bytes, StandardCharsets.ISO_8859_1) : " too long";
    }

    private static List<String> expected(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        // What follows the last line break is a line only if it is not empty.
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.set(i, (i + 1) + (lines.get(i).length() > LINE_MAX ? " too long" : ":" + lines.get(i)));
        }
        return lines;
    }
}
