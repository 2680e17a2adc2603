package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chains of this node and their heads as last heard; the store is the truth, and is asked again now and then. */
final class Heads {
    private final Setting setting;
    private final Map<Hash, Chain> chains = new LinkedHashMap<>();
    private final Map<Hash, TransactionRules> rules = new LinkedHashMap<>();

    Heads(Setting setting) {
        this.setting = setting;
    }

    /** Asks the store. */
    Future<Void> refresh() {
        return setting.bus().ask(Catalogue.FIND_CHAINS, new FindChains()).map(found -> {
            found.chains().forEach(this::put);
            return null;
        });
    }

    void moved(HeadMoved event) {
        Chain chain = chains.get(event.chain());
        if (chain != null) {
            chains.put(event.chain(), new Chain(chain.id(), chain.spec(), event.head(), chain.writable()));
        }
    }

    boolean has(Hash chain) {
        return chains.containsKey(chain);
    }

    Optional<Head> head(Hash chain) {
        return Optional.ofNullable(chains.get(chain)).map(Chain::head);
    }

    /** What a transaction of the chain must keep; nothing for an unknown chain. */
    Optional<TransactionRules> rules(Hash chain) {
        return Optional.ofNullable(rules.get(chain));
    }

    List<Hash> ids() {
        return List.copyOf(chains.keySet());
    }

    List<Claim> claims() {
        return chains.values().stream()
                .map(chain -> Claim.of(chain.id(), chain.head()))
                .toList();
    }

    private void put(Chain chain) {
        chains.put(chain.id(), chain);
        rules.computeIfAbsent(chain.id(), id -> rules(chain.spec()));
    }

    private TransactionRules rules(ChainSpec spec) {
        int bytesMax = spec.limits().transactionBytesMax();
        return new TransactionRules(spec.id(), bytesMax, Ed25519.VERIFIER);
    }
}
