package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.Refusal;
import java.util.List;

/** When a node may make the next quant on a parent. */
public sealed interface Turn {
    /** It may at the time asked about. */
    record Now() implements Turn {}

    /** Not before this time, milliseconds since 1970; worth asking again then, or when the head moves. */
    record At(long timestamp) implements Turn {}

    /**
     * Not on this parent: another one makes the next quant.
     *
     * @param others the keys that may
     */
    record Resting(List<Bytes> others, Refusal refusal) implements Turn {
        public Resting {
            others = List.copyOf(others);
        }
    }

    /** Not on this parent, however long it waits. */
    record Never(Refusal refusal) implements Turn {}
}
