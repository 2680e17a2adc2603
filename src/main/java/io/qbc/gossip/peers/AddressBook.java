package io.qbc.gossip.peers;

import io.qbc.config.PeerAddress;
import io.qbc.model.Bytes;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.Ration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * An address book of peers, known, live and dead, which decides with whom a handshake is due: decisions only. Each
 * address has its turn again and again: a live peer's at every heartbeat, a dead one's with growing pauses, a mere
 * candidate's once each time that somebody names it. However many addresses one network has, it has at most half of the
 * places. Times are milliseconds.
 */
final class AddressBook {
    private static final int FAILURES_MAX = 3;
    private static final int REFUSED_MAX = 2;
    private static final int UNDER_WAY_MAX = 16;
    /** A dead peer may lose its place to a new one after so many failures. */
    private static final int FAILURES_LOST = 8;

    private static final int SHUNNED_MAX = 1024;
    private static final int ERRORS_MAX = 16;
    /** Of so many networks the peer that is known for longest is never replaced by a new one. */
    private static final int ANCHORS_MAX = 8;
    /** At most this part of all places is theirs. */
    private static final int ANCHOR_PARTS = 4;
    /** Unless it was away for so long. */
    private static final long ANCHOR_AWAY_MILLIS = 7 * 24 * 3_600_000L;

    private static final long MINUTE_MILLIS = 60_000;
    private static final String ALL = "";

    private final Settings settings;
    private final Bytes self;
    private final int peersMax;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final CandidateTable candidates;
    private final Ration introductions;
    /** Configured addresses and those of peers. */
    private final Map<PeerAddress, Entry> entries = new LinkedHashMap<>();
    /** Addresses that somebody named, and nobody has signed a challenge at. */
    private final Map<PeerAddress, Entry> named = new LinkedHashMap<>();
    /** The entry at which each key answers, or answered last. */
    private final Map<Bytes, Entry> keyed = new LinkedHashMap<>();
    /** Addresses that get no handshake before a time: this node itself, a peer's second name, nobody there. */
    private final Map<PeerAddress, Shunned> shunned = new LinkedHashMap<>();

    AddressBook(Settings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        self = settings.self();
        peersMax = settings.peersMax();
        backoff = settings.backoff();
        candidates = new CandidateTable(settings.salt());
        introductions = new Ration(settings.introductions(), MINUTE_MILLIS);
    }

    /**
     * What the book decides with.
     *
     * @param own this node's base address as peers call it, or empty
     * @param salt by which nobody else can tell which addresses crowd each other out
     * @param introductions handshakes a minute with addresses that somebody named
     */
    record Settings(
            Bytes self,
            String own,
            Bytes salt,
            int peersMax,
            long heartbeatMillis,
            Backoff backoff,
            int introductions) {}

