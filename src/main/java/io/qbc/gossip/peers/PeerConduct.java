package io.qbc.gossip.peers;

import io.qbc.bus.Failure;
import io.qbc.config.Cidr;
import io.qbc.config.PeerAddress;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.protocol.peer.Ban;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.peer.PeerScores;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conduct of peers: takes reports of misbehaviour, and bans identity keys and addresses, by itself or for the
 * operator. Confined to one event loop.
 */
public final class PeerConduct {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConduct.class);
    private static final int REASON_MAX = 200;
    private static final int CALLERS_MAX = 1024;
    private static final Duration BAN_MAX = Duration.ofDays(3660);

    private final GossipContext gossipContext;
    private final PeerScores scores;
    private final List<Cidr> proxies;
    /** The address from which the owner of each key called last. */
    private final Map<String, String> callers = new LinkedHashMap<>();

    private Peers peers = new Peers() {};

    public PeerConduct(GossipContext gossipContext) {
        this.gossipContext = gossipContext;
        scores = new PeerScores(
                gossipContext.gossip().conduct().banScore(),
                gossipContext.gossip().conduct().banTime().toMillis());
        proxies = Stream.concat(
                        gossipContext.config().budgets().proxies().stream(),
                        gossipContext.config().http().proxies().stream())
                .flatMap(block -> Cidr.parse(block).stream())
                .toList();
    }

    /** The peers whom bans concern. */
    interface Peers {
        /** Whether the operator configured this peer, so that this node does not ban it by itself. */
        default boolean isConfigured(Bytes key) {
            return false;
        }

        /** The IP address at which the owner of a key is or was called. */
        default Optional<String> ip(Bytes key) {
            return Optional.empty();
        }

        /** A key or an address is banned from now on. */
        default void banned(Ban ban) {}
    }

    void peers(Peers concerned) {
        peers = concerned;
    }

    /** What can be banned: an identity key in hex, or an IP address; nothing if it is neither. */
    static Optional<String> subject(String who) {
        Optional<String> key = Hash.parse(who.toLowerCase(Locale.ROOT)).map(Hash::hex);
        return key.isPresent() ? key : ip(who).map(NetworkGroup::holder);
    }

    private static Optional<InetAddress> ip(String who) {
        // A link-local address of IPv6 has the name of a network interface behind it.
        int scope = who.indexOf('%');
        return PeerAddress.ip(scope < 0 ? who : who.substring(0, scope));
    }

    /**
     * Somebody did what no honest peer does.
     *
     * @param who its identity key in hex if it has proved that, else its IP address
     */
    public void report(String who, Misbehaviour what) {
        Optional<String> subject = subject(who);
        LOG.debug("misbehaviour of {}: {}", who, what.code());
        if (subject.isEmpty() || isSpared(who, subject.get())) {
            scores.count(what);
            return;
        }
        scores.report(subject.get(), what, gossipContext.now()).ifPresent(this::banned);
    }

    /**
     * Configured peers are the operator's to judge. An address from which many nodes come, of this machine or of a
     * proxy, is nobody's in particular.
     */
    private boolean isSpared(String who, String subject) {
        return key(subject)
                .map(peers::isConfigured)
                .orElseGet(() -> ip(who).filter(
                                ip -> ip.isLoopbackAddress() || proxies.stream().anyMatch(block -> block.contains(ip)))
                        .isPresent());
    }

    private static Optional<Bytes> key(String subject) {
        return Hash.parse(subject).map(Hash::bytes).map(Bytes::wrap);
    }

    private void banned(Ban ban) {
        LOG.warn("{} is banned until {}: {}", ban.subject(), Instant.ofEpochMilli(ban.until()), ban.reason());
        Optional<String> ip =
                key(ban.subject()).flatMap(peers::ip).or(() -> Optional.ofNullable(callers.get(ban.subject())));
        peers.banned(ban);
        ip.filter(from -> !ban.byOperator()).ifPresent(from -> report(from, Misbehaviour.BANNED_KEY));
    }

    /** The owner of a key, in hex, calls from this IP address. */
    public void calls(String key, String address) {
        if (!address.equals(callers.get(key))) {
            callers.remove(key);
            callers.put(key, address);
            if (callers.size() > CALLERS_MAX) {
                callers.remove(callers.keySet().iterator().next());
            }
        }
    }

    /** Whether a key in hex or an IP address is not banned. */
    public boolean admits(String who) {
        return subject(who)
                .map(subject -> !scores.banned(subject, gossipContext.now()))
                .orElse(true);
    }

    /** The points of a peer at present. */
    public long score(Bytes key) {
        return scores.score(key.hex(), gossipContext.now());
    }

    /** The operator bans a key or an address. */
    public Ban ban(String who, Optional<Duration> time, String reason) {
        String subject = subject(who)
                .orElseThrow(() -> new Failure(
                        Reason.REQUEST_INVALID,
                        "a peer is banned by its identity key, 64 hexadecimal digits, or by an IP address"));
        if (subject.equals(gossipContext.identity().key().hex())) {
            throw new Failure(Reason.REQUEST_INVALID, "that is this node's own key");
        }
        Duration lasts = time.orElse(gossipContext.gossip().conduct().banTime());
        if (lasts.compareTo(BAN_MAX) > 0 || reason.length() > REASON_MAX) {
            throw new Failure(
                    Reason.REQUEST_INVALID,
                    "a ban lasts " + BAN_MAX.toDays() + " days at most, and its reason has " + REASON_MAX
                            + " characters at most");
        }
        long now = gossipContext.now();
        Ban ban = scores.ban(new Ban(subject, now, now + lasts.toMillis(), reason, true), now);
        banned(ban);
        return ban;
    }

    /** The operator ends a ban. */
    public Ban lift(String who) {
        return subject(who)
                .flatMap(subject -> scores.lift(subject, gossipContext.now()))
                .orElseThrow(() -> new Failure(Reason.BAN_UNKNOWN, "no ban of " + who + " is in force"));
    }

    /** All bans that have not ended. */
    public List<Ban> bans() {
        return scores.bans(gossipContext.now());
    }

    /** How often each misbehaviour was noticed, by its code. */
    public SortedMap<String, Long> counts() {
        return scores.counts();
    }

    public void restore(List<Ban> stored) {
        scores.restore(stored, gossipContext.now());
    }

    /** What is to be stored, if that changed since this was asked last. */
    public Optional<List<Ban>> unsaved() {
        return scores.unsaved();
    }

    /** It could not be stored, and is to be stored later. */
    public void lost() {
        scores.lost();
    }
}
