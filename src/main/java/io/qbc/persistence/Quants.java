package io.qbc.persistence;

import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one chain's quants. */
final class Quants {
    private static final int TIMES = 11;

    private final Store store;
    private final int chain;

    Quants(Store store, int chain) {
        this.store = store;
        this.chain = chain;
    }

    boolean has(Hash hash) {
        return store.get(Space.QUANTS, Keys.hashed(chain, hash)).isPresent();
    }

    /** A quant by its hash, on the chain or aside. */
    Optional<QuantRecord> find(Hash hash) {
        return store.get(Space.QUANTS, Keys.hashed(chain, hash)).map(value -> QuantRecord.decode(hash, value));
    }

    /** A quant that must be there, since another refers to it. */
    QuantRecord known(Hash hash) {
        return find(hash).orElseThrow(() -> StoreException.corrupt("quant " + hash + " is not there"));
    }

    /** The hash of the present chain's quant at a height. */
    Optional<Hash> at(long height) {
        return height < 0
                ? Optional.empty()
                : store.get(Space.MAIN, Keys.numbered(chain, height)).map(Quants::hash);
    }

    boolean onChain(QuantRecord quant) {
        return at(quant.height()).filter(quant.hash()::equals).isPresent();
    }

    /** The hash of the present chain's head; nothing in a chain that has no genesis quant yet. */
    Optional<Hash> head() {
        try (Numbered main = new Numbered(store, Space.MAIN, chain)) {
            return main.seekLast() ? Optional.of(hash(main.value())) : Optional.empty();
        }
    }

    /** What judging a quant after this one needs; nothing if the engine's state there has been let go. */
    Optional<Tip> tip(QuantRecord quant) {
        return state(quant).map(state -> tip(quant, state));
    }

    private Optional<Bytes> state(QuantRecord quant) {
        return quant.stated()
                ? store.get(Space.STATES, Keys.hashed(chain, quant.hash())).map(Bytes::wrap)
                : Optional.of(Bytes.EMPTY);
    }

    private Tip tip(QuantRecord quant, Bytes state) {
        List<Long> times = new ArrayList<>(TIMES);
        times.add(quant.header().timestamp());
        QuantRecord at = quant;
        while (times.size() < TIMES && at.height() > 0) {
            at = known(at.header().previous());
            times.add(at.header().timestamp());
        }
        return new Tip(quant.head(), quant.frontier(), times, state);
    }

    static Hash hash(byte[] value) {
        if (value.length != Hash.BYTES) {
            throw StoreException.corrupt("a stored hash has " + value.length + " bytes");
        }
        return Hash.at(value, 0);
    }
}
