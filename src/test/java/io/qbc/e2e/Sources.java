package io.qbc.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Tells which local TCP ports belong to a process, by what Linux shows, so that a proxy can cut one side only. */
final class Sources {
    private final long pid;

    Sources(long pid) {
        this.pid = pid;
    }

    /** Whether the connection from this local port is the process's. */
    boolean owns(int port) {
        Set<String> sockets = sockets();
        return inodes("/proc/net/tcp", port, sockets) || inodes("/proc/net/tcp6", port, sockets);
    }

    private static boolean inodes(String table, int port, Set<String> sockets) {
        String suffix = ":%04X".formatted(port);
        try {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns.length > 9 && columns[1].endsWith(suffix) && sockets.contains(columns[9])) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<String> sockets() {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "fd"))) {
            for (Path file : open) {
                target(file)
                        .filter(to -> to.startsWith("socket:["))
                        .ifPresent(to -> inodes.add(to.substring(8, to.length() - 1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return inodes;
    }

    private static java.util.Optional<String> target(Path link) {
        try {
            return java.util.Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException closedMeanwhile) {
            return java.util.Optional.empty();
        }
    }
}
