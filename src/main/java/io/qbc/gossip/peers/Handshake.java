package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;

/** A challenge of another node: whoever is in a session with this one, or opens one now, has proved its key. */
public final class Handshake {
    private final GossipContext gossipContext;
    private final PeerSessions sessions;

    public Handshake(GossipContext gossipContext, PeerSessions sessions) {
        this.gossipContext = gossipContext;
        this.sessions = sessions;
    }

    /**
     * Who answered a challenge, where, under which address of its own, and what it says of chains and peers.
     *
     * @param byItself whether this node itself answered
     */
    record Result(PeerEndpoint peerEndpoint, Bytes key, String address, Status status, boolean byItself) {}

    /** Challenges; fails with {@link PeerCallFailure} if the answer does not prove a key. */
    Future<Result> challenge(PeerEndpoint peerEndpoint, Mark known) {
        return sessions.open(peerEndpoint).compose(opened -> {
            Bytes key = opened.session().key();
            return sessions.send(peerEndpoint, key, PeerMethod.HEAD, new AskStatus(known), gossipContext.callTimeout())
                    .compose(frame -> gossipContext.decode(PeerMethod.HEAD.answer(), frame))
                    .map(status -> new Result(
                            peerEndpoint,
                            key,
                            opened.session().address(),
                            status.orElseThrow(PeerCallFailure::malformed),
                            opened.byItself()));
        });
    }

    IdentityWatch identities() {
        return sessions.identities();
    }
}
