package io.qbc.protocol.peer;

import io.qbc.model.Hash;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The heads of a node's own chains, of which only some are shown to peers. Every change has a number, so that a peer is
 * sent only what is new to it.
 */
public final class HeadList {
    private final LinkedHashMap<Hash, Entry> entries = new LinkedHashMap<>();
    private final Predicate<Listing> shown;
    private final long session;
    private long revision = 1;
    private Hash digest = HeadsDigest.of(new TreeMap<>());
    private long digested = 1;

    /**
     * An empty list.
     *
     * @param session above zero, drawn anew whenever the node starts
     * @param shown which chains peers may see
     */
    public HeadList(long session, Predicate<Listing> shown) {
        this.session = session;
        this.shown = shown;
    }

    private record Entry(Listing listing, long changed) {}

    /** Takes in a chain, or its new head. */
    public void put(Listing listing) {
        Hash chain = listing.claim().chain();
        Entry before = entries.get(chain);
        boolean moved = before == null
                || !before.listing().claim().hash().equals(listing.claim().hash());
        entries.put(chain, new Entry(listing, moved ? ++revision : before.changed()));
    }

    public void remove(Hash chain) {
        if (entries.remove(chain) != null) {
            revision++;
        }
    }

    /** Whether this chain is shown has changed. */
    public void touch(Hash chain) {
        entries.computeIfPresent(chain, (id, entry) -> new Entry(entry.listing(), ++revision));
    }

    /** Whether the chain is here, shown or not. */
    public boolean here(Hash chain) {
        return entries.containsKey(chain);
    }

    /** Whether the chain is here and shown. */
    public boolean has(Hash chain) {
        return claim(chain).isPresent();
    }

    /** The head of a chain that is shown. */
    public Optional<Claim> claim(Hash chain) {
        return Optional.ofNullable(entries.get(chain))
                .map(Entry::listing)
                .filter(shown)
                .map(Listing::claim);
    }

    /** The chains that are shown. */
    public List<Hash> ids() {
        return entries.values().stream()
                .map(Entry::listing)
                .filter(shown)
                .map(listing -> listing.claim().chain())
                .toList();
    }

    /** What a peer that knows the list up to its mark must be told; the whole list if the mark means nothing here. */
    public Status status(Mark known, List<String> addresses) {
        boolean partly = known.session() == session && known.revision() > 0 && known.revision() <= revision;
        long since = partly ? known.revision() : 0;
        List<Listing> listings = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.changed() > since && shown.test(entry.listing())) {
                listings.add(entry.listing());
            }
        }
        return new Status(new Mark(session, revision), since, digest(), listings, addresses);
    }

    private Hash digest() {
        if (digested != revision) {
            TreeMap<Hash, Hash> heads = new TreeMap<>();
            entries.values().stream()
                    .map(entry -> entry.listing())
                    .filter(shown)
                    .forEach(listing ->
                            heads.put(listing.claim().chain(), listing.claim().hash()));
            digest = HeadsDigest.of(heads);
            digested = revision;
        }
        return digest;
    }
}
