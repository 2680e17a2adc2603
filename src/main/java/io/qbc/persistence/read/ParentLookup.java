package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.ParentHistory;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.store.Store;
import java.util.Optional;

/** Finds transactions in the part of a fork's history that is its ancestors'. */
final class ParentLookup {
    private final Store store;
    private final OpenChain chain;
    private final PlacementCache placementCache;

    ParentLookup(Store store, OpenChain chain, PlacementCache placementCache) {
        this.store = store;
        this.chain = chain;
        this.placementCache = placementCache;
    }

    Optional<Committed> transaction(Hash id) {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MAX_VALUE;
        for (Optional<ParentHistory> parentHistory = chain.parentHistory();
                parentHistory.isPresent();
                parentHistory = parentHistory.get().parent().parentHistory()) {
            OpenChain owner = parentHistory.get().parent();
            lowest = Math.min(lowest, parentHistory.get().shared() + 1);
            highest = Math.min(highest, parentHistory.get().point());
            Optional<Long> sequence = owner.log().sequence(id);
            if (sequence.isPresent()) {
                return committed(owner, sequence.get(), lowest, highest);
            }
        }
        return Optional.empty();
    }

    private Optional<Committed> committed(OpenChain owner, long sequence, long lowest, long highest) {
        return present(owner, sequence)
                .or(() -> kept(owner, sequence, lowest, highest))
                .map(place -> new Committed(
                        owner.log().transaction(sequence),
                        place.height(),
                        place.quant(),
                        place.index() + sequence - place.logRange().from()));
    }

    /** Its place in the owner's present chain, if that is this chain's history too. */
    private Optional<Placed> present(OpenChain owner, long sequence) {
        try (PlacementCache.Walk walk = placementCache.walk(store, owner)) {
            return walk.of(sequence)
                    .filter(placed -> chain.quants()
                            .at(placed.height())
                            .filter(placed.quant()::equals)
                            .isPresent());
        }
    }

    /** Its place in quants that an ancestor has left since, which is seldom, and not many then. */
    private Optional<Placed> kept(OpenChain owner, long sequence, long lowest, long highest) {
        for (long height = Math.max(lowest, owner.base()); height <= highest; height++) {
            Optional<Placed> place = chain.quants()
                    .at(height)
                    .flatMap(chain.quants()::find)
                    .flatMap(quant -> PlacementIndex.of(quant).stream()
                            .filter(placed -> holds(placed.logRange(), sequence))
                            .findFirst());
            if (place.isPresent() && chain.owner(height) == owner) {
                return place;
            }
        }
        return Optional.empty();
    }

    private static boolean holds(LogRange logRange, long sequence) {
        return logRange.from() <= sequence && sequence < logRange.end();
    }
}
