package io.qbc.persistence;

import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Common;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.Fetched;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundOutline;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Locator;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.bus.Catalogue.Unknown;
import io.qbc.consensus.Promise;
import io.qbc.consensus.Status;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers questions about one chain from the store; on a reader's thread. */
final class Queries {
    private static final int NEIGHBOURS = 10;

    private final Store store;
    private final OpenChain chain;

    Queries(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
    }

    Located transaction(Hash id) {
        Optional<Long> sequence = chain.log().sequence(id);
        if (sequence.isEmpty()) {
            return new Inherited(store, chain)
                    .transaction(id)
                    .<Located>map(Function.identity())
                    .orElseGet(Absent::new);
        }
        Transaction transaction = chain.log().transaction(sequence.get());
        if (!transaction.id().equals(id)) {
            throw StoreException.corrupt("the log has another transaction in the place of " + id);
        }
        return placed(sequence.get())
                .<Located>map(placed -> committed(transaction, placed, sequence.get()))
                .or(() -> superseded(transaction, sequence.get()))
                .orElseGet(() -> new Pending(transaction));
    }

    private Optional<Placed> placed(long sequence) {
        try (Placements placements = new Placements(store, chain.number())) {
            return placements.of(sequence);
        }
    }

    private static Committed committed(Transaction transaction, Placed placed, long sequence) {
        long index = placed.index() + sequence - placed.run().from();
        return new Committed(transaction, placed.height(), placed.quant(), index);
    }

    private Optional<Located> superseded(Transaction transaction, long sequence) {
        return store.get(Space.FATE, Keys.numbered(chain.number(), sequence))
                .map(Quants::hash)
                .map(standing -> new Superseded(transaction, standing, payloadsEqual(transaction, standing)));
    }

    private boolean payloadsEqual(Transaction transaction, Hash standing) {
        long sequence = chain.log()
                .sequence(standing)
                .orElseThrow(() -> StoreException.corrupt("the standing transaction " + standing + " is not there"));
        return chain.log().transaction(sequence).payload().equals(transaction.payload());
    }

    FoundQuant quant(FindQuant question) {
        return new FoundQuant(
                named(question.name()).flatMap(chain.quants()::find).map(this::head));
    }

    private Optional<Hash> named(QuantName name) {
        if (name instanceof QuantName.ByHash byHash) {
            return Optional.of(byHash.hash());
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

    Unknown unknown(List<Hash> ids) {
        long[] sequences = chain.log().sequences(ids);
        List<Hash> unknown = new ArrayList<>();
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == 0) {
                unknown.add(ids.get(i));
            }
        }
        return new Unknown(unknown);
    }

    Fetched fetch(Fetch question) {
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

    FoundOutline outline(Hash hash) {
        return new FoundOutline(
                chain.quants().find(hash).map(quant -> new Outline(quant.header(), quant.seals(), ids(quant))));
    }

    private List<Hash> ids(QuantRecord quant) {
        return chain.home(quant.height()).log().ids(quant.runs());
    }

    Locator locator() {
        List<Hash> hashes = new ArrayList<>();
        long step = 1;
        for (long height = chain.tip().head().height(); height > chain.base(); height -= step) {
            // A height may be gone for a moment while the chain is reorganised to a shorter, heavier branch.
            chain.quants().at(height).ifPresent(hashes::add);
            step = hashes.size() < NEIGHBOURS ? 1 : step * 2;
        }
        hashes.add(chain.id());
        return new Locator(hashes);
    }

    /** The last quant that two chains share: as each refers to the one before, all up to it are the same too. */
    Ancestor ancestor(OpenChain other) {
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

    Status status(long now) {
        Tip tip = chain.tip();
        return chain.engine().status(tip.parent(), now).withFinality(chain.finality(tip));
    }

    Promise promise() {
        return Estate.promise(store, chain.id());
    }

    Common common(List<Hash> hashes) {
        return new Common(hashes.stream()
                .flatMap(hash -> chain.quants().find(hash).stream())
                .filter(chain.quants()::onChain)
                .map(QuantRecord::height)
                .findFirst());
    }
}
