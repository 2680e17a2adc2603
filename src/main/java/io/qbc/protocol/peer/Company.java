package io.qbc.protocol.peer;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/** Whom a node is in touch with. */
public interface Company {
    /** Live peers, and those that were. */
    List<? extends Acquaintance> all();

    List<? extends Acquaintance> live();

    Optional<? extends Acquaintance> live(Bytes key);
}
