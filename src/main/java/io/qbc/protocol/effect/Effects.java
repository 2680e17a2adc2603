package io.qbc.protocol.effect;

import java.util.ArrayList;
import java.util.List;

/**
 * The decision of a state machine: flows to be started beside each other, each ending in the machine's next decision.
 */
public record Effects(List<Flow<Effects>> flows) {
    /** Nothing is to be done. */
    public static final Effects NONE = new Effects(List.of());

    public Effects {
        flows = List.copyOf(flows);
    }

    public static Effects of(Flow<Effects> flow) {
        return new Effects(List.of(flow));
    }

    /** All of these. */
    public static Effects all(List<Effects> effects) {
        List<Flow<Effects>> flows = new ArrayList<>();
        effects.forEach(one -> flows.addAll(one.flows()));
        return flows.isEmpty() ? NONE : new Effects(flows);
    }

    public Effects and(Effects other) {
        return all(List.of(this, other));
    }
}
