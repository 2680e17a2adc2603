package io.qbc.persistence.write;

import io.qbc.model.Refusal;
import java.util.Optional;

/** One change that somebody waits for; several go into one synced write. */
public interface Write {
    /** About how large it is. */
    long bytes();

    /** Puts the change into the group; on the writer's thread. A throw drops the whole group. */
    void put(Group group);

    /** The change is durable, or was not made; on one thread at a time, in the order of the writes. */
    void settled(Optional<Refusal> refusal);

    /** Answers who waits; on the context of the answers, in the order of the writes. */
    void answer(Optional<Refusal> refusal);
}
