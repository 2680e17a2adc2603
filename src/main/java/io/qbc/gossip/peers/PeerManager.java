package io.qbc.gossip.peers;

import io.qbc.bus.Catalogue.Discovered;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Failure;
import io.qbc.config.PeerAddress;
import io.qbc.config.PeerAddress.Reading;
import io.qbc.gossip.peers.AddressBook.Contact;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.session.IncomingSession;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager of the connections to peers: carries out what the {@link AddressBook} decides, calls live peers, and
 * counts their failures.
 */
public final class PeerManager implements PeerSet {
    private static final Logger LOG = LoggerFactory.getLogger(PeerManager.class);
    private static final int ADDRESSES_MAX = 64;
    private static final String SELF = "a node with this node's identity answers there";
    private static final String FULL = "there are as many peers as gossip.peersMax permits";

    private final GossipContext gossipContext;
    private final Resolver resolver;
    private final PeerSessions sessions;
    private final Handshake handshake;
    private final AddressBook book;
    private final IdentityWatch identities;
    private final Map<Bytes, ConnectedPeer> connectedPeers = new LinkedHashMap<>();
    private Listener listener = new Listener() {};
    private boolean changed;

    public PeerManager(GossipContext gossipContext, AddressPolicy policy, PeerSessions sessions, Handshake handshake) {
        this.gossipContext = gossipContext;
        this.sessions = sessions;
        this.handshake = handshake;
        this.identities = handshake.identities();
        resolver = new Resolver(gossipContext, policy);
        book = new AddressBook(
                gossipContext.identity().key(),
                gossipContext.advertised(),
                gossipContext.gossip().peersMax(),
                gossipContext.gossip().heartbeat().toMillis(),
                gossipContext.backoff(),
                gossipContext.random());
    }

    /** A listener to what happens to peers. */
    public interface Listener {
        /** A peer is alive, for the first time or again. */
        default void joined(ConnectedPeer peer) {}

        /** A peer left the live list. */
        default void left(ConnectedPeer peer) {}

        /** A live peer sent its status. */
        default void statusReceived(ConnectedPeer peer, Status status) {}
    }

    public void listener(Listener hears) {
        listener = hears;
    }

    /** Takes a configured address; one that the policy cannot read is a fault of the configuration. */
    public void seed(String text) {
        Reading reading = PeerAddress.read(text);
        if (reading instanceof Reading.Fine fine) {
            book.seed(fine.address(), gossipContext.now());
        } else if (reading instanceof Reading.Wrong wrong) {
            LOG.warn("the configured peer {} is not called: {}", text, wrong.why());
        }
    }

    public void restore(PeerFile.Stored stored) {
        if (PeerAddress.read(stored.address()) instanceof Reading.Fine fine
                && stored.key().size() == Ed25519.KEY_BYTES) {
            book.restore(fine.address(), stored.key(), stored.seenAt(), gossipContext.now());
        }
    }

    /** Begins all handshakes that are due. */
    public void tick() {
        for (Contact contact : book.due(gossipContext.now())) {
            handshake(contact)
                    .onFailure(cause ->
                            LOG.debug("the handshake with {} failed: {}", contact.address(), cause.toString()));
        }
    }

    /** Makes the node at an address a peer, after a challenge. */
    public Future<Discovered> discover(String text) {
        Reading reading = PeerAddress.read(text);
        if (reading instanceof Reading.Fine fine) {
            return discover(fine.address());
        }
        String why = reading instanceof Reading.Wrong wrong ? wrong.why() : "";
        return refused(Reason.PEER_REFUSED, why);
    }

    /** A node's address was named; {@code key} is empty unless the node there did so itself. */
    public void addressLearned(String text, Bytes key) {
        if (PeerAddress.read(text) instanceof Reading.Fine fine) {
            book.learned(fine.address(), key, gossipContext.now());
        }
    }

    /** A node that proved its key calls this one, and says where it can be called. */
    public void met(IncomingSession session) {
        if (!session.address().isEmpty()) {
            addressLearned(session.address(), session.key());
        }
    }

    /** Calls a peer, takes note of how that went, and decodes the answer; fails with {@link PeerCallFailure}. */
    public <Q extends Message, A extends Message> Future<A> call(
            ConnectedPeer peer, PeerMethod<Q, A> method, Q request) {
        return call(peer, method, request, gossipContext.callTimeout());
    }

