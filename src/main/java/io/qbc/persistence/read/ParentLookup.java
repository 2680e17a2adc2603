package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.Committed;
import io.qbc.model.Hash;
import io.qbc.persistence.chain.InheritedPlaces;
import io.qbc.persistence.chain.InheritedPlaces.Ancestor;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.store.Store;
import java.util.Optional;

/** Finds transactions in the part of a fork's history that is its ancestors'. */
final class ParentLookup {
    private final Store store;
    private final InheritedPlaces places;
    private final PlacementCache placementCache;

    ParentLookup(Store store, OpenChain chain, PlacementCache placementCache) {
        this.store = store;
        this.places = new InheritedPlaces(chain);
        this.placementCache = placementCache;
    }

    Optional<Committed> transaction(Hash id) {
        for (Ancestor ancestor : places.ancestors()) {
            Optional<Long> sequence = ancestor.owner().log().sequence(id);
            if (sequence.isPresent()) {
                return committed(ancestor, sequence.get());
            }
        }
        return Optional.empty();
    }

    private Optional<Committed> committed(Ancestor ancestor, long sequence) {
        try (PlacementCache.Walk walk = placementCache.walk(store, ancestor.owner())) {
            return places.of(ancestor, sequence, walk::of)
                    .map(place -> new Committed(
                            ancestor.owner().log().transaction(sequence),
                            place.height(),
                            place.quant(),
                            place.index() + sequence - place.logRange().from()));
        }
    }
}
