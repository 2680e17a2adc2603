package io.qbc.protocol.peer;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Status;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The protocol state of one peer: its heads, and how much of each of our logs it knows. */
public class PeerState {
    /** What is kept of a peer's chains that are not here, about: some 3,000 with short names. */
    private static final long OTHERS_BYTES_MAX = 1 << 20;

    /** About the memory that a listing takes beside its name and its weight. */
    private static final long LISTING_BYTES = 320;

    private final Bytes key;
    private final TreeMap<Hash, Listing> listings = new TreeMap<>();
    private final LinkedHashMap<Hash, Long> cursors = new LinkedHashMap<>();
    private final LinkedHashMap<Hash, Long> rewinds = new LinkedHashMap<>();
    private Mark mark = Mark.NONE;
    private boolean asking;

    /**
     * One instance.
     *
     * @param key by which it is called
     */
    public PeerState(Bytes key) {
        this.key = key;
    }

    public final Bytes key() {
        return key;
    }

    /**
     * Applies a status that the peer sent; false if the whole list of heads must be asked for.
     *
     * @param here whether this node has a chain; of the others no more is kept than there is room for
     */
    public final boolean apply(Status status, Predicate<Hash> here) {
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
        // A list that is cut is never complete, and is asked for as a whole each time.
        boolean fits = (settled || digest().equals(status.digest())) && !cut(here);
        mark = fits ? status.mark() : Mark.NONE;
        return fits || whole;
    }

    /** Lets go of what there is no room for; false if all has room. */
    private boolean cut(Predicate<Hash> here) {
        long others = 0;
        boolean cut = false;
        for (Iterator<Listing> each = listings.values().iterator(); each.hasNext(); ) {
            Listing listing = each.next();
            if (here.test(listing.claim().chain())) {
                continue;
            }
            others += bytes(listing);
            if (others > OTHERS_BYTES_MAX) {
                each.remove();
                cut = true;
            }
        }
        return cut;
    }

    private static long bytes(Listing listing) {
        return LISTING_BYTES
                + listing.name().length()
                + listing.claim().weight().bitLength() / Byte.SIZE;
    }

    /** Up to where the peer's list of heads is known here. */
    public final Mark mark() {
        return mark;
    }

    private Hash digest() {
        TreeMap<Hash, Hash> heads = new TreeMap<>();
        listings.forEach((chain, listing) -> heads.put(chain, listing.claim().hash()));
        return HeadsDigest.of(heads);
    }

    /** The chains that the peer keeps. */
    public final Collection<Listing> listings() {
        return Collections.unmodifiableCollection(listings.values());
    }

    /** Whether the peer keeps this chain. */
    public final boolean follows(Hash chain) {
        return listings.containsKey(chain);
    }

    public final Optional<Claim> claim(Hash chain) {
        return Optional.ofNullable(listings.get(chain)).map(Listing::claim);
    }

    /** Up to which sequence number of our log of the chain the peer knows everything. */
    public final long cursor(Hash chain) {
        return cursors.getOrDefault(chain, 0L);
    }

    /** The peer knows everything up to here, unless the cursor was put back since {@code rewinds} was asked for. */
    public final void advance(Hash chain, long upTo, long rewindsBefore) {
        if (rewinds(chain) == rewindsBefore) {
            cursors.put(chain, upTo);
        }
    }

    /** Announces the chain's waiting transactions from the beginning again. */
    public final void rewind(Hash chain) {
        cursors.remove(chain);
        rewinds.merge(chain, 1L, Long::sum);
    }

    /** How often the cursor was put back. */
    public final long rewinds(Hash chain) {
        return rewinds.getOrDefault(chain, 0L);
    }

    /** The chain is not followed here any more. */
    public final void forget(Hash chain) {
        cursors.remove(chain);
        rewinds.remove(chain);
    }

    /** Begins to ask for its heads; false if that is under way. */
    public final boolean beginAsking() {
        boolean begun = !asking;
        asking = true;
        return begun;
    }

    public final void endAsking() {
        asking = false;
    }

    @Override
    public String toString() {
        return key.hex();
    }
}
