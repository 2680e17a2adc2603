package io.qbc.gossip;

import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.message.FrameCodecs;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A prefetcher of large quants, piece by piece: while one piece is decoded, the next one is on its way. */
final class RestPrefetcher {
    private static final Logger LOG = LoggerFactory.getLogger(RestPrefetcher.class);
    private static final int CHAINS_MAX = 4;

    /** What nobody takes by then is let go: the run that wanted it is over. */
    private static final long KEPT_MILLIS = 10_000;

    private final GossipContext gossipContext;
    private final PeerManager peerManager;
    private final Map<Hash, Asked> asked = new LinkedHashMap<>();

    RestPrefetcher(GossipContext gossipContext, PeerManager peerManager) {
        this.gossipContext = gossipContext;
        this.peerManager = peerManager;
    }

    private record Asked(Bytes peer, Rest question, Future<Bytes> answer) {}

    Future<Supply> call(ConnectedPeer peer, Effect.CallRest effect) {
        Rest question = effect.question();
        return Optional.ofNullable(asked.remove(question.chain()))
                .filter(early ->
                        early.peer().equals(peer.key()) && early.question().equals(question))
                .map(Asked::answer)
                .orElseGet(() -> ask(peer, question))
                .compose(answer -> {
                    prefetch(
                            peer,
                            question,
                            question.offset() + Math.max(1L, FrameCodecs.supplied(answer)),
                            effect.end());
                    return peerManager.decode(peer, PeerMethod.REST, answer);
                });
    }

    private void prefetch(ConnectedPeer peer, Rest question, long next, int end) {
        if (next < end) {
            Rest further = new Rest(question.chain(), question.quant(), (int) next);
            Future<Bytes> answer = ask(peer, further);
            answer.onFailure(cause -> LOG.debug("the rest of a quant does not come: {}", cause.toString()));
            Asked early = new Asked(peer.key(), further, answer);
            asked.put(question.chain(), early);
            answer.onComplete(done ->
                    gossipContext.vertx().setTimer(KEPT_MILLIS, timer -> asked.remove(question.chain(), early)));
            if (asked.size() > CHAINS_MAX) {
                Iterator<Hash> oldest = asked.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    private Future<Bytes> ask(ConnectedPeer peer, Rest question) {
        return peerManager.send(peer, PeerMethod.REST, question);
    }
}
