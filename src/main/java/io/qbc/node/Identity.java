package io.qbc.node;

import io.qbc.config.ConfigException;
import io.qbc.model.Signer;
import io.qbc.persistence.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The node's own key, in {@code identity.key} of the data directory, made at the first start. */
final class Identity {
    static final String FILE = "identity.key";
    static final String PUBLIC_FILE = "identity.pub";

    private Identity() {}

    /** Whether no node has ever kept its key in this directory, so that {@link #open} makes one. */
    static boolean isNew(Path data) {
        return Files.notExists(data.resolve(FILE)) && Files.notExists(data.resolve(PUBLIC_FILE));
    }

    /**
     * Reads the key, or makes the directory and the key; refuses a key that others may read. A directory with chains
     * had a key too, and the node does not become somebody else by itself.
     */
    static Signer open(Path data) {
        Path file = data.resolve(FILE);
        if (!Files.exists(file) && DataDirectory.isMade(data)) {
            throw new ConfigException(file + " is missing, but the directory has chains; put it back from a backup,"
                    + " or make another one: qbc keys new --data " + data);
        }
        return KeyFile.open(file);
    }
}
