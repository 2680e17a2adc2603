package io.qbc.persistence.chain;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.model.LogRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** Places of log entries in the part of a fork's history that is its ancestors'. */
public final class InheritedPlaces {
    private final OpenChain chain;

    public InheritedPlaces(OpenChain chain) {
        this.chain = chain;
    }

    /**
     * A chain of whose log a part is in the fork's history.
     *
     * @param lowest the lowest height at which the fork's history may have left the owner's present chain
     * @param highest the height of the last quant that is the fork's history too
     */
    public record Ancestor(OpenChain owner, long lowest, long highest) {}

    /** The fork's parent, the parent's and so on; none of a chain that is no fork. */
    public List<Ancestor> ancestors() {
        List<Ancestor> ancestors = new ArrayList<>();
        long lowest = Long.MAX_VALUE;
        long highest = Long.MAX_VALUE;
        for (Optional<ParentHistory> at = chain.parentHistory();
                at.isPresent();
                at = at.get().parent().parentHistory()) {
            lowest = Math.min(lowest, at.get().shared() + 1);
            highest = Math.min(highest, at.get().point());
            ancestors.add(new Ancestor(at.get().parent(), lowest, highest));
        }
        return ancestors;
    }

    /**
     * Where an entry of an ancestor's log is in the fork's history.
     *
     * @param present finds an entry's place in the ancestor's present chain
     */
    public Optional<Placed> of(Ancestor ancestor, long sequence, LongFunction<Optional<Placed>> present) {
        return present.apply(sequence).filter(this::isHere).or(() -> kept(ancestor, sequence));
    }

    private boolean isHere(Placed placed) {
        return chain.quants().at(placed.height()).filter(placed.quant()::equals).isPresent();
    }

    /** Its place in quants that the ancestor has left since, which is seldom, and not many then. */
    private Optional<Placed> kept(Ancestor ancestor, long sequence) {
        OpenChain owner = ancestor.owner();
        for (long height = Math.max(ancestor.lowest(), owner.base()); height <= ancestor.highest(); height++) {
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
