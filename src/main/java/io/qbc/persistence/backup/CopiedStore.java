package io.qbc.persistence.backup;

import io.qbc.config.NodeConfig;
import io.qbc.model.Head;
import io.qbc.persistence.backup.BackupManifest.BackedUpHead;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.scrub.CheckTally;
import io.qbc.persistence.scrub.StoreCheck;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A copy of a store, opened to see what is in it; nothing in its directory changes. */
final class CopiedStore {
    private final NodeConfig.Store limits;
    private final Function<Store, Registry> registries;

    /** @param registries makes the registry of a copy */
    CopiedStore(NodeConfig.Store limits, Function<Store, Registry> registries) {
        this.limits = limits;
        this.registries = registries;
    }

    /** What is done with an open copy. */
    @FunctionalInterface
    interface Look<T> {
        T at(Store store, OpenChains openChains);
    }

    /**
     * The heads of its chains, after every stored block was found to fit its checksum.
     *
     * @param between runs before each file, and may end it all by what it throws
     */
    List<BackedUpHead> heads(Path directory, Runnable between) {
        return look(directory, (store, openChains) -> {
            store.check(between);
            return openChains.all().stream().map(CopiedStore::head).toList();
        });
    }

    private static BackedUpHead head(OpenChain chain) {
        Head head = chain.tip().head();
        return new BackedUpHead(
                chain.id(),
                chain.spec().name(),
                head.height(),
                head.hash(),
                head.header().treeSize());
    }

    /** Fails with the first of what is wrong in a copy, after all of it was judged anew. */
    void checkWhole(Path directory, BackupProgress progress) {
        CheckTally tally = new CheckTally(done -> progress.requireOpen());
        look(directory, (store, openChains) -> {
            StoreCheck.run(store, openChains, tally);
            return tally;
        });
        tally.findings().stream().findFirst().ifPresent(finding -> {
            throw StoreException.corrupt("the copy is not sound: " + finding.line());
        });
    }

    <T> T look(Path directory, Look<T> look) {
        try (Store store = RocksStore.openToRead(directory, limits.small())) {
            Registry registry = registries.apply(store);
            registry.requireFormat();
            return look.at(store, registry.open());
        }
    }
}
