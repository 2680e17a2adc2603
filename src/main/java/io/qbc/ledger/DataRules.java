package io.qbc.ledger;

import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Refusal;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a chain demands of its transactions' data beyond being JSON. The rules are a part of the chain's spec, so that
 * all nodes judge alike; a schema library stands behind this interface.
 */
@FunctionalInterface
public interface DataRules {
    /** Rules of a chain that has none. */
    DataRules NONE = (type, payload) -> Optional.empty();

    /**
     * The breach, with the JSON pointers of what fails; empty if the data is as it should be.
     *
     * @param type the transaction's type, which may be empty
     * @param payload well-formed JSON
     */
    Optional<Refusal> breach(String type, Bytes payload);

    /**
     * The same for a caller that may leave; then it ends early, with a refusal that nobody reads.
     *
     * @param abandoned whether the caller has left; asked now and then
     */
    default Optional<Refusal> breach(String type, Bytes payload, BooleanSupplier abandoned) {
        return breach(type, payload);
    }

    /** The same if it can be told at once; nothing if it takes longer than others should wait for. */
    default Optional<Judgement> glance(String type, Bytes payload) {
        return Optional.of(new Judgement(breach(type, payload)));
    }

    /** That the data was judged, and what it breaks, if anything. */
    record Judgement(Optional<Refusal> breach) {}

    /** Makes a chain's rules from its spec. */
    interface Reader extends Function<ChainSpec, DataRules> {}
}
