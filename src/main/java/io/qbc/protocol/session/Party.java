package io.qbc.protocol.session;

import io.qbc.model.Signer;

/**
 * A node as it takes part in handshakes.
 *
 * @param address its base address as peers call it, or empty if they cannot
 */
public record Party(Signer identity, String address, NetworkRules network) {
    /** Without what only this node knows. */
    @Override
    public String toString() {
        return identity.key() + " at " + address + " of " + network;
    }
}
