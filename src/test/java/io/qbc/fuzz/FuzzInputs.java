package io.qbc.fuzz;

import io.qbc.protocol.message.MessageSamples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The inputs that are kept for each target, in {@code src/test/resources/fuzz}, and small changes of them. */
final class FuzzInputs {
    static final Path ROOT = Path.of("src/test/resources/fuzz");
    /** The end of their names, by which they are no text to whoever looks at all files. */
    static final String END = ".bin";

    private static final int PIECE_BYTES_MAX = 32;
    private static final byte[] TELLING = {0, 1, 9, ' ', '"', '\\', '{', '}', '[', ']', '-', '0', '9', 'e', ':', -1};

    private FuzzInputs() {}

    static Path directory(FuzzTarget target) {
        return ROOT.resolve(target.word());
    }

    /** All inputs of a target, in the order of their names. */
    static List<Path> of(FuzzTarget target) {
        if (!Files.isDirectory(directory(target))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory(target))) {
            return files.filter(file -> file.toString().endsWith(END)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is in them, and for frames those of all messages as they are today. */
    static List<byte[]> texts(FuzzTarget target) {
        Stream<byte[]> kept = of(target).stream().map(FuzzInputs::bytes);
        Stream<byte[]> samples = target == FuzzTarget.FRAME
                ? MessageSamples.ALL.keySet().stream().sorted().map(FuzzInputs::frame)
                : Stream.of();
        return Stream.concat(kept, samples).toList();
    }

    private static byte[] frame(String name) {
        String word = name.replaceAll("-.*", "");
        byte[] line = (name.startsWith(word + "-answer") ? word + "-answer\n" : word + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        return spliced(
                line, line.length, line.length, MessageSamples.frame(name).toArray());
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A change of one input by chance: some bits, bytes or pieces of it, or a piece of another one. */
    static byte[] changed(byte[] input, byte[] other, Random random) {
        byte[] bytes = input;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length + 1);
            bytes = switch (random.nextInt(6)) {
                case 0 -> flipped(bytes, random);
                case 1 -> Arrays.copyOf(bytes, at);
                case 2 -> spliced(bytes, at, at, new byte[] {TELLING[random.nextInt(TELLING.length)]});
                case 3 -> spliced(bytes, at, at, piece(other, random));
                case 4 -> spliced(bytes, at, Math.min(bytes.length, at + random.nextInt(8)), new byte[0]);
                default -> spliced(bytes, at, at, piece(bytes, random));
            };
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] flipped = bytes.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] piece(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(PIECE_BYTES_MAX)));
    }

    /** The bytes with this piece in the place of those between. */
    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] spliced = new byte[from + piece.length + bytes.length - to];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(piece, 0, spliced, from, piece.length);
        System.arraycopy(bytes, to, spliced, from + piece.length, bytes.length - to);
        return spliced;
    }
}
