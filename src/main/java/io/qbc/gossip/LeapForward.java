package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.ForwardLeap;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerCallFailure;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.LeapAnswer;
import io.qbc.protocol.message.Message.LeapDone;
import io.qbc.protocol.message.Message.LeapRefused;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** A forwarder of leaps to live peers whose keys are among a chain's participants, for a node whose key is not. */
final class LeapForward {
    private static final long DELIVERY_MILLIS = 2_000;
    /** A leap takes so many times as long as another call. */
    private static final int TIMEOUT_FACTOR = 6;

    private static final int CODE_CHARS_MAX = 255;
    private static final int DETAIL_CHARS_MAX = 1_000;

    private final GossipContext gossipContext;
    private final LocalChains chains;
    private final PeerManager peerManager;
    private final Consumer<Hash> announce;

    /** @param announce announces to peers what waits in a chain */
    LeapForward(GossipContext gossipContext, LocalChains chains, PeerManager peerManager, Consumer<Hash> announce) {
        this.gossipContext = gossipContext;
        this.chains = chains;
        this.peerManager = peerManager;
        this.announce = announce;
    }

    Future<Leaped> forward(ForwardLeap ask) {
        List<Bytes> participants = chains.spec(ask.chain())
                .map(ChainSpec::consensus)
                .map(ChainSpec.Consensus::participants)
                .orElse(List.of());
        List<ConnectedPeer> delegates = new ArrayList<>(peerManager.live().stream()
                .filter(peer -> participants.contains(peer.key()) && peer.follows(ask.chain()))
                .toList());
        Collections.shuffle(delegates, new Random(gossipContext.random().nextLong()));
        Refusal none =
                Reason.PRODUCER_NOT_PERMITTED.refusal("this node is no delegate, and no live peer that is one leapt");
        return delegates.isEmpty()
                ? Future.failedFuture(new Failure(none))
                : first(ask.chain(), delegates.iterator(), none);
    }

    private Future<Leaped> first(Hash chain, Iterator<ConnectedPeer> delegates, Refusal last) {
        return gossipContext
                .bus()
                .ask(Catalogue.FIND_QUANT, new FindQuant(chain, new QuantName.ByHead()))
                .compose(found -> attempt(
                        new Asked(chain, found.quant().map(QuantHead::hash), Optional.empty()), delegates, last));
    }

    /**
     * A leap that one delegate after the other is asked for.
     *
     * @param head this node's head as it was asked first
     * @param on the same, once a delegate may have leapt without our hearing of it
     */
    private record Asked(Hash chain, Optional<Hash> head, Optional<Hash> on) {
        Asked again() {
            return new Asked(chain, head, head);
        }
    }

    /** Leaps here for a peer that may not itself. */
    Future<LeapAnswer> answer(AskLeap ask) {
        return gossipContext
                .bus()
                .ask(Catalogue.LEAP, new Leap(ask.chain(), true, ask.on()))
                .<LeapAnswer>map(leaped -> new LeapDone(leaped.head(), leaped.quants(), leaped.count()))
                .recover(LeapForward::refused);
    }

    /** What leaves open whether a quant was made is no refusal that a peer may take for one. */
    private static Future<LeapAnswer> refused(Throwable cause) {
        Refusal refusal = Failure.of(cause);
        return switch (refusal.reason()) {
            case TIMED_OUT, INTERNAL -> Future.failedFuture(cause);
            default ->
                Future.succeededFuture(
                        new LeapRefused(refusal.reason().code(), cut(refusal.detail(), DETAIL_CHARS_MAX)));
        };
    }

    private Future<Leaped> attempt(Asked ask, Iterator<ConnectedPeer> delegates, Refusal last) {
        if (!delegates.hasNext()) {
            return Future.failedFuture(new Failure(last));
        }
        ConnectedPeer peer = delegates.next();
        return delivered(peer, ask.chain())
                .compose(done -> peerManager.call(
                        peer,
                        PeerMethod.LEAP,
                        new AskLeap(ask.chain(), ask.on()),
                        gossipContext.callTimeout().multipliedBy(TIMEOUT_FACTOR)))
                .compose(answer -> answer instanceof LeapDone done
                        ? arrived(ask.chain(), done)
                        : refused(ask, delegates, (LeapRefused) answer))
                .recover(cause -> cause instanceof PeerCallFailure no
                        ? attempt(ask.again(), delegates, unanswered(no))
                        : Future.failedFuture(cause));
    }

    /** What was injected here before the leap was asked belongs into it, so the delegate gets it first. */
    private Future<Boolean> delivered(ConnectedPeer peer, Hash chain) {
        return Polling.until(
                gossipContext,
                DELIVERY_MILLIS,
                () -> gossipContext
                        .bus()
                        .ask(Catalogue.FIND_NEWS, new FindNews(chain, peer.cursor(chain), 1))
                        .map(news -> {
                            boolean delivered = news.ids().isEmpty();
                            if (!delivered) {
                                announce.accept(chain);
                            }
                            return delivered;
                        }));
    }

    /** Who asked wants to read the quant here next, so that the answer waits for it a little. */
    private Future<Leaped> arrived(Hash chain, LeapDone done) {
        QuantName name = new QuantName.ByHash(done.head().hash());
        return Polling.until(
                        gossipContext,
                        DELIVERY_MILLIS,
                        () -> gossipContext
                                .bus()
                                .ask(Catalogue.FIND_QUANT, new FindQuant(chain, name))
                                .map(found -> found.quant().isPresent()))
                .map(here -> new Leaped(done.head(), done.quants(), done.count()));
    }

    private Future<Leaped> refused(Asked ask, Iterator<ConnectedPeer> delegates, LeapRefused answer) {
        String code = cut(answer.code(), CODE_CHARS_MAX);
        Optional<Reason> known = Arrays.stream(Reason.values())
                .filter(reason -> reason.code().equals(code))
                .findFirst();
        return attempt(ask, delegates, known.orElse(Reason.INTERNAL).refusal("the delegate says: " + answer.detail()));
    }

    private static String cut(String text, int charsMax) {
        return text.length() > charsMax ? text.substring(0, charsMax) : text;
    }

    private static Refusal unanswered(PeerCallFailure no) {
        return Reason.TIMED_OUT.refusal("the delegate does not answer: " + no.getMessage());
    }
}
