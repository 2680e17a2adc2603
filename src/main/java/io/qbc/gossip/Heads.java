package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.gossip.Message.Status;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The chains of this node and their heads as last heard; the store is the truth, and is asked again now and then. Only
 * those that are followed are shown to peers. Every change has a number, so that a peer is told only what is new to it.
 */
final class Heads {
    private final Setting setting;
    private final Followed followed;
    private final DataRules.Reader reader;
    private final Map<Hash, Entry> entries = new LinkedHashMap<>();
    private final long session;
    private long revision = 1;
    private Hash digest = HeadsDigest.of(new TreeMap<>());
    private long digested = 1;

    Heads(Setting setting, Followed followed, DataRules.Reader reader) {
        this.setting = setting;
        this.followed = followed;
        this.reader = reader;
        session = Math.max(1, setting.chance().nextLong() & Long.MAX_VALUE);
    }

    private static final class Entry {
        final TransactionRules rules;
        Chain chain;
        long changed;

        Entry(Chain chain, TransactionRules rules) {
            this.chain = chain;
            this.rules = rules;
        }
    }

    /** Asks the store. */
    Future<Void> refresh() {
        return setting.bus().ask(Catalogue.FIND_CHAINS, new FindChains()).map(found -> {
            Set<Hash> here = new LinkedHashSet<>();
            found.chains().forEach(chain -> {
                here.add(chain.id());
                put(chain);
            });
            List<Hash> gone =
                    entries.keySet().stream().filter(id -> !here.contains(id)).toList();
            gone.forEach(this::closed);
            return null;
        });
    }

    /** Takes a chain in; true if it was not here before. */
    boolean put(Chain chain) {
        Entry entry = entries.get(chain.id());
        boolean fresh = entry == null;
        if (entry == null) {
            entry = new Entry(chain, rules(chain.spec()));
            entries.put(chain.id(), entry);
        }
        if (fresh || !entry.chain.head().hash().equals(chain.head().hash())) {
            entry.changed = ++revision;
        }
        entry.chain = chain;
        return fresh;
    }

    void closed(Hash chain) {
        if (entries.remove(chain) != null) {
            revision++;
        }
    }

    void moved(HeadMoved event) {
        Entry entry = entries.get(event.chain());
        if (entry != null) {
            Chain old = entry.chain;
            put(new Chain(old.id(), old.spec(), event.head(), old.writable(), old.frozen()));
        }
    }

    /** Whether this chain is followed has changed. */
    void touch(Hash chain) {
        Entry entry = entries.get(chain);
        if (entry != null) {
            entry.changed = ++revision;
        }
    }

    /** Whether the chain is here and followed. */
    boolean has(Hash chain) {
        return shown(chain).isPresent();
    }

    /** Whether the chain is here, followed or not. */
    boolean here(Hash chain) {
        return entries.containsKey(chain);
    }

    int count() {
        return entries.size();
    }

    Optional<Head> head(Hash chain) {
        return shown(chain).map(entry -> entry.chain.head());
    }

    Optional<ChainSpec> spec(Hash chain) {
        return shown(chain).map(entry -> entry.chain.spec());
    }

    /** What a chain here is called, followed or not. */
    Optional<String> name(Hash chain) {
        return Optional.ofNullable(entries.get(chain))
                .map(entry -> entry.chain.spec().name());
    }

    /** The id of the chain here with this name. */
    Optional<Hash> named(String name) {
        return entries.values().stream()
                .filter(entry -> entry.chain.spec().name().equals(name))
                .map(entry -> entry.chain.id())
                .findFirst();
    }

    /** What a transaction of the chain must keep; nothing for an unknown chain. */
    Optional<TransactionRules> rules(Hash chain) {
        return shown(chain).map(entry -> entry.rules);
    }

    /** The chains that are followed. */
    List<Hash> ids() {
        return entries.values().stream()
                .filter(this::isFollowed)
                .map(entry -> entry.chain.id())
                .toList();
    }

    /** What a peer that knows the list up to its mark must be told; the whole list if the mark means nothing here. */
    Status status(Mark known, List<String> addresses) {
        boolean partly = known.session() == session && known.revision() > 0 && known.revision() <= revision;
        long since = partly ? known.revision() : 0;
        List<Listing> listings = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.changed > since && isFollowed(entry)) {
                Chain chain = entry.chain;
                listings.add(new Listing(
                        Claim.of(chain.id(), chain.head()), chain.spec().name()));
            }
        }
        return new Status(new Mark(session, revision), since, digest(), listings, addresses);
    }

    private Hash digest() {
        if (digested != revision) {
            SortedMap<Hash, Hash> heads = new TreeMap<>();
            entries.values().stream()
                    .filter(this::isFollowed)
                    .forEach(entry ->
                            heads.put(entry.chain.id(), entry.chain.head().hash()));
            digest = HeadsDigest.of(heads);
            digested = revision;
        }
        return digest;
    }

    private Optional<Entry> shown(Hash chain) {
        return Optional.ofNullable(entries.get(chain)).filter(this::isFollowed);
    }

    private boolean isFollowed(Entry entry) {
        return !followed.left(entry.chain.id(), entry.chain.spec().name());
    }

    private TransactionRules rules(ChainSpec spec) {
        return new TransactionRules(spec, Ed25519.VERIFIER, reader.apply(spec));
    }
}
