package io.qbc.gossip.peers;

import io.qbc.config.PeerAddress;
import io.qbc.model.Bytes;
import io.qbc.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A table of addresses that were named and not called yet, in buckets, so that whoever names many crowds out few. Those
 * who name from one network reach few buckets, and which ones only this node knows, by its salt.
 */
final class CandidateTable {
    private static final int BUCKETS = 64;
    private static final int BUCKET_ADDRESSES = 8;
    private static final int SOURCE_BUCKETS = 8;

    private final byte[] salt;
    private final List<List<PeerAddress>> buckets = new ArrayList<>();
    private final Map<PeerAddress, Integer> places = new LinkedHashMap<>();

    CandidateTable(Bytes salt) {
        this.salt = salt.toArray();
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new ArrayList<>());
        }
    }

    /**
     * Takes an address in; false if its bucket is full.
     *
     * @param source the network of who named it
     */
    boolean add(PeerAddress address, String source) {
        if (places.containsKey(address)) {
            return true;
        }
        int ofSource = number(SOURCE_BUCKETS, source, NetworkGroup.of(address));
        int bucket = number(BUCKETS, source, Integer.toString(ofSource));
        List<PeerAddress> addresses = buckets.get(bucket);
        if (addresses.size() >= BUCKET_ADDRESSES) {
            return false;
        }
        places.put(address, bucket);
        return addresses.add(address);
    }

    void remove(PeerAddress address) {
        Integer bucket = places.remove(address);
        if (bucket != null) {
            buckets.get(bucket).remove(address);
        }
    }

    int size() {
        return places.size();
    }

    /** Draws some of those that may be called, each bucket with the same chance however many are in it. */
    List<PeerAddress> draw(int count, RandomGenerator random, Predicate<PeerAddress> callable) {
        List<List<PeerAddress>> left = new ArrayList<>();
        for (List<PeerAddress> bucket : buckets) {
            List<PeerAddress> some = new ArrayList<>(bucket);
            some.removeIf(callable.negate());
            if (!some.isEmpty()) {
                left.add(some);
            }
        }
        List<PeerAddress> drawn = new ArrayList<>();
        while (drawn.size() < count && !left.isEmpty()) {
            int at = random.nextInt(left.size());
            List<PeerAddress> bucket = left.get(at);
            drawn.add(bucket.remove(random.nextInt(bucket.size())));
            if (bucket.isEmpty()) {
                left.remove(at);
            }
        }
        return drawn;
    }

    private int number(int count, String one, String other) {
        byte[] text = (one + '\n' + other).getBytes(StandardCharsets.UTF_8);
        return Math.floorMod(Sha256.of(salt, text).hashCode(), count);
    }
}
