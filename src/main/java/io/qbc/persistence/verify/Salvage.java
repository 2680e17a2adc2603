package io.qbc.persistence.verify;

import io.qbc.bus.Catalogue.Submission;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.DataDirectory;
import io.qbc.persistence.chain.LogEntry;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.commit.ChainAdmin;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reading of what a damaged directory still has and peers may lack: transactions that keep their rules, with the
 * scopes of their keys, and what this node's key has signed. Nothing in it changes but the lock.
 */
public final class Salvage {
    private static final int BATCH_COUNT = 500;

    private final Store store;
    private final OpenChain chain;
    private final Listener listener;

    private Salvage(Store store, OpenChain chain, Listener listener) {
        this.store = store;
        this.chain = chain;
        this.listener = listener;
    }

    /** Who takes what is found. */
    public interface Listener {
        /** A chain that is there, whether it can be read or not. */
        void chain(Hash id, String name);

        void transactions(Hash chain, List<Submission> submissions);

        void signed(Hash chain, SigningRecord signingRecord);
    }

    /** Reads a directory; false if its store cannot be opened at all. */
    public static boolean read(Path data, NodeConfig config, DataRules.Reader rules, Listener listener) {
        try (DataDirectory directory = DataDirectory.openToRead(data, config, Ed25519.VERIFIER, rules)) {
            directory.openChains().broken().values().forEach(broken -> listener.chain(broken.id(), broken.name()));
            for (OpenChain chain : directory.openChains().all()) {
                ChainSpec spec = chain.spec();
                listener.chain(spec.id(), spec.name());
                new Salvage(directory.store(), chain, listener).run();
            }
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private void run() {
        try {
            SigningRecord signed = ChainAdmin.signingRecord(store, chain.id());
            if (!signed.equals(SigningRecord.NONE)) {
                listener.signed(chain.id(), signed);
            }
        } catch (StoreException e) {
            // A signer that does not know what it signed listens before it signs.
        }
        Map<Long, Hash> scopes = scopes();
        long from = 1;
        while (from < chain.nextSequence()) {
            from = piece(from, scopes);
        }
    }

    /** Reads on until damage, a batch or the end; gives where to go on. */
    private long piece(long from, Map<Long, Hash> scopes) {
        List<Submission> found = new ArrayList<>();
        long at = from;
        try (SequenceScan log = SequenceScan.sweep(store, ColumnFamily.LOG, chain.number())) {
            for (log.seek(from); log.here() && found.size() < BATCH_COUNT; log.next()) {
                at = log.number();
                Transaction transaction = LogEntry.transaction(at, Bytes.wrap(log.value()));
                if (chain.transactionRules().check(transaction).isEmpty()) {
                    found.add(new Submission(transaction, Optional.ofNullable(scopes.get(at))));
                }
                at++;
            }
            at = log.here() ? at : chain.nextSequence();
        } catch (StoreException e) {
            // One by one, so that what stands behind the damage is found.
            at++;
        }
        if (!found.isEmpty()) {
            listener.transactions(chain.id(), found);
        }
        return at;
    }

    /** The scopes of the entries that have one, as far as they can be read. */
    private Map<Long, Hash> scopes() {
        Map<Long, Hash> scopes = new HashMap<>();
        byte[] key = new byte[StoreKeys.SCOPED_BYTES];
        try (Store.Scan scan = store.sweep(ColumnFamily.KEYS)) {
            for (scan.seek(StoreKeys.begin(chain.number()));
                    scan.here() && scan.key(key) == key.length && StoreKeys.chain(key) == chain.number();
                    scan.next()) {
                long sequence = StoreKeys.number(key, StoreKeys.SCOPED_BYTES - Long.BYTES);
                scopes.put(sequence, Hash.at(key, StoreKeys.CHAIN_BYTES));
            }
        } catch (StoreException e) {
            // Without its scope a key may be used once more; the transaction is not lost for that.
        }
        return scopes;
    }
}
