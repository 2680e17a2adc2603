package io.qbc;

import io.qbc.config.ConfigException;
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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The node's own key: an Ed25519 seed in {@code identity.key} of the data directory, made at the first start. */
final class Identity {
    private static final String FILE = "identity.key";
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private Identity() {}

    /** Reads the key, or makes the directory and the key; refuses a key that others may read. */
    static Signer open(Path data) {
        Path file = data.resolve(FILE);
        try {
            Files.createDirectories(data);
            if (!Files.exists(file)) {
                make(data, file);
            }
            protectedFile(file);
            return Ed25519.signer(seed(file));
        } catch (IOException e) {
            throw new ConfigException("the data directory " + data + " cannot be used (" + e
                    + "); make it writable, or name another with --data");
        }
    }

    private static byte[] seed(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        return Hash.parse(text)
                .map(Hash::bytes)
                .orElseThrow(() -> new ConfigException(file + " must hold 64 hexadecimal digits and nothing else;"
                        + " put the right key back, or move the file away and the node makes a new identity"));
    }

    private static void protectedFile(Path file) throws IOException {
        Optional<PosixFileAttributeView> view =
                Optional.ofNullable(Files.getFileAttributeView(file, PosixFileAttributeView.class));
        if (view.isPresent() && !OWNER.containsAll(view.get().readAttributes().permissions())) {
            throw new ConfigException(file + " may be used by others than its owner; run: chmod 600 " + file);
        }
    }

    /** Written beside and moved, so that a crash leaves a whole key or none. */
    private static void make(Path data, Path file) throws IOException {
        byte[] seed = new byte[Hash.BYTES];
        new SecureRandom().nextBytes(seed);
        byte[] text = (HexFormat.of().formatHex(seed) + "\n").getBytes(StandardCharsets.US_ASCII);
        boolean posix = Files.getFileStore(data).supportsFileAttributeView(PosixFileAttributeView.class);
        FileAttribute<?>[] mode =
                posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
        Path beside = data.resolve(FILE + ".new");
        Files.deleteIfExists(beside);
        try (FileChannel out =
                FileChannel.open(beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            out.write(ByteBuffer.wrap(text));
            out.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        sync(data);
    }

    private static void sync(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
                entry.force(true);
            }
        }
    }
}
