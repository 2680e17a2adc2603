package io.qbc.protocol.peer;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/** Whom a node is in touch with. */
public interface PeerSet {
    /** Live peers, and those that were. */
    List<? extends PeerState> all();

    List<? extends PeerState> live();

    Optional<? extends PeerState> live(Bytes key);
}
