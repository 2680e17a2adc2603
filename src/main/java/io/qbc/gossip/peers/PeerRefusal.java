package io.qbc.gossip.peers;

import io.qbc.protocol.effect.Fault;

/** The failure of a call to a node that says, in the peers' protocol, why it is no peer of this one. */
final class PeerRefusal extends PeerCallFailure {
    private static final long serialVersionUID = 1L;

    PeerRefusal(Fault.Kind kind, String detail) {
        super(kind, detail);
    }
}
