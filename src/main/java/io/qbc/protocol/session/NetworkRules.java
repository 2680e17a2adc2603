package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.NetworkMode;
import io.qbc.protocol.message.NetworkLabel;
import java.util.Optional;
import java.util.Set;

/**
 * The rules of a node's network: which other nodes are of it.
 *
 * @param secret what all nodes of a network of that mode know; empty in others
 * @param allowed the identity keys of the nodes, where they are listed
 */
public record NetworkRules(NetworkLabel label, Bytes secret, Set<Bytes> allowed) {
    public NetworkRules {
        allowed = Set.copyOf(allowed);
    }

    /** A network of whoever proves a key. */
    public static NetworkRules open(String id) {
        return new NetworkRules(new NetworkLabel(id, NetworkMode.OPEN), Bytes.EMPTY, Set.of());
    }

    /** What keeps a node with this network and key from being one of it, before it proved anything. */
    Optional<SessionFault> fault(NetworkLabel theirs, Bytes key) {
        if (!theirs.id().equals(label.id())) {
            return Optional.of(SessionFault.NETWORK_DIFFERS);
        }
        if (theirs.mode() != label.mode()) {
            return Optional.of(SessionFault.MODE_DIFFERS);
        }
        return admits(key) ? Optional.empty() : Optional.of(SessionFault.KEY_NOT_LISTED);
    }

    boolean admits(Bytes key) {
        return label.mode() != NetworkMode.LISTED || allowed.contains(key);
    }

    /** What it means that the other end has other keys for the session than this one. */
    SessionFault otherKeys() {
        return label.mode() == NetworkMode.SECRET ? SessionFault.SECRET_DIFFERS : SessionFault.PROOF_WRONG;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return label.toString();
    }
}
