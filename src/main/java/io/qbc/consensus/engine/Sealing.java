package io.qbc.consensus.engine;

import io.qbc.model.Header;
import io.qbc.model.Seal;
import java.util.List;
import java.util.Optional;

/** A seal in the making, worked on in steps so that its caller can stop between two. */
@FunctionalInterface
public interface Sealing {
    /** Works for at most {@code attempts} attempts; the sealed header when done, else nothing so far. */
    Optional<Sealed> step(int attempts);

    /** The finished header and its seals. */
    record Sealed(Header header, List<Seal> seals) {
        public Sealed {
            seals = List.copyOf(seals);
        }
    }
}
