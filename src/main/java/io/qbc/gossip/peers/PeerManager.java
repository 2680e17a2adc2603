package io.qbc.gossip.peers;

import io.qbc.bus.Catalogue.Discovered;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Failure;
import io.qbc.config.AddressPolicy;
import io.qbc.config.PeerAddress;
import io.qbc.config.PeerAddress.Reading;
import io.qbc.gossip.peers.AddressBook.Contact;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.FrameCodec;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.Ban;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.peer.Ration;
import io.qbc.protocol.session.IncomingSession;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager of the connections to peers: carries out what the {@link AddressBook} decides, calls live peers, and
 * counts their failures.
 */
public final class PeerManager implements PeerSet, PeerConduct.Peers {
    private static final Logger LOG = LoggerFactory.getLogger(PeerManager.class);
    private static final int ADDRESSES_MAX = 64;
    private static final String SELF = "a node with this node's identity answers there";
    private static final String FULL = "there are as many peers as gossip.peersMax permits, or as many of its network";
    private static final String BANNED = "the node there is banned here";
    /** Addresses that one peer may name in ten minutes. */
    private static final int NAMED_MAX = 100;

    private static final long NAMED_MILLIS = 600_000;
    /**
     * Whoever named an address learns no more than this of what is there, unless that speaks the peers' protocol. What
     * it was is in the log, for the operator.
     */
    private static final String NO_PEER = "no peer answers there";

    private final GossipContext gossipContext;
    private final Resolver resolver;
    private final PeerSessions sessions;
    private final Handshake handshake;
    private final AddressBook book;
    private final IdentityWatch identities;
    private final PeerConduct conduct;
    private final Ration named = new Ration(NAMED_MAX, NAMED_MILLIS);
    private final Map<Bytes, ConnectedPeer> connectedPeers = new LinkedHashMap<>();
    private Listener listener = new Listener() {};
    private boolean changed;

    public PeerManager(
            GossipContext gossipContext,
            AddressPolicy policy,
            PeerSessions sessions,
            Handshake handshake,
            PeerConduct conduct) {
        this.gossipContext = gossipContext;
        this.conduct = conduct;
        this.sessions = sessions;
        this.handshake = handshake;
        this.identities = handshake.identities();
        resolver = new Resolver(gossipContext, policy);
        book = new AddressBook(
                new AddressBook.Settings(
                        gossipContext.identity().key(),
                        gossipContext.advertised(),
                        gossipContext.identity().derive("qbc/address-buckets/1"),
                        gossipContext.gossip().peersMax(),
                        gossipContext.gossip().heartbeat().toMillis(),
                        gossipContext.backoff(),
                        gossipContext.gossip().conduct().introductions()),
                gossipContext.random());
        conduct.peers(this);
    }

