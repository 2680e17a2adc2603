package io.qbc.persistence.chain;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.InheritedPlaces.Ancestor;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A walk that tells which idempotency keys a fork's ancestors used in its history; used by one thread. */
public final class InheritedKeys implements AutoCloseable {
    private final InheritedPlaces places;
    private final List<Walk> walks = new ArrayList<>();

    public InheritedKeys(Store store, OpenChain chain) {
        this.places = new InheritedPlaces(chain);
        places.ancestors().forEach(ancestor -> walks.add(new Walk(store, ancestor)));
    }

    /** The transaction of this scope in the history before the fork's genesis quant. */
    public Optional<Transaction> find(Hash scope) {
        for (Walk walk : walks) {
            for (long sequence : walk.scopes.entries(scope)) {
                if (places.of(walk.ancestor, sequence, walk.placementIndex::of).isPresent()) {
                    return Optional.of(walk.ancestor.owner().log().transaction(sequence));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        walks.forEach(Walk::close);
    }

    private static final class Walk {
        private final Ancestor ancestor;
        private final ScopeWalk scopes;
        private final PlacementIndex placementIndex;

        Walk(Store store, Ancestor ancestor) {
            this.ancestor = ancestor;
            this.scopes = new ScopeWalk(store, ancestor.owner().number());
            this.placementIndex = new PlacementIndex(store, ancestor.owner().number());
        }

        void close() {
            scopes.close();
            placementIndex.close();
        }
    }
}
