package io.qbc.protocol.message;

import io.qbc.model.NetworkMode;

/**
 * A network's name and mode as a node tells them in a handshake; nodes that do not have both alike are no peers.
 *
 * @param id visible ASCII
 */
public record NetworkLabel(String id, NetworkMode mode) {}