    /** Who did what no honest peer does. */
    public PeerConduct conduct() {
        return conduct;
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
            book.restore(stored, fine.address(), gossipContext.now());
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

    /** The owner of a key says that it is called at this address. */
    public void addressLearned(String text, Bytes key) {
        if (PeerAddress.read(text) instanceof Reading.Fine fine && conduct.admits(key.hex())) {
            book.learned(fine.address(), key, NetworkGroup.of(fine.address()), gossipContext.now());
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
        return send(peer, method, request, timeout, Map.of()).compose(frame -> decode(peer, method, frame));
    }

    /** The same in a trace, with header fields that name it. */
    public <Q extends Message, A extends Message> Future<A> call(
            ConnectedPeer peer, PeerMethod<Q, A> method, Q request, Map<String, String> fields) {
        return send(peer, method, request, gossipContext.callTimeout(), fields)
                .compose(frame -> decode(peer, method, frame));
    }

    /** The same up to the answer's frame, for who decodes it later. */
    public <Q extends Message> Future<Bytes> send(ConnectedPeer peer, PeerMethod<Q, ?> method, Q request) {
        return send(peer, method, request, gossipContext.callTimeout(), Map.of());
    }

    private <Q extends Message> Future<Bytes> send(
            ConnectedPeer peer, PeerMethod<Q, ?> method, Q request, Duration timeout, Map<String, String> fields) {
        return sessions.send(peer.peerEndpoint(), peer.key(), method, request, timeout, fields)
                .onSuccess(answer -> book.answered(peer.key(), gossipContext.now()))
                .onFailure(cause -> failed(peer, cause));
    }

    /** The answer in a peer's frame; fails with {@link PeerCallFailure} if there is none. */
    public <A extends Message> Future<A> decode(ConnectedPeer peer, PeerMethod<?, A> method, Bytes frame) {
        return gossipContext.decode(method.answer(), frame).map(decoded -> {
            if (decoded.isEmpty() && FrameCodec.isOfThisVersion(frame)) {
                conduct.report(peer.key().hex(), Misbehaviour.MALFORMED_MESSAGE);
            }
            A answer = decoded.orElseThrow(PeerCallFailure::malformed);
            if (answer instanceof Status status) {
                addressesLearned(peer, status.addresses());
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

    /** All known peers, with where they are with a chain. */
    public List<Peer> peers(Optional<Hash> chain) {
        return book.contacts().stream().map(contact -> shown(contact, chain)).toList();
    }

    private Peer shown(Contact contact, Optional<Hash> chain) {
        Optional<ConnectedPeer> peer = find(contact.key());
        Optional<Claim> claim = peer.flatMap(connected -> chain.flatMap(connected::claim));
        return new Peer(
                contact.address().text(),
                contact.key(),
                contact.live(),
                claim.map(Claim::height).orElse(0L),
                claim.map(Claim::hash),
                contact.since(),
                contact.seenAt(),
                peer.filter(ConnectedPeer::live).map(ConnectedPeer::latency).orElseGet(OptionalLong::empty),
                contact.failures(),
                contact.lastError(),
                conduct.score(contact.key()));
    }

    @Override
    public boolean isConfigured(Bytes key) {
        return book.contacts().stream()
                .anyMatch(contact -> contact.configured() && contact.key().equals(key));
    }

    @Override
    public Optional<String> ip(Bytes key) {
        return find(key).map(peer -> peer.peerEndpoint().ip());
    }

    @Override
    public void banned(Ban ban) {
        List<ConnectedPeer> concerned = connectedPeers.values().stream()
                .filter(peer -> !admits(peer.key(), peer.peerEndpoint()))
                .toList();
        concerned.forEach(peer -> book.dismiss(peer.key(), gossipContext.now()));
        reconcile();
    }

    /** Whether neither the key nor the address is banned. */
    private boolean admits(Bytes key, PeerEndpoint endpoint) {
        return conduct.admits(key.hex()) && conduct.admits(endpoint.ip());
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
                .map(contact ->
                        new PeerFile.Stored(contact.address().text(), contact.key(), contact.since(), contact.seenAt()))
                .toList());
    }

    private Future<Discovered> discover(PeerAddress address) {
        Optional<Contact> known = book.at(address);
        if (known.filter(Contact::live).isPresent()) {
            return Future.succeededFuture(new Discovered());
        }
        if (!book.hasRoom()) {
            return refused(Reason.PEER_REFUSED, FULL);
        }
        return resolver.pin(address, known.filter(Contact::configured).isPresent())
                .compose(this::welcome)
                .compose(at -> handshake.challenge(at, Mark.NONE))
                .compose(result -> discovered(admit(result, true)))
                .recover(cause -> undiscovered(address, cause));
    }

    private Future<PeerEndpoint> welcome(PeerEndpoint endpoint) {
        return conduct.admits(endpoint.ip())
                ? Future.succeededFuture(endpoint)
                : Future.failedFuture(new Failure(Reason.PEER_REFUSED, BANNED));
    }

    private Future<Void> handshake(Contact contact) {
        // A live peer is called where it was found; only after it was away is its name looked up again.
        Future<PeerEndpoint> peerEndpoint = live(contact.key())
                .map(connectedPeer -> Future.succeededFuture(connectedPeer.peerEndpoint()))
                .orElseGet(() ->
                        resolver.pin(contact.address(), contact.configured()).compose(this::welcome));
        Mark known = find(contact.key()).map(ConnectedPeer::mark).orElse(Mark.NONE);
        return peerEndpoint.compose(at -> challenge(at, known)).onFailure(cause -> {
            // Whoever named it shall not learn what is there.
            boolean told = contact.configured() || cause instanceof PeerRefusal;
            unusable(contact.address(), told ? String.valueOf(cause.getMessage()) : NO_PEER);
            book.unanswered(contact.address(), refusedConnection(cause), gossipContext.now());
            reconcile();
        });
    }

    /** A challenge is as small as a call can be, so that the time to its answer is how far away the peer is. */
    private Future<Void> challenge(PeerEndpoint at, Mark known) {
        long sentAt = gossipContext.now();
        return handshake.challenge(at, known).map(result -> {
            long took = gossipContext.now() - sentAt;
            admit(result, false);
            live(result.key()).ifPresent(peer -> peer.answered(took));
            return null;
        });
    }

    /** A configured address is told of once for each reason. */
    private void unusable(PeerAddress address, String why) {
        if (book.unusable(address, why)) {
            LOG.warn("the configured peer {} is not used, and tried again: {}", address, why);
        }
    }

    /** @param vouched whether the operator named the address */
    private AddressBook.Outcome admit(Handshake.Result result, boolean vouched) {
        PeerAddress address = result.peerEndpoint().address();
        if (!conduct.admits(result.key().hex())) {
            unusable(address, BANNED);
            book.unwanted(address, gossipContext.now());
            reconcile();
            return AddressBook.Outcome.BANNED;
        }
        boolean canonical = PeerAddress.read(result.address()).equals(new Reading.Fine(address));
        AddressBook.Outcome outcome = book.handshaken(
                new AddressBook.Answerer(
                        address, result.key(), canonical, vouched, NetworkGroup.of(result.peerEndpoint())),
                gossipContext.now());
        reconcile();
        identities.met(result, gossipContext.now());
        if (outcome == AddressBook.Outcome.ELSEWHERE) {
            addressLearned(result.address(), result.key());
        }
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
        addressesLearned(peer, status.addresses());
        listener.statusReceived(peer, status);
    }

    /** A peer named addresses of others. */
    private void addressesLearned(ConnectedPeer peer, List<String> addresses) {
        String source = NetworkGroup.of(peer.peerEndpoint());
        addresses.stream()
                .limit(ADDRESSES_MAX)
                .flatMap(text -> PeerAddress.read(text) instanceof Reading.Fine fine
                        ? Stream.of(fine.address())
                        : Stream.empty())
                .filter(address -> book.at(address).isEmpty())
                .filter(address -> named.take(peer.key().hex(), gossipContext.now()))
                .forEach(address -> book.learned(address, Bytes.EMPTY, source, gossipContext.now()));
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

    private static Future<Discovered> discovered(AddressBook.Outcome outcome) {
        return switch (outcome) {
            case JOINED, STAYED, SECOND_NAME, ELSEWHERE -> Future.succeededFuture(new Discovered());
            case SELF -> refused(Reason.PEER_REFUSED, SELF);
            case FULL -> refused(Reason.PEER_REFUSED, FULL);
            case BANNED -> refused(Reason.PEER_REFUSED, BANNED);
        };
    }

    private static Future<Discovered> undiscovered(PeerAddress address, Throwable cause) {
        LOG.info("the node at {} does not become a peer: {}", address, cause.getMessage());
        if (cause instanceof PeerRefusal) {
            return refused(Reason.PEER_UNREACHABLE, String.valueOf(cause.getMessage()));
        }
        return cause instanceof Failure failure && failure.refusal().reason() != Reason.PEER_UNREACHABLE
                ? Future.failedFuture(cause)
                : refused(Reason.PEER_UNREACHABLE, NO_PEER + "; the log of this node says more");
    }

    private static Future<Discovered> refused(Reason reason, String detail) {
        return Future.failedFuture(new Failure(reason, detail));
    }

    private static boolean refusedConnection(Throwable cause) {
        return cause instanceof PeerCallFailure no && no.kind() == Fault.Kind.REFUSED;
    }
}
