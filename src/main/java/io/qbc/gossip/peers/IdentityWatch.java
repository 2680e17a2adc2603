package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A watch for identities that several nodes show, as after a copy of a data directory: their seals may contradict each
 * other. This node knows itself by the challenges that it made; a session number of another one, which is made anew at
 * each start, never comes back once there was a later one.
 */
final class IdentityWatch {
    private static final int KEYS_MAX = 1024;
    private static final int SESSIONS_MAX = 8;
    private static final int FOUND_MAX = 16;
    /** How long something is told after it was last noticed. */
    private static final long TOLD_MILLIS = 600_000;

    private final Bytes self;
    /** The nonces of this node's challenges under way, and whether it answered them itself. */
    private final Map<Bytes, Boolean> challenges = new TreeMap<>();
    /** The sessions of each peer and where they were met, the newest last. */
    private final Map<Bytes, LinkedHashMap<Long, String>> sessions = new LinkedHashMap<>();
    /** What was found, and when it was noticed last. */
    private final Map<String, Long> found = new LinkedHashMap<>();

    IdentityWatch(Bytes self) {
        this.self = self;
    }

    /** This node makes a challenge. */
    void asked(Bytes nonce) {
        challenges.put(nonce, false);
    }

    /** A challenge is over; true if this node itself answered it. */
    boolean over(Bytes nonce) {
        return Boolean.TRUE.equals(challenges.remove(nonce));
    }

    /** A caller has signed a challenge with this node's own key. */
    void called(Bytes nonce, String address, long now) {
        if (challenges.replace(nonce, true) == null) {
            own(address, now);
        }
    }

    /** A challenge was answered. */
    void met(Handshake.Result result, long now) {
        String address = result.peerEndpoint().address().text();
        if (!result.key().equals(self)) {
            met(result.key(), address, result.status().mark().session(), now);
        } else if (!result.byItself()) {
            own(address, now);
        }
    }

    void met(Bytes key, String address, long session, long now) {
        LinkedHashMap<Long, String> known = sessions.computeIfAbsent(key, each -> new LinkedHashMap<>());
        List<Long> order = List.copyOf(known.keySet());
        boolean again = known.containsKey(session) && order.get(order.size() - 1) != session;
        if (again) {
            String other = known.get(order.get(order.size() - 1));
            String both = Stream.of(address, other).sorted().collect(Collectors.joining(" and "));
            note("two nodes show the identity " + key.hex() + ", at " + both, now);
        }
        known.remove(session);
        known.put(session, address);
        trim(known, SESSIONS_MAX);
        trim(sessions, KEYS_MAX);
    }

    /** What was noticed of late, a sentence each. */
    List<String> found(long now) {
        found.values().removeIf(at -> now - at > TOLD_MILLIS);
        return List.copyOf(found.keySet());
    }

    private void own(String address, long now) {
        note(
                "another node shows this node's identity"
                        + (address.isEmpty() ? "" : ", at " + address)
                        + "; stop one of the two, and give it an identity of its own",
                now);
    }

    private void note(String sentence, long now) {
        found.put(sentence, now);
        trim(found, FOUND_MAX);
    }

    private static <K> void trim(Map<K, ?> map, int max) {
        while (map.size() > max) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
