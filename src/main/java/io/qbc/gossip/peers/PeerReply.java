package io.qbc.gossip.peers;

import io.qbc.model.Bytes;

/** The whole answer of a peer to one call, whatever its status is. */
record PeerReply(int status, Bytes body) {}
