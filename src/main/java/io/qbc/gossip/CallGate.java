package io.qbc.gossip;

import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.peer.Ration;
import io.vertx.core.Future;
import java.util.function.Function;

/** The gate before the calls of peers: refuses who is banned and who calls too often, before anything is read. */
final class CallGate {
    private static final long SECOND_MILLIS = 1000;
    private static final PeerAnswer BANNED = new PeerAnswer(403, Bytes.EMPTY);
    private static final PeerAnswer TOO_OFTEN = new PeerAnswer(503, Bytes.EMPTY);

    private final GossipContext gossipContext;
    private final PeerConduct conduct;
    private final Function<PeerCall, Future<PeerAnswer>> server;
    private final Ration calls;
    private long refused;

    CallGate(GossipContext gossipContext, PeerConduct conduct, Function<PeerCall, Future<PeerAnswer>> server) {
        this.gossipContext = gossipContext;
        this.conduct = conduct;
        this.server = server;
        calls = new Ration(gossipContext.gossip().conduct().callRate(), SECOND_MILLIS);
    }

    Future<PeerAnswer> answer(PeerCall call) {
        String caller = call.remote();
        if (!conduct.admits(caller)) {
            refused++;
            return Future.succeededFuture(BANNED);
        }
        if (!calls.take(caller, gossipContext.now())) {
            refused++;
            conduct.report(caller, Misbehaviour.FLOOD);
            return Future.succeededFuture(TOO_OFTEN);
        }
        return server.apply(call);
    }

    /** Calls that were refused before they were read. */
    long refused() {
        return refused;
    }
}
