package io.qbc.persistence.chain;

import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one chain's quants; those of a fork's past through its parent. */
public final class Quants {
    private static final int TIMES_COUNT = 11;
    private static final int WATCHED_COUNT = 128;

    private final Store store;
    private final int chain;
    private final Optional<ParentHistory> parentHistory;

    public Quants(Store store, int chain, Optional<ParentHistory> parentHistory) {
        this.store = store;
        this.chain = chain;
        this.parentHistory = parentHistory;
    }

    public boolean has(Hash hash) {
        return store.get(ColumnFamily.QUANTS, StoreKeys.hashed(chain, hash)).isPresent()
                || inherited(hash).isPresent();
    }

    /** A quant by its hash, on the chain or aside. */
    public Optional<QuantRecord> find(Hash hash) {
        return own(hash).or(() -> inherited(hash));
    }

    private Optional<QuantRecord> own(Hash hash) {
        return store.get(ColumnFamily.QUANTS, StoreKeys.hashed(chain, hash))
                .map(value -> QuantRecord.decode(hash, value));
    }

    private Optional<QuantRecord> inherited(Hash hash) {
        return parentHistory.flatMap(shared -> shared.parent()
                .quants()
                .find(hash)
                .filter(quant -> quant.height() <= shared.point())
                .filter(this::onChain));
    }

    /** A quant that must be there, since another refers to it. */
    public QuantRecord known(Hash hash) {
        return find(hash).orElseThrow(() -> StoreException.corrupt("quant " + hash + " is not there"));
    }

    /** The hash of the present chain's quant at a height. */
    public Optional<Hash> at(long height) {
        if (height < 0) {
            return Optional.empty();
        }
        if (parentHistory.isEmpty() || height > parentHistory.get().point()) {
            return main(height);
        }
        // The parent may be about to go another way: what is read here before that begins is right, and if it has
        // begun, the fork's own row is right once it is there.
        Optional<Hash> inherited = parentHistory.get().parent().quants().at(height);
        return height <= parentHistory.get().shared() ? inherited : main(height).or(() -> inherited);
    }

    private Optional<Hash> main(long height) {
        return store.get(ColumnFamily.MAIN, StoreKeys.numbered(chain, height)).map(Quants::hash);
    }

    public boolean onChain(QuantRecord quant) {
        return at(quant.height()).filter(quant.hash()::equals).isPresent();
    }

    /** The hash of the present chain's head; nothing in a chain that has no genesis quant yet. */
    public Optional<Hash> head() {
        try (SequenceScan main = new SequenceScan(store, ColumnFamily.MAIN, chain)) {
            return main.seekLast() ? Optional.of(hash(main.value())) : Optional.empty();
        }
    }

    /** The last quants up to a height, oldest first, with their headers and seals alone. */
    List<CompactQuant> last(long base, long height) {
        List<CompactQuant> compactQuants = new ArrayList<>();
        for (long at = Math.max(base + 1, height - WATCHED_COUNT); at <= height; at++) {
            at(at).flatMap(this::find)
                    .ifPresent(quant -> compactQuants.add(new CompactQuant(quant.header(), quant.seals(), List.of())));
        }
        return compactQuants;
    }

    /** What judging a quant after this one needs; nothing if the engine's state there has been let go. */
    public Optional<Tip> tip(QuantRecord quant) {
        return state(quant).map(state -> new Tip(quant.head(), quant.frontier(), times(quant), state));
    }

    private Optional<Bytes> state(QuantRecord quant) {
        return quant.stated()
                ? store.get(ColumnFamily.STATES, StoreKeys.hashed(chain, quant.hash()))
                        .map(Bytes::wrap)
                : Optional.of(Bytes.EMPTY);
    }

    /** The timestamps of a quant and up to ten before it, newest first. */
    public List<Long> times(QuantRecord quant) {
        List<Long> times = new ArrayList<>(TIMES_COUNT);
        times.add(quant.header().timestamp());
        QuantRecord at = quant;
        while (times.size() < TIMES_COUNT && at.height() > 0) {
            at = known(at.header().previous());
            times.add(at.header().timestamp());
        }
        return times;
    }

    public static Hash hash(byte[] value) {
        if (value.length != Hash.BYTES) {
            throw StoreException.corrupt("a stored hash has " + value.length + " bytes");
        }
        return Hash.at(value, 0);
    }
}