    private record Shunned(int failures, long until) {}

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
        /** The node there says that its address is another one. */
        ELSEWHERE,
        SELF,
        FULL,
        BANNED
    }

    /**
     * Who signed the challenge at an address.
     *
     * @param canonical whether it says itself that this is its address
     * @param vouched whether the operator named the address
     * @param group the network of the IP address that was called
     */
    record Answerer(PeerAddress address, Bytes key, boolean canonical, boolean vouched, String group) {}

    /**
     * What the book says about an address.
     *
     * @param key empty as long as no handshake succeeded there
     * @param configured whether the operator configured it
     * @param since when it became a peer; 0 if it is none
     * @param lastError why it was of no use when that was tried last; empty if it was
     */
    record Contact(
            PeerAddress address,
            Bytes key,
            boolean configured,
            boolean live,
            long since,
            long seenAt,
            int failures,
            String lastError) {}

    private static final class Entry {
        final PeerAddress address;
        Kind kind;
        Bytes key = Bytes.EMPTY;
        boolean live;
        boolean underWay;
        int failures;
        int refused;
        long since;
        long seenAt;
        long dueAt;
        String group = NetworkGroup.LOOPBACK;
        String lastError = "";
        /** For which reasons it was of no use since it was last. */
        final Set<String> errors = new LinkedHashSet<>();

        Entry(PeerAddress address, Kind kind, long dueAt) {
            this.address = address;
            this.kind = kind;
            this.dueAt = dueAt;
        }

        Contact contact() {
            return new Contact(address, key, kind == Kind.SEED, live, since, seenAt, failures, lastError);
        }
    }

    /** A configured address: kept and tried for good. */
    void seed(PeerAddress address, long now) {
        candidates.remove(address);
        named.remove(address);
        entries.computeIfAbsent(address, a -> new Entry(a, Kind.SEED, now)).kind = Kind.SEED;
    }

    /** A peer of an earlier run; it must pass the challenge again before it is called. */
    void restore(PeerFile.Stored stored, PeerAddress address, long now) {
        Bytes key = stored.key();
        if (peers() < peersMax && !key.equals(self) && !keyed.containsKey(key)) {
            Entry entry = entries.computeIfAbsent(address, a -> new Entry(a, Kind.PEER, now));
            if (entry.key.isEmpty()) {
                entry.key = key;
                entry.since = Math.min(now, stored.since());
                entry.seenAt = stored.seenAt();
                entry.group = NetworkGroup.of(address);
                keyed.put(key, entry);
            }
        }
    }

    /**
     * A peer named the address of a node.
     *
     * @param key empty unless that node said so itself
     * @param source the network of who named it
     */
    void learned(PeerAddress address, Bytes key, String source, long now) {
        if (address.text().equals(settings.own()) || key.equals(self)) {
            return;
        }
        Entry entry = find(address);
        if (entry != null) {
            boolean returned = !key.isEmpty() && !entry.live && (entry.key.isEmpty() || entry.key.equals(key));
            // Its own call shows that it is up again: there is no reason to wait out the pause.
            entry.dueAt = returned && entry.failures > 1 ? now : entry.dueAt;
            return;
        }
        Shunned before = shunned.get(address);
        if ((before == null || before.until() <= now) && hasRoom() && candidates.add(address, source)) {
            named.put(address, new Entry(address, Kind.CANDIDATE, now));
        }
    }

    /** With whom a handshake is due; each must be reported as done or failed before it is given again. */
    List<Contact> due(long now) {
        long underWay = Stream.concat(entries.values().stream(), named.values().stream())
                .filter(entry -> entry.underWay && !entry.live)
                .count();
        List<Contact> due = new ArrayList<>();
        for (Entry entry : entries.values()) {
            boolean waits = entry.underWay || entry.dueAt > now;
            if (waits || (!entry.live && underWay >= UNDER_WAY_MAX)) {
                continue;
            }
            entry.underWay = true;
            underWay += entry.live ? 0 : 1;
            due.add(entry.contact());
        }
        due.addAll(introduced((int) (UNDER_WAY_MAX - underWay), now));
        return due;
    }

    /** Candidates whose turn it is; a handshake on somebody's say-so costs this node and the one called. */
    private List<Contact> introduced(int count, long now) {
        List<Contact> due = new ArrayList<>();
        if (named.isEmpty() || !introductions.has(ALL, now)) {
            return due;
        }
        for (PeerAddress address : candidates.draw(count, random, each -> !candidate(each).underWay)) {
            if (!introductions.take(ALL, now)) {
                break;
            }
            Entry entry = candidate(address);
            entry.underWay = true;
            due.add(entry.contact());
        }
        return due;
    }

    private Entry candidate(PeerAddress address) {
        return Objects.requireNonNull(named.get(address));
    }

    private Entry find(PeerAddress address) {
        return entries.getOrDefault(address, named.get(address));
    }

    /** Whether one more peer could be taken. */
    boolean hasRoom() {
        return peers() < peersMax || lost().isPresent() || crowd().isPresent();
    }

    /** The owner of a key signed the challenge at an address. */
    Outcome handshaken(Answerer answerer, long now) {
        Bytes key = answerer.key();
        Entry entry = Optional.ofNullable(find(answerer.address()))
                .orElseGet(() -> new Entry(answerer.address(), Kind.CANDIDATE, now));
        entry.underWay = false;
        entry.failures = 0;
        entry.refused = 0;
        entry.group = answerer.group();
        if (key.equals(self)) {
            discourage(entry, now);
            return Outcome.SELF;
        }
        Entry other = keyed.get(key);
        // Whoever passes the challenge on to another node would be listed under the key of that one.
        if (!answerer.canonical() && !answerer.vouched() && entry.kind != Kind.SEED && other != entry) {
            discourage(entry, now);
            return other == null ? Outcome.ELSEWHERE : Outcome.SECOND_NAME;
        }
        boolean lived = other != null && other.live;
        if (other != null && other != entry) {
            boolean replaces = !other.live || (answerer.canonical() && other.kind != Kind.SEED);
            if (!replaces) {
                discourage(entry, now);
                return Outcome.SECOND_NAME;
            }
            entry.since = other.since;
            release(other);
        } else if (other == null && entry.kind != Kind.SEED && !makeRoom(entry, now)) {
            discourage(entry, now);
            return Outcome.FULL;
        }
        admit(entry, key, now);
        return lived ? Outcome.STAYED : Outcome.JOINED;
    }

    /** A peer is no longer wanted; a configured address is tried again after a while. */
    void dismiss(Bytes key, long now) {
        Entry entry = keyed.get(key);
        if (entry != null) {
            discourage(entry, now);
        }
    }

    /** What answers at an address is not wanted. */
    void unwanted(PeerAddress address, long now) {
        Entry entry = find(address);
        if (entry != null) {
            entry.underWay = false;
            discourage(entry, now);
        }
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
        Entry entry = find(address);
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
        Entry entry = find(address);
        if (entry == null) {
            return false;
        }
        entry.lastError = why;
        return entry.kind == Kind.SEED && entry.errors.size() < ERRORS_MAX && entry.errors.add(why);
    }

    /** Every address whose owner is or was a peer, and the configured ones. */
    List<Contact> contacts() {
        return entries.values().stream().map(Entry::contact).toList();
    }

    /** The live peer with this key. */
    Optional<Contact> live(Bytes key) {
        return Optional.ofNullable(keyed.get(key)).filter(entry -> entry.live).map(Entry::contact);
    }

    /** What is known of an address. */
    Optional<Contact> at(PeerAddress address) {
        return Optional.ofNullable(find(address)).map(Entry::contact);
    }

    private boolean failed(Entry entry, boolean refusedConnection, long now) {
        if (entry.kind == Kind.CANDIDATE) {
            shun(entry, now);
            return false;
        }
        entry.failures++;
        entry.refused = refusedConnection ? entry.refused + 1 : 0;
        if (entry.live && entry.failures < FAILURES_MAX && entry.refused < REFUSED_MAX) {
            entry.dueAt = Math.min(entry.dueAt, now + backoff.pause(1, random.nextDouble()));
            return false;
        }
        boolean left = entry.live;
        entry.live = false;
        entry.dueAt = now + backoff.pause(left ? 1 : entry.failures, random.nextDouble());
        return left;
    }

    private void admit(Entry entry, Bytes key, long now) {
        keyed.remove(entry.key, entry);
        candidates.remove(entry.address);
        named.remove(entry.address);
        shunned.remove(entry.address);
        entries.put(entry.address, entry);
        entry.kind = entry.kind == Kind.SEED ? Kind.SEED : Kind.PEER;
        entry.since = entry.since == 0 ? now : entry.since;
        entry.key = key;
        entry.live = true;
        entry.lastError = "";
        entry.errors.clear();
        entry.seenAt = now;
        entry.dueAt = now + (long) (settings.heartbeatMillis() * (0.8 + 0.4 * random.nextDouble()));
        keyed.put(key, entry);
    }

    /** Makes room for a new peer if need be and possible, so that no network has more than half of all places. */
    private boolean makeRoom(Entry entry, long now) {
        if (entry.kind == Kind.PEER) {
            return true;
        }
        boolean remote = !entry.group.equals(NetworkGroup.LOOPBACK);
        long same = remote ? ofGroup(entry.group) : 0;
        if (remote && same >= Math.max(1, peersMax / 2)) {
            return false;
        }
        if (peers() < peersMax) {
            return true;
        }
        List<Entry> anchors = anchors(now);
        Optional<Entry> leaves = lost().filter(gone -> !anchors.contains(gone));
        if (leaves.isEmpty()) {
            leaves = crowd().filter(group -> group.size() > same + 1)
                    .flatMap(group -> group.stream()
                            .filter(each -> !anchors.contains(each))
                            .max(Comparator.comparingLong(each -> each.since)));
        }
        leaves.ifPresent(this::release);
        return leaves.isPresent();
    }

    /** The peers of the network that has most of them, if it has more than one. */
    private Optional<List<Entry>> crowd() {
        Map<String, List<Entry>> groups = new TreeMap<>();
        for (Entry entry : entries.values()) {
            if (entry.kind == Kind.PEER && !entry.group.equals(NetworkGroup.LOOPBACK)) {
                groups.computeIfAbsent(entry.group, group -> new ArrayList<>()).add(entry);
            }
        }
        return groups.values().stream().filter(group -> group.size() > 1).max(Comparator.comparingInt(List::size));
    }

    /** The peers of longest standing, one of each network: whoever comes later cannot take their places. */
    private List<Entry> anchors(long now) {
        Set<String> groups = new LinkedHashSet<>();
        return entries.values().stream()
                .filter(entry -> entry.kind == Kind.PEER && entry.seenAt > now - ANCHOR_AWAY_MILLIS)
                .sorted(Comparator.comparingLong(entry -> entry.since))
                .filter(entry -> entry.group.equals(NetworkGroup.LOOPBACK) || groups.add(entry.group))
                .limit(Math.min(ANCHORS_MAX, peersMax / ANCHOR_PARTS))
                .toList();
    }

    private long ofGroup(String group) {
        return entries.values().stream()
                .filter(entry -> entry.kind == Kind.PEER && entry.group.equals(group))
                .count();
    }

    /** Takes the key away from an entry; a configured address stays, to be tried on. */
    private void release(Entry entry) {
        keyed.remove(entry.key, entry);
        entry.key = Bytes.EMPTY;
        entry.live = false;
        if (entry.kind != Kind.SEED) {
            entries.remove(entry.address);
            named.remove(entry.address);
            candidates.remove(entry.address);
        }
    }

    private void discourage(Entry entry, long now) {
        release(entry);
        entry.dueAt = now + backoff.maxMillis();
        if (entry.kind != Kind.SEED) {
            shun(entry.address, new Shunned(1, now + backoff.maxMillis()));
        }
    }

    /** Nobody was there; the next time that somebody names the address counts only after a pause that grows. */
    private void shun(Entry entry, long now) {
        release(entry);
        Shunned before = shunned.get(entry.address);
        int failures = before == null ? 1 : before.failures() + 1;
        shun(entry.address, new Shunned(failures, now + backoff.pause(failures, random.nextDouble())));
    }

    private void shun(PeerAddress address, Shunned how) {
        shunned.remove(address);
        shunned.put(address, how);
        if (shunned.size() > SHUNNED_MAX) {
            shunned.remove(shunned.keySet().iterator().next());
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
}
