package io.qbc.persistence;

import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** An open data directory: the lock on it, the store in it, and its chains. */
public record DataDirectory(DataLock lock, Store store, Registry registry, OpenChains openChains)
        implements AutoCloseable {
    private static final String STORE = "store";

    /** Where the store's files are in a data directory. */
    static Path store(Path data) {
        return data.resolve(STORE);
    }

    /** Opens a node's directory, and adds the configured chains that it does not have yet. */
    static DataDirectory open(
            NodeConfig config,
            List<ChainSpec> chains,
            Signatures signatures,
            DataRules.Reader rules,
            Function<Path, Store> opener) {
        return open(config.data(), directory -> {
            Store store = opener.apply(directory);
            Registry registry = new Registry(store, config, signatures, rules);
            return settled(store, registry, () -> {
                registry.settleFormat();
                OpenChains openChains = registry.open();
                registry.add(openChains, chains);
                return openChains;
            });
        });
    }

    /** Whether a directory has, or had, a store. */
    public static boolean isMade(Path data) {
        return RocksStore.isMade(data.resolve(STORE));
    }

    /** Opens a stopped node's directory; nothing in it changes but the lock. */
    public static DataDirectory openToRead(
            Path data, NodeConfig config, Signatures signatures, DataRules.Reader rules) {
        if (!isMade(data)) {
            throw new StoreException(Reason.REQUEST_INVALID, "there is no store in the data directory " + data);
        }
        return openToRead(
                data, config, signatures, rules, directory -> RocksStore.openToRead(directory, config.store()));
    }

    /** The same in the node's own directory. */
    static DataDirectory openToRead(
            NodeConfig config, Signatures signatures, DataRules.Reader rules, Function<Path, Store> opener) {
        return openToRead(config.data(), config, signatures, rules, opener);
    }

    private static DataDirectory openToRead(
            Path data, NodeConfig config, Signatures signatures, DataRules.Reader rules, Function<Path, Store> opener) {
        return open(data, directory -> {
            Store store = opener.apply(directory);
            Registry registry = new Registry(store, config, signatures, rules);
            return settled(store, registry, () -> {
                registry.requireFormat();
                return registry.open();
            });
        });
    }

    private record Opened(Store store, Registry registry, OpenChains openChains) {}

    private static DataDirectory open(Path data, Function<Path, Opened> opener) {
        DataLock lock = DataLock.take(data);
        try {
            Opened opened = opener.apply(data.resolve(STORE));
            return new DataDirectory(lock, opened.store(), opened.registry(), opened.openChains());
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Opened settled(Store store, Registry registry, Supplier<OpenChains> openChains) {
        try {
            return new Opened(store, registry, openChains.get());
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public void close() {
        store.close();
        lock.close();
    }
}