    /** The same with another timeout than the configured one. */
    public <Q extends Message, A extends Message> Future<A> call(
            ConnectedPeer peer, PeerMethod<Q, A> method, Q request, Duration timeout) {
        return send(peer, method, request, timeout).compose(frame -> decode(method, frame));
    }

    /** The same up to the answer's frame, for who decodes it later. */
    public <Q extends Message> Future<Bytes> send(ConnectedPeer peer, PeerMethod<Q, ?> method, Q request) {
        return send(peer, method, request, gossipContext.callTimeout());
    }

    private <Q extends Message> Future<Bytes> send(
            ConnectedPeer peer, PeerMethod<Q, ?> method, Q request, Duration timeout) {
        return sessions.send(peer.peerEndpoint(), peer.key(), method, request, timeout)
                .onSuccess(answer -> book.answered(peer.key(), gossipContext.now()))
                .onFailure(cause -> failed(peer, cause));
    }

    /** The answer in a frame; fails with {@link PeerCallFailure} if there is none. */
    public <A extends Message> Future<A> decode(PeerMethod<?, A> method, Bytes frame) {
        return gossipContext.decode(method.answer(), frame).map(decoded -> {
            A answer = decoded.orElseThrow(PeerCallFailure::malformed);
            if (answer instanceof Status status) {
                addressesLearned(status.addresses());
            }
            return answer;
        });
    }

    /** Live peers, and those that were. */
    @Override
    public List<ConnectedPeer> all() {
        return List.copyOf(connectedPeers.values());
    }

    @Override
    public List<ConnectedPeer> live() {
        return connectedPeers.values().stream().filter(ConnectedPeer::live).toList();
    }

    @Override
    public Optional<ConnectedPeer> live(Bytes key) {
        return find(key).filter(ConnectedPeer::live);
    }

    /** A live peer, or one that was. */
    public Optional<ConnectedPeer> find(Bytes key) {
        return Optional.ofNullable(connectedPeers.get(key));
    }

    /** Addresses of live peers, to tell others. */
    public List<String> addresses() {
        List<String> addresses =
                new ArrayList<>(live().stream().map(ConnectedPeer::toString).toList());
        Collections.shuffle(addresses, new Random(gossipContext.random().nextLong()));
        return addresses.subList(0, Math.min(ADDRESSES_MAX, addresses.size()));
    }

    /** All known peers, with their height in the first of these chains. */
    public List<Peer> peers(List<Hash> chains) {
        return book.contacts().stream()
                .map(contact -> new Peer(
                        contact.address().text(),
                        contact.key(),
                        contact.live(),
                        height(contact, chains),
                        contact.seenAt(),
                        contact.failures(),
                        contact.lastError()))
                .toList();
    }

    /** Identities that several nodes show, as noticed of late, a sentence each. */
    public List<String> sharedIdentities() {
        return identities.found(gossipContext.now());
    }

