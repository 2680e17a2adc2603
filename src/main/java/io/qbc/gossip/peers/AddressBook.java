package io.qbc.gossip.peers;

import io.qbc.config.PeerAddress;
import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Backoff;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * An address book of peers, known, live and dead, which decides with whom a handshake is due: decisions only. Each
 * address has its turn again and again: a live peer's at every heartbeat, a dead one's with growing pauses, a mere
 * candidate's a few times. Times are milliseconds.
 */
final class AddressBook {
    private static final int FAILURES_MAX = 3;
    private static final int REFUSED_MAX = 2;
    private static final int CANDIDATE_TRIES = 4;
    private static final int CANDIDATES_MAX = 64;
    private static final int UNDER_WAY_MAX = 16;
    /** A dead peer may lose its place to a new one after so many failures. */
    private static final int FAILURES_LOST = 8;

    private static final int DISCOURAGED_MAX = 256;
    private static final int ERRORS_MAX = 16;

    private final Bytes self;
    private final String own;
    private final int peersMax;
    private final long heartbeatMillis;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final Map<PeerAddress, Entry> entries = new LinkedHashMap<>();
    /** The entry at which each key answers, or answered last. */
    private final Map<Bytes, Entry> keyed = new LinkedHashMap<>();
    /** Addresses that get no handshake before a time: this node itself, a peer's second name, nobody there. */
    private final Map<PeerAddress, Long> discouraged = new LinkedHashMap<>();

    /** @param own this node's base address as peers call it, or empty */
    AddressBook(Bytes self, String own, int peersMax, long heartbeatMillis, Backoff backoff, RandomGenerator random) {
        this.self = self;
        this.own = own;
        this.peersMax = peersMax;
        this.heartbeatMillis = heartbeatMillis;
        this.backoff = backoff;
        this.random = random;
    }

    private enum Kind {
        SEED,
        PEER,
        CANDIDATE
    }

    /** What a handshake made of an address. */
    enum Outcome {
        JOINED,
        STAYED,
        SECOND_NAME,
        SELF,
        FULL
    }

    /**
     * What the book says about an address.
     *
     * @param key empty as long as no handshake succeeded there
     * @param lastError why it was of no use when that was tried last; empty if it was
     */
    record Contact(PeerAddress address, Bytes key, boolean live, long seenAt, int failures, String lastError) {}

    private static final class Entry {
        final PeerAddress address;
        Kind kind;
        Bytes key = Bytes.EMPTY;
        boolean live;
        boolean underWay;
        int failures;
        int refused;
        long seenAt;
        long dueAt;
        String lastError = "";
        /** For which reasons it was of no use since it was last. */
        final Set<String> errors = new LinkedHashSet<>();

        Entry(PeerAddress address, Kind kind, long dueAt) {
            this.address = address;
            this.kind = kind;
            this.dueAt = dueAt;
        }

        Contact contact() {
            return new Contact(address, key, live, seenAt, failures, lastError);
        }
    }

    /** A configured address: kept and tried for good. */
    void seed(PeerAddress address, long now) {
        entries.computeIfAbsent(address, a -> new Entry(a, Kind.SEED, now)).kind = Kind.SEED;
    }

    /** A peer of an earlier run; it must pass the challenge again before it is called. */
    void restore(PeerAddress address, Bytes key, long seenAt, long now) {
        if (peers() < peersMax && !key.equals(self) && !keyed.containsKey(key)) {
            Entry entry = entries.computeIfAbsent(address, a -> new Entry(a, Kind.PEER, now));
            if (entry.key.isEmpty()) {
                entry.key = key;
                entry.seenAt = seenAt;
                keyed.put(key, entry);
            }
        }
    }

    /** A peer named the address of a node; {@code key} is empty unless that node said so itself. */
    void learned(PeerAddress address, Bytes key, long now) {
        if (address.text().equals(own) || key.equals(self)) {
            return;
        }
        Entry entry = entries.get(address);
        if (entry != null) {
            boolean returned = !key.isEmpty() && !entry.live && (entry.key.isEmpty() || entry.key.equals(key));
            // Its own call shows that it is up again: there is no reason to wait out the pause.
            entry.dueAt = returned && entry.failures > 1 ? now : entry.dueAt;
            return;
        }
        if (discouraged.getOrDefault(address, Long.MIN_VALUE) <= now && hasRoom() && candidates() < CANDIDATES_MAX) {
            entries.put(address, new Entry(address, Kind.CANDIDATE, now));
        }
    }

