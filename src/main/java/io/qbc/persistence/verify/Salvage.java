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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The reading of what a damaged directory still has and peers may lack: transactions that keep their rules, and
 * what this node's key has signed. Nothing in it changes but the lock.
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
        long from = 1;
        while (from < chain.nextSequence()) {
            from = piece(from);
        }
    }

    /** Reads on until damage, a batch or the end; gives where to go on. */
    private long piece(long from) {
        List<Submission> found = new ArrayList<>();
        long at = from;
        try (SequenceScan log = SequenceScan.sweep(store, ColumnFamily.LOG, chain.number())) {
            for (log.seek(from); log.here() && found.size() < BATCH_COUNT; log.next()) {
                at = log.number();
                Transaction transaction = LogEntry.transaction(at, Bytes.wrap(log.value()));
                if (chain.transactionRules().check(transaction).isEmpty()) {
                    found.add(new Submission(transaction));
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
}
