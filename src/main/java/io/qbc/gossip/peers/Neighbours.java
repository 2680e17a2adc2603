package io.qbc.gossip.peers;

import io.qbc.bus.Catalogue.Discovered;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Failure;
import io.qbc.gossip.peers.AddressPolicy.Reading;
import io.qbc.gossip.peers.PeerBook.Contact;
import io.qbc.gossip.wire.NoAnswer;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.peer.Company;
import io.vertx.core.Future;
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

/** Carries out what the {@link PeerBook} decides: greets, keeps the links to live peers, and counts their failures. */
public final class Neighbours implements Company {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final int ADDRESSES_MAX = 64;
    private static final String FULL = "there are as many peers as gossip.peersMax permits";

    private final Setting setting;
    private final AddressPolicy policy;
    private final Resolver resolver;
    private final Calls calls;
    private final Greeter greeter;
    private final PeerBook book;
    private final Map<Bytes, Link> links = new LinkedHashMap<>();
    private Listener listener = new Listener() {};
    private boolean changed;

    public Neighbours(Setting setting, AddressPolicy policy, Calls calls, Greeter greeter) {
        this.setting = setting;
        this.policy = policy;
        this.calls = calls;
        this.greeter = greeter;
        resolver = new Resolver(setting, policy);
        book = new PeerBook(
                setting.identity().key(),
                setting.advertised(),
                setting.gossip().peersMax(),
                setting.gossip().heartbeat().toMillis(),
                setting.backoff(),
                setting.chance());
    }

    /** Hears what happens to peers. */
    public interface Listener {
        /** A peer is alive, for the first time or again. */
        default void joined(Link peer) {}

        /** A peer left the live list. */
        default void left(Link peer) {}

        /** A live peer said which heads it has. */
        default void told(Link peer, Status status) {}
    }

    public void listener(Listener hears) {
        listener = hears;
    }

    /** Takes a configured address; one that the policy cannot read is a fault of the configuration. */
    public void seed(String text) {
        Reading reading = policy.read(text);
        if (reading instanceof Reading.Fine fine) {
            book.seed(fine.address(), setting.now());
        } else if (reading instanceof Reading.Wrong wrong) {
            LOG.warn("the configured peer {} is not called: {}", text, wrong.why());
        }
    }

    public void restore(PeerFile.Stored stored) {
        if (policy.read(stored.address()) instanceof Reading.Fine fine
                && stored.key().size() == Ed25519.KEY_BYTES) {
            book.restore(fine.address(), stored.key(), stored.seenAt(), setting.now());
        }
    }

    /** Greets all whose time has come. */
    public void tick() {
        for (Contact contact : book.due(setting.now())) {
            visit(contact).onFailure(cause -> LOG.debug("greeting {} failed: {}", contact.address(), cause.toString()));
        }
    }

    /** Makes the node at an address a peer, after a challenge. */
    public Future<Discovered> discover(String text) {
        Reading reading = policy.read(text);
        if (reading instanceof Reading.Fine fine) {
            return discover(fine.address());
        }
        String why = reading instanceof Reading.Wrong wrong ? wrong.why() : "";
        return Future.succeededFuture(refused(Reason.PEER_REFUSED, why));
    }

    /** Somebody named an address; {@code key} is empty unless the node there did so itself. */
    public void heard(String text, Bytes key) {
        if (policy.read(text) instanceof Reading.Fine fine) {
            book.heard(fine.address(), key, setting.now());
        }
    }

    /** Calls a live peer, and takes note of how that went. */
    public Future<Bytes> call(Link peer, String verb, Bytes frame) {
        return call(peer, verb, frame, 1);
    }

    /**
     * The same with more time.
     *
     * @param patience how many times the usual timeout the answer may take
     */
    public Future<Bytes> call(Link peer, String verb, Bytes frame, int patience) {
        return calls.call(peer.endpoint(), verb, frame, patience)
                .onSuccess(answer -> book.answered(peer.key(), setting.now()))
                .onFailure(cause -> failed(peer, cause));
    }

    /** Live peers, and those that were. */
    @Override
    public List<Link> all() {
        return List.copyOf(links.values());
    }

    @Override
    public List<Link> live() {
        return links.values().stream().filter(Link::live).toList();
    }

    @Override
    public Optional<Link> live(Bytes key) {
        return find(key).filter(Link::live);
    }

    /** A live peer, or one that was. */
    public Optional<Link> find(Bytes key) {
        return Optional.ofNullable(links.get(key));
    }

