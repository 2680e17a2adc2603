package io.qbc.persistence.store;

import io.qbc.config.NodeConfig;
import io.qbc.config.PrivateDirectory;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.persistence.store.Acknowledgement.State;
import io.qbc.persistence.store.RocksStore.Access;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SortedMap;
import org.rocksdb.RocksDBException;

/**
 * The steps of opening a store: its files are looked at, it is asked how far it has come where they do not say so, and
 * only then RocksDB may write in its directory.
 */
final class StoreOpening {
    private final Path directory;
    private final NodeConfig.Store limits;

    private StoreOpening(Path directory, NodeConfig.Store limits) {
        this.directory = directory;
        this.limits = limits;
    }

    static RocksStore open(Path directory, NodeConfig.Store limits) {
        return new StoreOpening(directory, limits).attempt(StoreOpening::toWrite);
    }

    static RocksStore openToRead(Path directory, NodeConfig.Store limits) {
        return new StoreOpening(directory, limits).attempt(StoreOpening::toRead);
    }

    private interface Step {
        RocksStore take(StoreOpening opening) throws IOException, RocksDBException;
    }

    private RocksStore attempt(Step step) {
        NativeLibrary.load();
        try {
            return step.take(this);
        } catch (RocksDBException e) {
            StoreException fault = RocksStore.fault("opening " + directory, e);
            throw fault.refusal().reason() == Reason.CORRUPT ? StoreDamage.of(directory, "is damaged", e) : fault;
        } catch (IOException e) {
            throw new StoreException(
                    Reason.STORE_READ_ONLY, "the store in " + directory + " cannot be opened: " + e, e);
        }
    }

    private RocksStore toRead() throws IOException, RocksDBException {
        StoreInspection found = StoreInspection.of(directory);
        if (found.fresh()) {
            throw StoreException.corrupt("there is no store in " + directory);
        }
        return compared(new RocksStore(directory, limits, Access.READ), found, found.acknowledgement());
    }

    private RocksStore toWrite() throws IOException, RocksDBException {
        PrivateDirectory.make(directory);
        StoreInspection found = StoreInspection.of(directory);
        if (found.doubtful()) {
            compared(new RocksStore(directory, limits, Access.READ), found, found.acknowledgement())
                    .close();
        }
        Acknowledgement known = found.acknowledgement().orElseGet(() -> begun(found.fresh()));
        if (found.acknowledgement().isEmpty()) {
            AcknowledgementFile.create(AcknowledgementFile.of(directory), known);
        }
        RocksStore store = compared(
                new RocksStore(directory, limits, found.fresh() ? Access.MAKE : Access.WRITE),
                found,
                Optional.of(known));
        try {
            return numbered(store, known);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static Acknowledgement begun(boolean fresh) {
        byte[] id = new byte[Acknowledgement.STORE_BYTES];
        new SecureRandom().nextBytes(id);
        return Acknowledgement.begun(fresh ? State.MAKING : State.ADOPTING, Bytes.wrap(id));
    }

    /** All that is in a store that was just opened is on the disk, whether it was acknowledged or not. */
    private RocksStore numbered(RocksStore store, Acknowledgement known) throws IOException {
        if (known.unfinished()) {
            try (Store.Batch batch = store.batch()) {
                batch.put(ColumnFamily.META, StoreKeys.storeId(), known.store().toArray());
                store.write(batch);
            }
        }
        long last = store.group();
        store.number(last, Acknowledgements.open(directory, known.upTo(last)));
        return store;
    }

    /** Fails, and closes the store, if it has less than was acknowledged. */
    private RocksStore compared(RocksStore store, StoreInspection found, Optional<Acknowledgement> known)
            throws IOException {
        try {
            requireSpaces(store, found);
            compare(store, known);
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** A space that the store had once is not made anew. */
    private void requireSpaces(RocksStore store, StoreInspection found) {
        for (ColumnFamily lacking : found.lacking()) {
            if (store.get(ColumnFamily.META, StoreKeys.has(lacking)).isPresent()) {
                throw StoreDamage.of(directory, "does not list the store's space " + lacking.familyName());
            }
        }
    }

    private void compare(RocksStore store, Optional<Acknowledgement> known) throws IOException {
        Path file = AcknowledgementFile.of(directory);
        Optional<Bytes> id = store.get(ColumnFamily.META, StoreKeys.storeId()).map(Bytes::wrap);
        if (known.isEmpty()) {
            if (id.isPresent()) {
                throw StoreDamage.of(file, "is missing, so that nobody knows how much was acknowledged");
            }
            return;
        }
        Optional<Bytes> expected = Optional.of(known.get().store());
        if (id.isPresent() && !id.equals(expected)) {
            throw StoreDamage.of(file, "belongs to another store than " + directory);
        }
        long groups = store.group();
        if (groups < known.get().groups()) {
            throw lost(groups, known.get().groups());
        }
        if (id.isEmpty() && !known.get().unfinished()) {
            throw StoreDamage.of(file, "is of a store with an id, but the one in " + directory + " has none");
        }
    }

    private StoreException lost(long groups, long acknowledged) throws IOException {
        StoreFiles files = new StoreFiles(directory);
        SortedMap<Long, Long> logs = files.logs();
        Path log = logs.isEmpty() ? directory : files.log(logs.lastKey());
        return StoreDamage.of(
                log,
                "has lost its end: of " + acknowledged + " groups of writes that were acknowledged, the last "
                        + (acknowledged - groups) + " are not in the store any more");
    }
}
