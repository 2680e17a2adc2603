package io.qbc.gossip.chains;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.AuditChain;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.peer.HeadList;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A registry of this node's chains and their heads as last heard; the store is the truth, and is asked again now and
 * then. Only those that are followed are shown to peers.
 */
public final class LocalChains {
    private final GossipContext gossipContext;
    private final DataRules.Reader reader;
    private final Map<Hash, Entry> entries = new LinkedHashMap<>();
    private final HeadList heads;

    public LocalChains(GossipContext gossipContext, FollowedChains followed, DataRules.Reader reader) {
        this.gossipContext = gossipContext;
        this.reader = reader;
        long session = Math.max(1, gossipContext.random().nextLong() & Long.MAX_VALUE);
        heads = new HeadList(session, listing -> !followed.left(listing.claim().chain(), listing.name()));
    }

    /** @param name what the chain is called on this node */
    private record Entry(ChainSpec spec, TransactionRules rules, String name) {}

    /** The heads as the protocol's state machines see them. */
    public HeadList heads() {
        return heads;
    }

    /** Asks the store. */
    public Future<Void> refresh() {
        return gossipContext.bus().ask(Catalogue.FIND_CHAINS, new FindChains()).map(found -> {
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

    /** Takes in a chain, or its new head; of an audit trail nothing is known here, so that peers cannot learn of it. */
    public void put(Chain chain) {
        if (AuditChain.is(chain.spec())) {
            return;
        }
        if (chain.named() && !here(chain.id())) {
            // A chain that came from a peer has given its name to this one.
            named(chain.name())
                    .ifPresent(before -> entries.computeIfPresent(
                            before, (id, entry) -> new Entry(entry.spec(), entry.rules(), id.hex())));
        }
        entries.compute(
                chain.id(),
                (id, before) -> before != null && before.name().equals(chain.name())
                        ? before
                        : new Entry(chain.spec(), before == null ? rules(chain.spec()) : before.rules(), chain.name()));
        gossipContext.bounds().put(chain.id(), chain.spec());
        put(chain.id(), chain.head(), chain.spec().name());
    }

    public void closed(Hash chain) {
        entries.remove(chain);
        gossipContext.bounds().remove(chain);
        heads.remove(chain);
    }

    public void moved(HeadMoved event) {
        Optional.ofNullable(entries.get(event.chain()))
                .ifPresent(
                        entry -> put(event.chain(), event.head(), entry.spec().name()));
    }

    private void put(Hash chain, Head head, String name) {
        heads.put(new Listing(Claim.of(chain, head), name));
    }

    /** Whether this chain is followed has changed. */
    public void touch(Hash chain) {
        heads.touch(chain);
    }

    /** Whether the chain is here and followed. */
    public boolean has(Hash chain) {
        return heads.has(chain);
    }

    /** Whether the chain is here, followed or not. */
    public boolean here(Hash chain) {
        return entries.containsKey(chain);
    }

    int count() {
        return entries.size();
    }

    public Optional<ChainSpec> spec(Hash chain) {
        return shown(chain).map(Entry::spec);
    }

    /** What a chain here is called, followed or not. */
    public Optional<String> name(Hash chain) {
        return Optional.ofNullable(entries.get(chain)).map(Entry::name);
    }

    /** The id of the chain here with this name. */
    public Optional<Hash> named(String name) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What a transaction of the chain must keep; nothing for an unknown chain. */
    public Optional<TransactionRules> rules(Hash chain) {
        return shown(chain).map(Entry::rules);
    }

    /** The chains that are followed. */
    public List<Hash> ids() {
        return heads.ids();
    }

    private Optional<Entry> shown(Hash chain) {
        return Optional.ofNullable(entries.get(chain)).filter(entry -> heads.has(chain));
    }

    private TransactionRules rules(ChainSpec spec) {
        return new TransactionRules(spec, Ed25519.VERIFIER, reader.apply(spec));
    }
}
