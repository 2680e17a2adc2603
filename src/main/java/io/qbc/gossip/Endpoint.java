package io.qbc.gossip;

/** An address with the one IP address that the policy permitted and that is called. */
record Endpoint(PeerAddress address, String ip) {}
