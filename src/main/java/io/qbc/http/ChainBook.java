package io.qbc.http;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Failure;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Chains by name and by id: what never changes of them is remembered, what does is asked for. */
final class ChainBook {
    /** The chain that the routes at the root are about, unless the node has none of that name. */
    private static final String MAIN = "main";

    private final Bus bus;
    private Map<String, Known> known = Map.of();
    private Optional<Future<Chains>> asking = Optional.empty();

    /** A chain's id and rules, which are the same for ever. */
    record Known(Hash id, ChainSpec spec) {}

    ChainBook(Bus bus) {
        this.bus = bus;
    }

    /** The chain of this name or id; fails as {@code CHAIN_UNKNOWN} if there is none. */
    Future<Known> find(String name) {
        Known found = known.get(name);
        return found != null ? Future.succeededFuture(found) : refresh().map(chains -> named(name));
    }

    /** The chain of the routes at the root. */
    Future<Known> main() {
        Known found = known.get(MAIN);
        return found != null ? Future.succeededFuture(found) : refresh().map(this::first);
    }

    /** All chains as they are now. */
    Future<Chains> all() {
        return refresh();
    }

    /** One chain as it is now. */
    Future<Chain> now(String name) {
        return refresh().map(chains -> {
            Hash id = named(name).id();
            return chains.chains().stream()
                    .filter(chain -> chain.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> unknown(name));
        });
    }

    private Known named(String name) {
        Known found = known.get(name);
        if (found == null) {
            throw unknown(name);
        }
        return found;
    }

    private Known first(Chains chains) {
        return Optional.ofNullable(known.get(MAIN))
                .or(() -> chains.chains().stream().findFirst().map(chain -> new Known(chain.id(), chain.spec())))
                .orElseThrow(() -> unknown(MAIN));
    }

    /** Many who ask at once are answered by one question. */
    private Future<Chains> refresh() {
        if (asking.isPresent()) {
            return asking.get();
        }
        Future<Chains> answer = bus.ask(Catalogue.FIND_CHAINS, new FindChains())
                .onSuccess(this::remember)
                .onComplete(done -> asking = Optional.empty());
        asking = answer.isComplete() ? Optional.empty() : Optional.of(answer);
        return answer;
    }

    private void remember(Chains chains) {
        Map<String, Known> all = new HashMap<>();
        for (Chain chain : chains.chains()) {
            Known entry = new Known(chain.id(), chain.spec());
            all.put(chain.id().hex(), entry);
            all.putIfAbsent(chain.spec().name(), entry);
        }
        known = all;
    }

    private static Failure unknown(String name) {
        return new Failure(Reason.CHAIN_UNKNOWN, "no chain has the name or id " + name);
    }
}