    /** What is to be stored, if that changed since this was asked last. */
    public Optional<List<PeerFile.Stored>> unsaved() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(book.contacts().stream()
                .filter(contact -> !contact.key().isEmpty())
                .map(contact -> new PeerFile.Stored(contact.address().text(), contact.key(), contact.seenAt()))
                .toList());
    }

    private Future<Discovered> discover(PeerAddress address) {
        if (book.at(address).filter(Contact::live).isPresent()) {
            return Future.succeededFuture(new Discovered());
        }
        if (!book.hasRoom()) {
            return refused(Reason.PEER_REFUSED, FULL);
        }
        return resolver.pin(address)
                .compose(at -> handshake.challenge(at, Mark.NONE))
                .compose(this::discovered)
                .recover(PeerManager::undiscovered);
    }

    private long height(Contact contact, List<Hash> chains) {
        return find(contact.key()).stream()
                .flatMap(
                        connectedPeer -> chains.stream().limit(1).flatMap(chain -> connectedPeer.claim(chain).stream()))
                .mapToLong(Claim::height)
                .findFirst()
                .orElse(0);
    }

    private Future<Void> handshake(Contact contact) {
        // A live peer is called where it was found; only after it was away is its name looked up again.
        Future<PeerEndpoint> peerEndpoint = live(contact.key())
                .map(connectedPeer -> Future.succeededFuture(connectedPeer.peerEndpoint()))
                .orElseGet(() -> resolver.pin(contact.address()));
        Mark known = find(contact.key()).map(ConnectedPeer::mark).orElse(Mark.NONE);
        return peerEndpoint
                .compose(at -> handshake.challenge(at, known))
                .<Void>map(result -> {
                    admit(result);
                    return null;
                })
                .onFailure(cause -> {
                    unusable(contact.address(), String.valueOf(cause.getMessage()));
                    book.unanswered(contact.address(), refusedConnection(cause), gossipContext.now());
                    reconcile();
                });
    }

    /** A configured address is told of once for each reason. */
    private void unusable(PeerAddress address, String why) {
        if (book.unusable(address, why)) {
            LOG.warn("the configured peer {} is not used, and tried again: {}", address, why);
        }
    }

    private AddressBook.Outcome admit(Handshake.Result result) {
        PeerAddress address = result.peerEndpoint().address();
        boolean canonical = PeerAddress.read(result.address()).equals(new Reading.Fine(address));
        AddressBook.Outcome outcome = book.handshaken(address, result.key(), canonical, gossipContext.now());
        reconcile();
        identities.met(result, gossipContext.now());
        if (outcome == AddressBook.Outcome.SELF) {
            unusable(address, SELF);
        } else if (outcome == AddressBook.Outcome.SECOND_NAME) {
            unusable(address, "its node is a peer already, by another address");
        }
        if (outcome == AddressBook.Outcome.JOINED || outcome == AddressBook.Outcome.STAYED) {
            ConnectedPeer connectedPeer =
                    connectedPeers.computeIfAbsent(result.key(), key -> new ConnectedPeer(key, result.peerEndpoint()));
            boolean joined = !connectedPeer.live();
            changed |= joined || !connectedPeer.peerEndpoint().equals(result.peerEndpoint());
            connectedPeer.joined(result.peerEndpoint());
            statusReceived(connectedPeer, result.status());
            if (joined) {
                LOG.info("the peer {} is alive", connectedPeer);
                listener.joined(connectedPeer);
            }
        }
        return outcome;
    }

    /** Takes in what a peer says of its heads and of other nodes. */
    private void statusReceived(ConnectedPeer peer, Status status) {
        addressesLearned(status.addresses());
        listener.statusReceived(peer, status);
    }

    /** A peer named addresses of others. */
    private void addressesLearned(List<String> addresses) {
        Predicate<String> other = text -> !text.equals(gossipContext.advertised());
        addresses.stream().limit(ADDRESSES_MAX).filter(other).forEach(text -> addressLearned(text, Bytes.EMPTY));
    }

    private void failed(ConnectedPeer peer, Throwable cause) {
        // A peer that answers, if only that it cannot or will not, is alive.
        if (cause instanceof PeerCallFailure no && no.kind() != Fault.Kind.DECLINED && no.kind() != Fault.Kind.BUSY) {
            book.failed(peer.key(), refusedConnection(cause), gossipContext.now());
            reconcile();
        }
    }

    /** Closes the connections whose peers are no longer alive in the book. */
    private void reconcile() {
        for (ConnectedPeer connectedPeer : live()) {
            if (book.live(connectedPeer.key()).isEmpty()) {
                LOG.info("the peer {} does not answer any more", connectedPeer);
                connectedPeer.left();
                changed = true;
                listener.left(connectedPeer);
            }
        }
        if (connectedPeers.size()
                > 2 * gossipContext.gossip().peersMax()
                        + gossipContext.config().peers().size()) {
            connectedPeers.values().removeIf(connectedPeer -> !connectedPeer.live());
        }
    }

    private Future<Discovered> discovered(Handshake.Result result) {
        return switch (admit(result)) {
            case JOINED, STAYED, SECOND_NAME -> Future.succeededFuture(new Discovered());
            case SELF -> refused(Reason.PEER_REFUSED, SELF);
            case FULL -> refused(Reason.PEER_REFUSED, FULL);
        };
    }

    private static Future<Discovered> undiscovered(Throwable cause) {
        return cause instanceof Failure
                ? Future.failedFuture(cause)
                : refused(Reason.PEER_UNREACHABLE, String.valueOf(cause.getMessage()));
    }

    private static Future<Discovered> refused(Reason reason, String detail) {
        return Future.failedFuture(new Failure(reason, detail));
    }

    private static boolean refusedConnection(Throwable cause) {
        return cause instanceof PeerCallFailure no && no.kind() == Fault.Kind.REFUSED;
    }
}
