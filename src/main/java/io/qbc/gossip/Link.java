package io.qbc.gossip;

import io.qbc.gossip.Message.Status;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is kept about one peer as long as it is in the book: where it is called, and how far it has our news. */
final class Link {
    private final Bytes key;
    private final Map<Hash, Claim> claims = new LinkedHashMap<>();
    private final Map<Hash, Long> cursors = new LinkedHashMap<>();
    private Endpoint endpoint;
    private boolean live;
    private boolean asking;

    Link(Bytes key, Endpoint endpoint) {
        this.key = key;
        this.endpoint = endpoint;
    }

    Bytes key() {
        return key;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean live() {
        return live;
    }

    void joined(Endpoint at) {
        endpoint = at;
        live = true;
    }

    void left() {
        live = false;
    }

    void told(Status status) {
        claims.clear();
        status.heads().forEach(claim -> claims.put(claim.chain(), claim));
    }

    /** Whether the peer keeps this chain. */
    boolean follows(Hash chain) {
        return claims.containsKey(chain);
    }

    Optional<Claim> claim(Hash chain) {
        return Optional.ofNullable(claims.get(chain));
    }

    /** Up to which sequence number of our log of the chain the peer knows everything. */
    long cursor(Hash chain) {
        return cursors.getOrDefault(chain, 0L);
    }

    void advance(Hash chain, long upTo) {
        cursors.put(chain, upTo);
    }

    /** Announces the chain's waiting transactions from the beginning again. */
    void rewind(Hash chain) {
        cursors.remove(chain);
    }

    /** Begins to ask for its heads; false if that is under way. */
    boolean beginAsking() {
        boolean begun = !asking;
        asking = true;
        return begun;
    }

    void endAsking() {
        asking = false;
    }

    @Override
    public String toString() {
        return endpoint.address().text();
    }
}
