package io.qbc.node;

import io.qbc.config.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The permissions of a data directory, which is for its owner alone (mode 700). The node makes it so. One that somebody
 * else made is changed only if nothing but a node's files are in it: it might be somebody's home, or everybody's
 * {@code tmp}. The node runs either way, since the files with keys in them are refused when others may read them.
 */
final class DataPermissions {
    private static final Logger LOG = LoggerFactory.getLogger(DataPermissions.class);

    /** What a node keeps there; with anything else in it a directory is left as it is, and that is said. */
    private static final Pattern OWN = Pattern.compile(
            "identity\\..*|keys|store.*|native|lock|tls|[a-z-]+\\.(json|key|lock|salt)(\\.new)?|lost\\+found");

    /** Directories that nobody but a node makes in its data directory. */
    private static final List<String> INNER = List.of("keys", "native", "store");

    private static final Set<PosixFilePermission> EVERYBODY = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private DataPermissions() {}

    /** Shuts others out where that is the node's to do, and says so; else says what to do. Never fails. */
    static void settle(Path data) {
        try {
            for (String name : INNER) {
                Path inner = data.resolve(name);
                if (Files.isDirectory(inner)
                        && !PrivateDirectory.others(inner).isEmpty()
                        && PrivateDirectory.close(inner)) {
                    LOG.warn("{} was open to others than its owner, and is so no longer (mode 700)", inner);
                }
            }
            Set<PosixFilePermission> others = PrivateDirectory.others(data);
            if (!others.isEmpty()) {
                settle(data, others);
            }
        } catch (IOException e) {
            LOG.warn("who may enter the data directory {} cannot be told ({})", data, e.toString());
        }
    }

    private static void settle(Path data, Set<PosixFilePermission> others) throws IOException {
        if (isOwn(data) && PrivateDirectory.close(data)) {
            LOG.warn("the data directory {} was open to others than its owner, and is so no longer (mode 700)", data);
        } else if (others.stream().anyMatch(EVERYBODY::contains)) {
            boolean mine = Files.getOwner(data).getName().equals(System.getProperty("user.name"));
            String cure = mine
                    ? "run: chmod 700 " + data
                    : "let data name a new one inside it, which the node makes for itself alone";
            LOG.warn("everybody on this machine may enter the data directory {}; {}", data, cure);
        }
    }

    /** Whether nothing but what a node keeps is in it. */
    static boolean isOwn(Path data) throws IOException {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.allMatch(
                    entry -> OWN.matcher(entry.getFileName().toString()).matches());
        }
    }
}
