package io.qbc.persistence.chain;

import io.qbc.model.Hash;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import java.util.Optional;

/** Walks the present chain from a height on; a fork's past is looked up in its parent. Used by one thread. */
public final class Heights implements AutoCloseable {
    private final OpenChain chain;
    private final SequenceScan main;

    public Heights(Store store, OpenChain chain) {
        this.chain = chain;
        this.main = new SequenceScan(store, ColumnFamily.MAIN, chain.number());
    }

    /** The quant at a height; fast when it is the one after the last that was asked for. */
    public Optional<Hash> at(long height) {
        if (height < chain.base()) {
            return chain.quants().at(height);
        }
        boolean here = (main.here() && main.number() == height - 1) ? main.next() : main.seek(height);
        return here && main.number() == height ? Optional.of(Quants.hash(main.value())) : Optional.empty();
    }

    @Override
    public void close() {
        main.close();
    }
}
