package io.qbc.gossip;

import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.chains.Newcomers;
import io.qbc.gossip.peers.Link;
import io.qbc.gossip.peers.Neighbours;
import io.qbc.gossip.peers.Setting;
import io.qbc.model.Hash;
import io.qbc.protocol.announce.Announcer;
import io.qbc.protocol.announce.Doorkeeper;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.peer.Means;
import io.qbc.protocol.sync.CatchUps;
import io.qbc.protocol.sync.SyncRun.Progress;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Tells the machines of the talk what happens, and lets the hands do what they decide. */
final class Talk implements Neighbours.Listener {
    private final Hands hands;
    private final CatchUps catchUps;
    private final Announcer announcer;
    private final Doorkeeper doorkeeper;

    Talk(Setting setting, Heads heads, Neighbours neighbours, Newcomers newcomers) {
        Means means = setting.means();
        hands = new Hands(setting, neighbours, heads);
        catchUps = new CatchUps(means, heads.list(), neighbours, new RunLog());
        announcer = new Announcer(
                means,
                heads.list(),
                neighbours,
                catchUps,
                peer -> neighbours.find(peer.key()).ifPresent(newcomers::look));
        doorkeeper = new Doorkeeper(means, heads.list(), announcer, neighbours::addresses);
    }

    @Override
    public void joined(Link peer) {
        hands.begin(announcer.joined(peer));
    }

    @Override
    public void left(Link peer) {
        announcer.left(peer);
    }

    @Override
    public void told(Link peer, Status status) {
        hands.begin(announcer.heard(peer, status));
    }

    /** A chain is here and followed now. */
    void opened(Hash chain) {
        hands.begin(catchUps.opened(chain).and(announcer.opened(chain)));
    }

    /** A chain is not here or not followed any more. */
    void forget(Hash chain) {
        catchUps.forget(chain);
        announcer.forget(chain);
    }

    void admitted(Hash chain) {
        hands.begin(announcer.admitted(chain));
    }

    void headMoved(HeadMoved event) {
        hands.begin(announcer.headMoved(Claim.of(event.chain(), event.head()), event.undone()));
    }

    void askHeads() {
        hands.begin(announcer.askHeads());
    }

    /** Whether a peer says that it has more of a chain, and has not been found to say so in vain. */
    boolean ahead(Link peer, Claim claim) {
        return catchUps.ahead(peer, claim);
    }

    List<Progress> underWay() {
        return catchUps.underWay();
    }

    Status status(Mark known) {
        return doorkeeper.status(known);
    }

    /** What a peer's call is answered; nothing if its chain is not followed here. */
    Future<Optional<Message>> answer(Errand<?> errand, Message message) {
        return hands.carry(doorkeeper.answer(errand, message));
    }
}
