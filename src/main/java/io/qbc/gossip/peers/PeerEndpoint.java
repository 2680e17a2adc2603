package io.qbc.gossip.peers;

import io.qbc.config.PeerAddress;

/** An address with the one IP address that the policy permitted and that is called. */
record PeerEndpoint(PeerAddress address, String ip) {}
