package io.qbc.protocol.peer;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/** The set of a node's peers. */
public interface PeerSet {
    /** Live peers, and those that were. */
    List<? extends PeerState> all();

    List<? extends PeerState> live();

    Optional<? extends PeerState> live(Bytes key);
}
