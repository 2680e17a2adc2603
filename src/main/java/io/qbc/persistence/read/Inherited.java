package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.Hash;
import io.qbc.model.Run;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Past;
import io.qbc.persistence.chain.Placements;
import io.qbc.persistence.store.Store;
import java.util.Optional;

/** Finds transactions in the part of a fork's history that is its ancestors'. */
final class Inherited {
    private final Store store;
    private final OpenChain chain;
    private final Places places;

    Inherited(Store store, OpenChain chain, Places places) {
        this.store = store;
        this.chain = chain;
        this.places = places;
    }

    Optional<Committed> transaction(Hash id) {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MAX_VALUE;
        for (Optional<Past> past = chain.past();
                past.isPresent();
                past = past.get().parent().past()) {
            OpenChain owner = past.get().parent();
            lowest = Math.min(lowest, past.get().shared() + 1);
            highest = Math.min(highest, past.get().point());
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
                        place.index() + sequence - place.run().from()));
    }

    /** Its place in the owner's present chain, if that is this chain's history too. */
    private Optional<Placed> present(OpenChain owner, long sequence) {
        try (Places.Walk walk = places.walk(store, owner)) {
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
                    .flatMap(quant -> Placements.of(quant).stream()
                            .filter(placed -> holds(placed.run(), sequence))
                            .findFirst());
            if (place.isPresent() && chain.home(height) == owner) {
                return place;
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Run run, long sequence) {
        return run.from() <= sequence && sequence < run.end();
    }
}
