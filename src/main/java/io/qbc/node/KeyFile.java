package io.qbc.node;

import io.qbc.config.ConfigException;
import io.qbc.config.DirectorySync;
import io.qbc.config.PrivateDirectory;
import io.qbc.config.PrivateFile;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key in a file of its own: an Ed25519 seed in hexadecimal digits, which nobody but its owner may read. Beside it
 * stands the public key, by which it is seen when one of both files is damaged or lost; others need not know it.
 */
final class KeyFile {
    private KeyFile() {}

    /** Reads the key, or makes its directory and the key; refuses a key that others may read. */
    static Signer open(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        try {
            PrivateDirectory.make(directory);
            if (!Files.exists(file)) {
                if (Files.exists(publicFile(file))) {
                    throw new ConfigException(file
                            + " is missing; put it back from a backup, or, for a new key, remove " + publicFile(file));
                }
                make(file);
            }
            Signer signer = read(file);
            if (!Files.exists(publicFile(file))) {
                put(publicFile(file), signer.key().hex() + "\n");
            }
            return signer;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Reads the key; nothing if there is no file. */
    static Optional<Signer> find(Path file) {
        try {
            return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
        } catch (IOException e) {
            throw unusable(file.toAbsolutePath().getParent(), e);
        }
    }

    private static Signer read(Path file) throws IOException {
        PrivateFile.require(file);
        Signer signer = Ed25519.signer(seed(file));
        Path beside = publicFile(file);
        if (Files.exists(beside) && !text(beside).equals(signer.key().hex())) {
            throw new ConfigException(file + " does not belong to " + beside + ", so one of them is damaged;"
                    + " put both back from a backup, or, if you know that the key is right, remove " + beside);
        }
        return signer;
    }

    /** Where the public key stands, {@code a.pub} for {@code a.key}. */
    static Path publicFile(Path file) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.key$", "") + ".pub");
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    }

    private static ConfigException unusable(Path directory, IOException cause) {
        return new ConfigException("the data directory " + directory + " cannot be used (" + cause
                + "); make it writable, or name another with --data");
    }

    private static byte[] seed(Path file) throws IOException {
        return Hash.parse(text(file))
                .map(Hash::bytes)
                .orElseThrow(() -> new ConfigException(file + " must hold 64 hexadecimal digits and nothing else;"
                        + " put the right key back, or move the file away and the node makes a new identity"));
    }

    private static void make(Path file) throws IOException {
        byte[] seed = new byte[Hash.BYTES];
        new SecureRandom().nextBytes(seed);
        PrivateFile.write(file, HexFormat.of().formatHex(seed) + "\n");
    }

    /** Written beside and moved, so that a crash leaves a whole file or none. */
    private static void put(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (FileChannel out = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.toAbsolutePath().getParent());
    }

    private static void sync(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            DirectorySync.force(directory);
        }
    }
}
