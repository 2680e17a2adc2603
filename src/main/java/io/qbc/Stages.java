package io.qbc;

import java.util.List;

/** The only wiring: the stages of a node, in the order in which they start; they stop in the reverse order. */
final class Stages {
    private Stages() {}

    /** Persistence, mining, gossip, http. */
    static List<Stage> of(Parts parts) {
        return List.of();
    }
}
