package io.qbc.gossip;

import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.gossip.chains.ChainDiscovery;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Hash;
import io.qbc.protocol.announce.Announcer;
import io.qbc.protocol.announce.RequestHandler;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.sync.CatchUps;
import io.qbc.protocol.sync.SyncRun.Progress;
import io.qbc.tracing.TraceContext;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The driver of the protocol's state machines: feeds them what happens, and has their effects performed. */
final class ProtocolDriver implements PeerManager.Listener {
    private final EffectRunner effectRunner;
    private final CatchUps catchUps;
    private final Announcer announcer;
    private final RequestHandler requestHandler;

    ProtocolDriver(
            GossipContext gossipContext, LocalChains chains, PeerManager peerManager, ChainDiscovery chainDiscovery) {
        PeerConduct conduct = peerManager.conduct();
        ProtocolContext protocolContext = gossipContext.protocolContext();
        effectRunner = new EffectRunner(gossipContext, peerManager, chains);
        catchUps = new CatchUps(protocolContext, chains.heads(), peerManager, new SyncProgress(conduct));
        announcer = new Announcer(
                protocolContext,
                chains.heads(),
                peerManager,
                catchUps,
                peer -> peerManager.find(peer.key()).ifPresent(chainDiscovery::look));
        requestHandler = new RequestHandler(protocolContext, chains.heads(), announcer, peerManager::addresses);
    }

    @Override
    public void joined(ConnectedPeer peer) {
        effectRunner.begin(announcer.joined(peer));
    }

    @Override
    public void left(ConnectedPeer peer) {
        announcer.left(peer);
    }

    @Override
    public void statusReceived(ConnectedPeer peer, Status status) {
        effectRunner.begin(announcer.statusReceived(peer, status));
    }

    /** A chain is here and followed now. */
    void opened(Hash chain) {
        effectRunner.begin(catchUps.opened(chain).and(announcer.opened(chain)));
    }

    /** A chain is not here or not followed any more. */
    void forget(Hash chain) {
        catchUps.forget(chain);
        announcer.forget(chain);
    }

    void admitted(Hash chain) {
        effectRunner.begin(announcer.admitted(chain));
    }

    void headMoved(HeadMoved event) {
        effectRunner.begin(announcer.headMoved(Claim.of(event.chain(), event.head()), event.undone()));
    }

    void askHeads() {
        effectRunner.begin(announcer.askHeads());
    }

    /** Whether a peer says that it has more of a chain, and has not been found to say so in vain. */
    boolean ahead(ConnectedPeer peer, Claim claim) {
        return catchUps.ahead(peer, claim);
    }

    List<Progress> underWay() {
        return catchUps.underWay();
    }

    Status status(Mark known) {
        return requestHandler.status(known);
    }

    /**
     * The answer to a peer's request; nothing if its chain is not followed here.
     *
     * @param caller where the request came from
     * @param trace of the request
     */
    <Q extends Message, A extends Message> Future<Optional<A>> answer(
            PeerMethod<Q, A> method, Q request, String caller, TraceContext trace) {
        return effectRunner.run(requestHandler.answer(method, request, caller), trace);
    }
}
