package io.qbc.config;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A sync of a directory, after which the names of the files in it are on the disk as well. Blocks. */
public final class DirectorySync {
    /** Windows opens no directory as a file; its file systems write names in the order in which they changed. */
    private static final boolean WINDOWS = File.separatorChar == '\\';

    private DirectorySync() {}

    public static void force(Path directory) throws IOException {
        if (!WINDOWS) {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }
}
