package io.qbc.config;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Directories that nobody but their owner may enter (mode 700), where the file system knows modes. Blocks. */
public final class PrivateDirectory {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateDirectory() {}

    /** Makes a directory, and those above it that are missing; one that is there stays as it is. */
    public static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, mode(directory));
        }
    }

    /** What others than its owner may do with a directory; nothing where the file system knows no modes. */
    public static Set<PosixFilePermission> others(Path directory) throws IOException {
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        Optional<PosixFileAttributeView> view =
                Optional.ofNullable(Files.getFileAttributeView(directory, PosixFileAttributeView.class));
        if (view.isPresent()) {
            others.addAll(view.get().readAttributes().permissions());
            others.removeAll(OWNER);
        }
        return others;
    }

    /** Shuts others out of a directory; false if it is not this user's, or on a file system that allows no change. */
    public static boolean close(Path directory) throws IOException {
        try {
            Files.setPosixFilePermissions(directory, OWNER);
            return others(directory).isEmpty();
        } catch (FileSystemException e) {
            return false;
        }
    }

    private static FileAttribute<?>[] mode(Path directory) throws IOException {
        Path there = directory.toAbsolutePath().normalize();
        while (Files.notExists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        boolean posix = Files.getFileStore(there).supportsFileAttributeView(PosixFileAttributeView.class);
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
    }
}
