package io.qbc.api;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.model.AuditChain;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A directory of chains by name and id: what never changes of them is remembered, what does is asked for. */
public final class ChainDirectory {
    /** The chain that the routes at the root are about, unless the node has none of that name. */
    private static final String MAIN = "main";

    private final Bus bus;
    private Map<String, Known> byId = new HashMap<>();
    private Map<String, Known> byName = new HashMap<>();
    private Optional<Future<Chains>> asking = Optional.empty();

    /**
     * A chain's id and rules, which are the same for ever.
     *
     * @param name what it is called on this node
     */
    public record Known(Hash id, ChainSpec spec, String name) {
        static Known of(Chain chain) {
            return new Known(chain.id(), chain.spec(), chain.name());
        }
    }

    /** A directory that remembers nothing yet, and asks the store over this bus. */
    public ChainDirectory(Bus bus) {
        this.bus = bus;
    }

    /** The chain of this name or id; fails as {@code CHAIN_UNKNOWN} if there is none. */
    public Future<Known> find(String text) {
        String name;
        try {
            name = ChainName.present(text);
        } catch (Failure failure) {
            return Future.failedFuture(failure);
        }
        return present(name);
    }

    /** The same for a reader, who may name an earlier height; fails as {@code QUANT_UNKNOWN} if it is not there yet. */
    public Future<ChainView> see(String text) {
        ChainName name;
        try {
            name = ChainName.parse(text);
        } catch (Failure failure) {
            return Future.failedFuture(failure);
        }
        Future<Known> found = present(name.chain());
        return name.height().isEmpty()
                ? found.map(ChainDirectory::whole)
                : found.compose(known -> until(known, name.height().getAsLong()));
    }

    /** The chain of the routes at the root, unless the caller names another. */
    public Future<Known> root(Optional<String> name) {
        return name.isPresent() ? find(name.get()) : main();
    }

    /** The same for a reader. */
    public Future<ChainView> seeRoot(Optional<String> name) {
        return name.isPresent() ? see(name.get()) : main().map(ChainDirectory::whole);
    }

    /** All chains as they are now. */
    public Future<Chains> all() {
        return refresh();
    }

    /** One chain as it is now. */
    public Future<Chain> now(Hash id) {
        return refresh()
                .map(chains -> chains.chains().stream()
                        .filter(chain -> chain.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> unknown(id.hex())));
    }

    /** What is remembered of the chain of this name or id, without asking. An id never means a name. */
    public Optional<Known> remembered(String name) {
        Known known = byId.get(name);
        if (known == null) {
            known = isId(name) ? byId.get(name.toLowerCase(Locale.ROOT)) : byName.get(name);
        }
        return Optional.ofNullable(known);
    }

    private static boolean isId(String name) {
        return Hash.parse(name).isPresent();
    }

    /** Whether two texts, each a name or an id, mean one chain that is remembered. */
    public boolean same(String one, String other) {
        Optional<Known> found = remembered(one);
        return found.isPresent()
                && remembered(other)
                        .filter(known -> known.id().equals(found.get().id()))
                        .isPresent();
    }

    /** Whether this is an audit trail that is remembered. */
    public boolean isTrail(Hash chain) {
        return remembered(AuditChain.NAME)
                .filter(known -> known.id().equals(chain) && AuditChain.is(known.spec()))
                .isPresent();
    }

    public void opened(Chain chain) {
        Known known = Known.of(chain);
        byId.put(chain.id().hex(), known);
        byName.put(known.name(), known);
    }

    /** Forgets a chain that is gone. */
    public void closed(Hash chain) {
        Optional.ofNullable(byId.remove(chain.hex())).ifPresent(known -> byName.remove(known.name(), known));
    }

    private Future<Known> present(String name) {
        Optional<Known> found = remembered(name);
        return found.isPresent()
                ? Future.succeededFuture(found.get())
                : refresh()
                        .compose(chains -> remembered(name)
                                .map(Future::succeededFuture)
                                .orElseGet(() -> damage().map(damage -> missing(name, damage))));
    }

    /** The chains that the store cannot open. */
    public Future<Damage> damage() {
        return bus.ask(Catalogue.FIND_DAMAGE, new FindDamage());
    }

    /** A chain that cannot be opened is not simply unknown. */
    private static Known missing(String name, Damage damage) {
        throw damage.chains().stream()
                .filter(chain -> isId(name)
                        ? chain.id().hex().equalsIgnoreCase(name)
                        : chain.name().equals(name))
                .map(chain -> new Failure(chain.refusal()))
                .findFirst()
                .orElseGet(() -> unknown(name));
    }

    private Future<Known> main() {
        Known found = byName.get(MAIN);
        return found != null
                ? Future.succeededFuture(found)
                : refresh().compose(chains -> damage().map(damage -> first(chains, damage)));
    }

    private Future<ChainView> until(Known known, long height) {
        return bus.ask(Catalogue.FIND_QUANT, new FindQuant(known.id(), new QuantName.ByHeight(height)))
                .map(found -> {
                    if (found.quant().isEmpty()) {
                        throw new Failure(Reason.QUANT_UNKNOWN, "the chain has no quant at the height " + height);
                    }
                    return new ChainView(known.id(), known.spec(), found.quant());
                });
    }

    private static ChainView whole(Known known) {
        return new ChainView(known.id(), known.spec(), Optional.empty());
    }

    /** Where a chain cannot be opened, it may be the one that is meant; no other one takes its place. */
    private Known first(Chains chains, Damage damage) {
        Optional<Known> main = remembered(MAIN);
        if (main.isEmpty() && !damage.chains().isEmpty()) {
            throw new Failure(damage.chains().get(0).refusal());
        }
        return main.or(() -> chains.chains().stream()
                        .filter(chain -> !AuditChain.is(chain.spec()))
                        .findFirst()
                        .map(Known::of))
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
        Map<String, Known> ids = new HashMap<>();
        Map<String, Known> names = new HashMap<>();
        for (Chain chain : chains.chains()) {
            Known entry = Known.of(chain);
            ids.put(chain.id().hex(), entry);
            names.putIfAbsent(entry.name(), entry);
        }
        byId = ids;
        byName = names;
    }

    private static Failure unknown(String name) {
        return new Failure(Reason.CHAIN_UNKNOWN, "no chain has the name or id " + name);
    }
}
