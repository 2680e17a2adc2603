package io.qbc.node;

import io.qbc.model.Signer;
import java.nio.file.Path;

/** The node's own key, in {@code identity.key} of the data directory, made at the first start. */
final class Identity {
    static final String FILE = "identity.key";

    private Identity() {}

    /** Reads the key, or makes the directory and the key; refuses a key that others may read. */
    static Signer open(Path data) {
        return KeyFile.open(data.resolve(FILE));
    }
}
