package io.qbc.gossip;

import io.qbc.gossip.Message.Status;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is kept about one peer as long as it is in the book: where it is called, and how far it has our news. */
final class Link {
    private final Bytes key;
    private static final int CHAINS_MAX = 10_000;

    private final SortedMap<Hash, Listing> listings = new TreeMap<>();
    private final Map<Hash, Long> cursors = new LinkedHashMap<>();
    private final Map<Hash, Long> rewinds = new LinkedHashMap<>();
    private Mark mark = Mark.NONE;
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

    /** Takes in what the peer says of its heads; false if the whole list must be asked for. */
    boolean told(Status status) {
        boolean same = status.mark().session() == mark.session();
        if (same && status.mark().revision() < mark.revision()) {
            // An older answer that took longer.
            return true;
        }
        boolean whole = status.since() == 0;
        if (!whole && !(same && status.since() <= mark.revision())) {
            mark = Mark.NONE;
            return false;
        }
        if (whole) {
            listings.clear();
        }
        status.chains().forEach(listing -> listings.put(listing.claim().chain(), listing));
        boolean settled = same && status.mark().equals(mark) && !whole;
        boolean fits = listings.size() <= CHAINS_MAX && (settled || digest().equals(status.digest()));
        mark = fits ? status.mark() : Mark.NONE;
        return fits || whole;
    }

    /** Up to where the peer's list of heads is known here. */
    Mark mark() {
        return mark;
    }

    private Hash digest() {
        SortedMap<Hash, Hash> heads = new TreeMap<>();
        listings.forEach((chain, listing) -> heads.put(chain, listing.claim().hash()));
        return HeadsDigest.of(heads);
    }

    /** The chains that the peer keeps. */
    Collection<Listing> listings() {
        return Collections.unmodifiableCollection(listings.values());
    }

    /** Whether the peer keeps this chain. */
    boolean follows(Hash chain) {
        return listings.containsKey(chain);
    }

    Optional<Claim> claim(Hash chain) {
        return Optional.ofNullable(listings.get(chain)).map(Listing::claim);
    }

    /** Up to which sequence number of our log of the chain the peer knows everything. */
    long cursor(Hash chain) {
        return cursors.getOrDefault(chain, 0L);
    }

    /** The peer knows everything up to here, unless the cursor was put back since {@code rewinds} was asked for. */
    void advance(Hash chain, long upTo, long rewindsBefore) {
        if (rewinds(chain) == rewindsBefore) {
            cursors.put(chain, upTo);
        }
    }

    /** Announces the chain's waiting transactions from the beginning again. */
    void rewind(Hash chain) {
        cursors.remove(chain);
        rewinds.merge(chain, 1L, Long::sum);
    }

    /** How often the cursor was put back. */
    long rewinds(Hash chain) {
        return rewinds.getOrDefault(chain, 0L);
    }

    /** The chain is not followed here any more. */
    void forget(Hash chain) {
        cursors.remove(chain);
        rewinds.remove(chain);
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