    /** Addresses of live peers, to tell others. */
    public List<String> addresses() {
        List<String> addresses =
                new ArrayList<>(live().stream().map(Link::toString).toList());
        Collections.shuffle(addresses, new Random(setting.chance().nextLong()));
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
                        contact.failures()))
                .toList();
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
            return Future.succeededFuture(new Discovered(Optional.empty()));
        }
        if (!book.roomy()) {
            return Future.succeededFuture(refused(Reason.PEER_REFUSED, FULL));
        }
        return resolver.pin(address)
                .compose(at -> greeter.greet(at, Mark.NONE))
                .map(this::discovered)
                .recover(cause -> Future.succeededFuture(undiscovered(cause)));
    }

    private long height(Contact contact, List<Hash> chains) {
        return find(contact.key()).stream()
                .flatMap(link -> chains.stream().limit(1).flatMap(chain -> link.claim(chain).stream()))
                .mapToLong(Claim::height)
                .findFirst()
                .orElse(0);
    }

    private Future<Void> visit(Contact contact) {
        // A live peer is called where it was found; only after it was away is its name looked up again.
        Future<Endpoint> endpoint = live(contact.key())
                .map(link -> Future.succeededFuture(link.endpoint()))
                .orElseGet(() -> resolver.pin(contact.address()));
        Mark known = find(contact.key()).map(Link::mark).orElse(Mark.NONE);
        return endpoint.compose(at -> greeter.greet(at, known))
                .<Void>map(greeted -> {
                    welcome(greeted);
                    return null;
                })
                .onFailure(cause -> {
                    book.unanswered(contact.address(), refusedConnection(cause), setting.now());
                    reconcile();
                });
    }

    private PeerBook.Greeted welcome(Greeter.Greeted greeted) {
        PeerAddress address = greeted.endpoint().address();
        boolean canonical = address.text().equals(greeted.address());
        PeerBook.Greeted outcome = book.greeted(address, greeted.key(), canonical, setting.now());
        reconcile();
        if (outcome == PeerBook.Greeted.JOINED || outcome == PeerBook.Greeted.STAYED) {
            Link link = links.computeIfAbsent(greeted.key(), key -> new Link(key, greeted.endpoint()));
            boolean joined = !link.live();
            changed |= joined || !link.endpoint().equals(greeted.endpoint());
            link.joined(greeted.endpoint());
            told(link, greeted.status());
            if (joined) {
                LOG.info("the peer {} is alive", link);
                listener.joined(link);
            }
        }
        return outcome;
    }

    /** Takes in what a peer says of its heads and of other nodes. */
    private void told(Link peer, Status status) {
        heard(status.addresses());
        listener.told(peer, status);
    }

    /** A peer named addresses. */
    public void heard(List<String> addresses) {
        Predicate<String> other = text -> !text.equals(setting.advertised());
        addresses.stream().limit(ADDRESSES_MAX).filter(other).forEach(text -> heard(text, Bytes.EMPTY));
    }

    private void failed(Link peer, Throwable cause) {
        // A peer that answers, if only that it will not, is alive.
        if (cause instanceof NoAnswer no && no.kind() != Fault.Kind.DECLINED) {
            book.failed(peer.key(), refusedConnection(cause), setting.now());
            reconcile();
        }
    }

    /** Lets go of the links whose peers are no longer alive in the book. */
    private void reconcile() {
        for (Link link : live()) {
            if (book.live(link.key()).isEmpty()) {
                LOG.info("the peer {} does not answer any more", link);
                link.left();
                changed = true;
                listener.left(link);
            }
        }
        if (links.size()
                > 2 * setting.gossip().peersMax() + setting.config().peers().size()) {
            links.values().removeIf(link -> !link.live());
        }
    }

    private Discovered discovered(Greeter.Greeted greeted) {
        return switch (welcome(greeted)) {
            case JOINED, STAYED, SECOND_NAME -> new Discovered(Optional.empty());
            case SELF -> refused(Reason.PEER_REFUSED, "this node itself answers there");
            case FULL -> refused(Reason.PEER_REFUSED, FULL);
        };
    }

    private static Discovered undiscovered(Throwable cause) {
        return cause instanceof Failure failure
                ? new Discovered(Optional.of(failure.refusal()))
                : refused(Reason.PEER_UNREACHABLE, String.valueOf(cause.getMessage()));
    }

    private static Discovered refused(Reason reason, String detail) {
        return new Discovered(Optional.of(new Refusal(reason, detail)));
    }

    private static boolean refusedConnection(Throwable cause) {
        return cause instanceof NoAnswer no && no.kind() == Fault.Kind.REFUSED;
    }
}
