package io.qbc.persistence;

import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signatures;
import java.nio.file.Files;
import java.util.List;

/**
 * What a node's data directory is opened with.
 *
 * @param chains the configured chains, which are made where they are not there yet
 * @param rules makes the rules that chains have for their data
 */
record StoreOpener(
        NodeConfig config, List<ChainSpec> chains, Signatures signatures, DataRules.Reader rules, StoreAccess access) {
    StoreOpener {
        chains = List.copyOf(chains);
    }

    /** Opens the directory for reading and writing. */
    DataDirectory open() {
        return DataDirectory.open(config, chains, signatures, rules, access.opener());
    }

    /** Opens the directory for reading only: nothing in it changes but the lock. */
    DataDirectory openToRead() {
        return DataDirectory.openToRead(config, signatures, rules, access.reader());
    }

    /** Whether there is something to be opened. */
    boolean hasStore() {
        return Files.exists(DataDirectory.store(config.data()).resolve("CURRENT"));
    }
}
