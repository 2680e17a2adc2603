package io.qbc.gossip;

import io.qbc.gossip.chains.FollowFile;
import io.qbc.gossip.peers.BanFile;
import io.qbc.gossip.peers.PeerFile;
import java.io.IOException;
import java.nio.file.Path;

/** The files of a data directory in which gossip keeps what it learned, for whoever checks them. Blocks. */
public final class GossipFiles {
    public static final String PEERS = PeerFile.NAME;
    public static final String BANS = BanFile.NAME;
    public static final String FOLLOWING = FollowFile.NAME;

    private GossipFiles() {}

    /** Fails if the peers of earlier runs cannot be read; a file that is not there has none. */
    public static void requirePeers(Path data) throws IOException {
        new PeerFile(data).read();
    }

    /** Fails if the bans of earlier runs cannot be read; a file that is not there has none. */
    public static void requireBans(Path data) throws IOException {
        new BanFile(data).read();
    }

    /** Fails if the chains that were joined and left cannot be read; a file that is not there has none. */
    public static void requireFollowing(Path data) throws IOException {
        new FollowFile(data).read();
    }
}
