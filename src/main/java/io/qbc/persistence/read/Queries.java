package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Common;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.Fetched;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundCompactQuant;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.FoundTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Locator;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.bus.Catalogue.Unknown;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.ledger.Tip;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.commit.ChainAdmin;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers questions about one chain from the store; on a reader's thread. */
public final class Queries {
    private static final int NEIGHBOURS_COUNT = 10;

    private final Store store;
    private final OpenChain chain;
    private final PlacementCache placementCache;

    /** For one that comes alone. */
    public Queries(Store store, OpenChain chain) {
        this(store, chain, new PlacementCache());
    }

    /**
     * One instance.
     *
     * @param placementCache what other queries found, and what these find for others
     */
    public Queries(Store store, OpenChain chain, PlacementCache placementCache) {
        this.store = store;
        this.chain = chain;
        this.placementCache = placementCache;
    }

    public Located transaction(Hash id) {
        return transactions(List.of(id)).places().get(0);
    }

    /** Where transactions are; what is found together costs less than one by one. */
    public FoundTransactions transactions(List<Hash> ids) {
        long[] sequences = chain.log().sequences(ids);
        Iterator<Transaction> here = chain.log().transactions(sequences).iterator();
        List<Located> located = new ArrayList<>(sequences.length);
        try (PlacementCache.Walk walk = placementCache.walk(store, chain)) {
            for (int i = 0; i < sequences.length; i++) {
                Hash id = ids.get(i);
                located.add(sequences[i] == 0 ? inherited(id) : own(id, here.next(), sequences[i], walk));
            }
        }
        return new FoundTransactions(located);
    }

    private Located inherited(Hash id) {
        return new ParentLookup(store, chain, placementCache)
                .transaction(id)
                .<Located>map(Function.identity())
                .orElseGet(Absent::new);
    }

    private Located own(Hash id, Transaction transaction, long sequence, PlacementCache.Walk walk) {
        if (!transaction.id().equals(id)) {
            throw StoreException.corrupt("the log has another transaction in the place of " + id);
        }
        return walk.of(sequence)
                .<Located>map(placed -> committed(transaction, placed, sequence))
                .or(() -> superseded(transaction, sequence))
                .orElseGet(() -> new Pending(transaction));
    }

    private static Committed committed(Transaction transaction, Placed placed, long sequence) {
        long index = placed.index() + sequence - placed.logRange().from();
        return new Committed(transaction, placed.height(), placed.quant(), index);
    }

    private Optional<Located> superseded(Transaction transaction, long sequence) {
        return store.get(ColumnFamily.SUPERSEDED, StoreKeys.numbered(chain.number(), sequence))
                .map(Quants::hash)
                .map(standing -> new Superseded(transaction, standing, payloadsEqual(transaction, standing)));
    }

    private boolean payloadsEqual(Transaction transaction, Hash standing) {
        long sequence = chain.log()
                .sequence(standing)
                .orElseThrow(() -> StoreException.corrupt("the standing transaction " + standing + " is not there"));
        return chain.log().transaction(sequence).payload().equals(transaction.payload());
    }

    public FoundQuant quant(FindQuant question) {
        return new FoundQuant(
                named(question.name()).flatMap(chain.quants()::find).map(this::head));
    }

    private Optional<Hash> named(QuantName name) {
        if (name instanceof QuantName.ByHash byHash) {
            return Optional.of(byHash.hash());
        }
        if (name instanceof QuantName.ByLeaf byLeaf) {
            return new LeafLookup(chain).find(byLeaf.index());
        }
        return name instanceof QuantName.ByHeight byHeight
                ? chain.quants().at(byHeight.height())
                : Optional.of(chain.tip().head().hash());
    }

    private QuantHead head(QuantRecord quant) {
        return head(quant, chain.quants().onChain(quant));
    }

    static QuantHead head(QuantRecord quant, boolean onChain) {
        return new QuantHead(quant.header(), quant.hash(), quant.seals(), onChain);
    }

    public Unknown unknown(List<Hash> ids) {
        long[] sequences = chain.log().sequences(ids);
        List<Hash> unknown = new ArrayList<>();
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == 0) {
                unknown.add(ids.get(i));
            }
        }
        return new Unknown(unknown);
    }

    public Fetched fetch(Fetch question) {
        List<Transaction> transactions = new ArrayList<>();
        long bytes = 0;
        for (long sequence : chain.log().sequences(question.ids())) {
            if (bytes >= question.bytesMax()) {
                break;
            }
            if (sequence != 0) {
                Transaction transaction = chain.log().transaction(sequence);
                transactions.add(transaction);
                bytes += transaction.encoded().size();
            }
        }
        return new Fetched(transactions);
    }

    public FoundCompactQuant outline(Hash hash) {
        return new FoundCompactQuant(
                chain.quants().find(hash).map(quant -> new CompactQuant(quant.header(), quant.seals(), ids(quant))));
    }

    private List<Hash> ids(QuantRecord quant) {
        return chain.owner(quant.height()).log().ids(quant.logRanges());
    }

    public Locator locator() {
        List<Hash> hashes = new ArrayList<>();
        long step = 1;
        for (long height = chain.tip().head().height(); height > chain.base(); height -= step) {
            // A height may be gone for a moment while the chain is reorganised to a shorter, heavier branch.
            chain.quants().at(height).ifPresent(hashes::add);
            step = hashes.size() < NEIGHBOURS_COUNT ? 1 : step * 2;
        }
        hashes.add(chain.id());
        return new Locator(hashes);
    }

    /** The last quant that two chains share: as each refers to the one before, all up to it are the same too. */
    public Ancestor ancestor(OpenChain other) {
        long shared = -1;
        long parted = Math.min(chain.tip().head().height(), other.tip().head().height()) + 1;
        while (parted - shared > 1) {
            long middle = (shared + parted) >>> 1;
            Optional<Hash> here = chain.quants().at(middle);
            if (here.isPresent() && here.equals(other.quants().at(middle))) {
                shared = middle;
            } else {
                parted = middle;
            }
        }
        return new Ancestor(
                chain.quants().at(shared).flatMap(chain.quants()::find).map(this::head));
    }

    public Status status(long now) {
        Tip tip = chain.tip();
        return chain.engine().status(tip.parent(), now).withFinality(chain.finality(tip));
    }

    public SigningRecord signingRecord() {
        return ChainAdmin.signingRecord(store, chain.id());
    }

    public Common common(List<Hash> hashes) {
        return new Common(hashes.stream()
                .flatMap(hash -> chain.quants().find(hash).stream())
                .filter(chain.quants()::onChain)
                .map(QuantRecord::height)
                .findFirst());
    }
}
