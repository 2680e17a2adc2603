package io.qbc.persistence.scrub;

import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;

/** The check of all that a store holds while nobody writes to it: every block, hash, root, seal and rule. */
public final class StoreCheck {
    private StoreCheck() {}

    public static void run(Store store, OpenChains openChains, CheckTally tally) {
        guarded(tally, "", () -> store.check(tally::tell));
        openChains.broken().values().forEach(broken -> {
            tally.begin(broken.name());
            tally.find(-1, broken.refusal().detail());
        });
        for (OpenChain retained : openChains.retained()) {
            String name = retained.spec().name();
            tally.begin(name);
            guarded(tally, name, () -> new QuantCheck(store, retained, tally).remains());
        }
        for (OpenChain chain : openChains.all()) {
            String name = chain.spec().name();
            tally.begin(name);
            guarded(tally, name, () -> new LogCheck(store, chain, tally).run());
            guarded(tally, name, () -> new QuantCheck(store, chain, tally).run());
        }
        tally.end();
    }

    /** Damage that ends one check does not end the others. */
    private static void guarded(CheckTally tally, String chain, Runnable check) {
        try {
            check.run();
        } catch (StoreException e) {
            tally.find(-1, e.getMessage() + (chain.isEmpty() ? "" : "; the rest was not checked"));
        }
    }
}