    /** With whom a handshake is due; each must be reported as done or failed before it is given again. */
    List<Contact> due(long now) {
        long underWay =
                entries.values().stream().filter(e -> e.underWay && !e.live).count();
        List<Contact> due = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.underWay || entry.dueAt > now || (!entry.live && underWay >= UNDER_WAY_MAX)) {
                continue;
            }
            entry.underWay = true;
            underWay += entry.live ? 0 : 1;
            due.add(entry.contact());
        }
        return due;
    }

    /** Whether one more peer could be taken. */
    boolean hasRoom() {
        return peers() < peersMax || lost().isPresent();
    }

    /**
     * The owner of {@code key} signed the challenge at an address.
     *
     * @param canonical whether it says itself that this is its address
     */
    Outcome handshaken(PeerAddress address, Bytes key, boolean canonical, long now) {
        Entry entry = entries.computeIfAbsent(address, a -> new Entry(a, Kind.CANDIDATE, now));
        entry.underWay = false;
        entry.failures = 0;
        entry.refused = 0;
        if (key.equals(self)) {
            discourage(entry, now);
            return Outcome.SELF;
        }
        Entry other = keyed.get(key);
        boolean lived = other != null && other.live;
        if (other != null && other != entry) {
            boolean replaces = !other.live || (canonical && other.kind != Kind.SEED);
            if (!replaces) {
                discourage(entry, now);
                return Outcome.SECOND_NAME;
            }
            release(other);
        } else if (other == null && entry.kind != Kind.SEED && !makeRoom(entry)) {
            discourage(entry, now);
            return Outcome.FULL;
        }
        admit(entry, key, now);
        return lived ? Outcome.STAYED : Outcome.JOINED;
    }

    /** A call to a live peer succeeded. */
    void answered(Bytes key, long now) {
        Entry entry = keyed.get(key);
        if (entry != null && entry.live) {
            entry.failures = 0;
            entry.refused = 0;
            entry.seenAt = now;
        }
    }

    /** A call to a live peer failed; true if that made it leave the live list. */
    boolean failed(Bytes key, boolean refusedConnection, long now) {
        Entry entry = keyed.get(key);
        return entry != null && entry.live && failed(entry, refusedConnection, now);
    }

    /** A handshake failed; true if that made a live peer leave the live list. */
    boolean unanswered(PeerAddress address, boolean refusedConnection, long now) {
        Entry entry = entries.get(address);
        if (entry == null) {
            return false;
        }
        entry.underWay = false;
        return failed(entry, refusedConnection, now);
    }

    /**
     * Takes down why an address is of no use; true if it is a configured one, and that is news.
     *
     * @param why in words that are the same each time
     */
    boolean unusable(PeerAddress address, String why) {
        Entry entry = entries.get(address);
        if (entry == null) {
            return false;
        }
        entry.lastError = why;
        return entry.kind == Kind.SEED && entry.errors.size() < ERRORS_MAX && entry.errors.add(why);
    }

    /** Every address whose owner is or was a peer, and the configured ones. */
    List<Contact> contacts() {
        return entries.values().stream()
                .filter(entry -> entry.kind != Kind.CANDIDATE)
                .map(Entry::contact)
                .toList();
    }

    /** The live peer with this key. */
    Optional<Contact> live(Bytes key) {
        return Optional.ofNullable(keyed.get(key)).filter(entry -> entry.live).map(Entry::contact);
    }

    /** What is known of an address. */
    Optional<Contact> at(PeerAddress address) {
        return Optional.ofNullable(entries.get(address)).map(Entry::contact);
    }

    private boolean failed(Entry entry, boolean refusedConnection, long now) {
        entry.failures++;
        entry.refused = refusedConnection ? entry.refused + 1 : 0;
        if (entry.live && entry.failures < FAILURES_MAX && entry.refused < REFUSED_MAX) {
            entry.dueAt = Math.min(entry.dueAt, now + backoff.pause(1, random.nextDouble()));
            return false;
        }
        boolean left = entry.live;
        entry.live = false;
        entry.dueAt = now + backoff.pause(left ? 1 : entry.failures, random.nextDouble());
        if (entry.kind == Kind.CANDIDATE && entry.failures >= CANDIDATE_TRIES) {
            discourage(entry, now);
        }
        return left;
    }

    private void admit(Entry entry, Bytes key, long now) {
        keyed.remove(entry.key, entry);
        entry.kind = entry.kind == Kind.SEED ? Kind.SEED : Kind.PEER;
        entry.key = key;
        entry.live = true;
        entry.lastError = "";
        entry.errors.clear();
        entry.seenAt = now;
        entry.dueAt = now + (long) (heartbeatMillis * (0.8 + 0.4 * random.nextDouble()));
        keyed.put(key, entry);
    }

    /** Makes room for a new peer if need be and possible. */
    private boolean makeRoom(Entry entry) {
        if (entry.kind == Kind.PEER || peers() < peersMax) {
            return true;
        }
        Optional<Entry> lost = lost();
        lost.ifPresent(this::release);
        return lost.isPresent();
    }

    /** Takes the key away from an entry; a configured address stays, to be tried on. */
    private void release(Entry entry) {
        keyed.remove(entry.key, entry);
        entry.key = Bytes.EMPTY;
        entry.live = false;
        if (entry.kind != Kind.SEED) {
            entries.remove(entry.address);
        }
    }

    private void discourage(Entry entry, long now) {
        release(entry);
        entry.dueAt = now + backoff.maxMillis();
        if (entry.kind != Kind.SEED) {
            discouraged.remove(entry.address);
            discouraged.put(entry.address, now + backoff.maxMillis());
            if (discouraged.size() > DISCOURAGED_MAX) {
                discouraged.remove(discouraged.keySet().iterator().next());
            }
        }
    }

    private Optional<Entry> lost() {
        return entries.values().stream()
                .filter(entry -> entry.kind == Kind.PEER && !entry.live && entry.failures >= FAILURES_LOST)
                .min(Comparator.comparingLong(entry -> entry.seenAt));
    }

    private long peers() {
        return entries.values().stream()
                .filter(entry -> entry.kind == Kind.PEER)
                .count();
    }

    private long candidates() {
        return entries.values().stream()
                .filter(entry -> entry.kind == Kind.CANDIDATE)
                .count();
    }
}
