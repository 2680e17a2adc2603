package io.qbc.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Text files that nobody but their owner may use (mode 600), replaced as a whole. Blocks. */
public final class PrivateFile {
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> HANDED =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ);
    /** What the system calls its administrator, by name or, where it knows no names, by number. */
    private static final Set<String> ROOT = Set.of("root", "0");

    private PrivateFile() {}

    /** Replaces a file, or makes it; a crash leaves the old one or the new one. */
    public static void write(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (FileChannel out = create(beside)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DirectorySync.force(directory(file));
    }

    /** A new empty file, open to write. */
    public static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode(file));
    }

    /**
     * Refuses a file that others may use. The group of one that belongs to root may read it: so a secret is handed to a
     * process without rights, which could not read it else (the volumes of Kubernetes with {@code fsGroup}).
     */
    public static void require(Path file) throws IOException {
        Optional<PosixFileAttributeView> view =
                Optional.ofNullable(Files.getFileAttributeView(file, PosixFileAttributeView.class));
        if (view.isPresent()) {
            PosixFileAttributes attributes = view.get().readAttributes();
            boolean handed = ROOT.contains(attributes.owner().getName()) && !ROOT.contains(user());
            refusal(file, attributes.permissions(), handed).ifPresent(text -> {
                throw new ConfigException(text);
            });
        }
    }

    /** Why a file with these permissions is refused; {@code handed} if root hands it to a process without rights. */
    static Optional<String> refusal(Path file, Set<PosixFilePermission> permissions, boolean handed) {
        if ((handed ? HANDED : OWNER).containsAll(permissions)) {
            return Optional.empty();
        }
        String cure = handed ? "mount it with mode 440 or 400" : "run: chmod 600 " + file;
        return Optional.of(file + " may be used by others than its owner; " + cure);
    }

    private static String user() {
        return System.getProperty("user.name", "");
    }

    private static FileAttribute<?>[] mode(Path file) throws IOException {
        boolean posix = Files.getFileStore(directory(file)).supportsFileAttributeView(PosixFileAttributeView.class);
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
    }

    private static Path directory(Path file) {
        return file.toAbsolutePath().getParent();
    }
}
