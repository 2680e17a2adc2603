package io.qbc.api.verbs;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.access.Role;
import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.Meters;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindPeerView;
import io.qbc.bus.Catalogue.FindPools;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Pools;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The verbs about chains as a whole. */
public final class ChainVerbs {
    private static final int PAGE_CHAINS = 1000;

    private final Bus bus;
    private final ChainDirectory chains;
    private final Meters meters;

    ChainVerbs(Bus bus, ChainDirectory chains, Meters meters) {
        this.bus = bus;
        this.chains = chains;
        this.meters = meters;
    }

    /**
     * A page of the chains that a caller may read, ordered by name.
     *
     * @param after the name that the page before ended with; it need not be a chain's any more
     */
    public Future<Answer> list(Caller caller, Optional<String> after, OptionalLong limit) {
        if (limit.isPresent() && limit.getAsLong() == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        long most = Math.min(limit.orElse(PAGE_CHAINS), PAGE_CHAINS);
        return chains.all().compose(all -> {
            List<Chain> rest = all.chains().stream()
                    .filter(chain -> readable(caller, chain.id().hex()))
                    .filter(chain -> after.isEmpty() || chain.name().compareTo(after.get()) > 0)
                    .sorted(Comparator.comparing(Chain::name))
                    .limit(most + 1)
                    .toList();
            List<Chain> page = rest.size() > most ? rest.subList(0, (int) most) : rest;
            return pools(page)
                    .compose(pools -> chains.damage().map(damage -> {
                        List<DamagedChain> damaged = damage.chains().stream()
                                .filter(chain -> readable(caller, chain.id().hex()) || readable(caller, chain.name()))
                                .toList();
                        return listed(page, pools, damaged, rest.size() > most);
                    }));
        });
    }

    private boolean readable(Caller caller, String chain) {
        return caller.mayEverywhere(Role.AUDITOR) || AccessRules.mayRead(caller, chain, chains::same);
    }

    private static Answer listed(List<Chain> page, List<PoolState> pools, List<DamagedChain> damaged, boolean more) {
        Optional<String> next = more ? Optional.of(page.get(page.size() - 1).name()) : Optional.empty();
        Iterator<PoolState> pool = pools.iterator();
        return Answer.object(
                200,
                out -> out.objects("chains", page, (object, chain) -> JsonForms.chain(object, chain, pool.next()))
                        .objects("damaged", damaged, JsonForms::damaged)
                        .text("next", next));
    }

    public Future<Answer> find(String name) {
        return chains.see(name)
                .compose(seen -> chains.now(seen.id())
                        .compose(chain -> seen.top()
                                .map(quant -> Future.succeededFuture(past(chain, quant)))
                                .orElseGet(() -> present(chain))));
    }

    /** A chain as it was when this quant was its head; what waited then is not known. */
    private static Answer past(Chain chain, QuantHead quant) {
        // The weight of an earlier head is not told, and not shown.
        Head head = new Head(quant.hash(), quant.header(), BigInteger.ZERO);
        Chain then = new Chain(chain.id(), chain.spec(), head, chain.writable(), chain.frozen(), chain.named());
        return shown(then, PoolState.EMPTY);
    }

    /** A chain as it is, with its pool. */
    Future<Answer> present(Chain chain) {
        return pools(List.of(chain))
                .compose(pools -> bus.ask(Catalogue.FIND_PEER_VIEW, new FindPeerView())
                        .otherwise(PeerView.NONE)
                        .map(view -> Answer.object(200, out -> {
                            JsonForms.chain(out, chain, pools.get(0));
                            Optional.ofNullable(view.behind().get(chain.id()))
                                    .ifPresent(quants -> out.number("behind", quants));
                        })));
    }

    static Answer shown(Chain chain, PoolState pool) {
        return Answer.object(200, out -> JsonForms.chain(out, chain, pool));
    }

    /** Seals all that waits. */
    public Future<Answer> leap(String name) {
        return chains.find(name)
                .compose(chain -> leap(chain).map(leaped -> {
                    JsonBuffer out = JsonWriter.object(
                            leap -> sealed(leap.hex("chain", chain.id()).number("height", height(leaped)), leaped));
                    String location = "/v1/chains/" + name + "/quants/"
                            + leaped.head().hash().hex();
                    return Answer.json(201, out, Map.of("Location", location));
                }));
    }

    /** The same for the route at the root. */
    public Future<Answer> legacyLeap(Optional<String> chain) {
        return chains.root(chain).compose(this::leap).map(leaped -> {
            return Answer.object(
                    200,
                    out -> sealed(
                            out.text("message", "block creation successful").number("index", height(leaped)), leaped));
        });
    }

    /** Offers a quant to a chain. */
    public Future<Answer> append(Hash chain, Quant quant) {
        return bus.ask(Catalogue.APPEND, Append.foreign(chain, quant.compactQuant(), quant.transactions()))
                .map(ChainVerbs::verdict);
    }

    /** What waits in each of these chains, in the same order. */
    public Future<List<PoolState>> pools(List<Chain> all) {
        return bus.ask(
                        Catalogue.FIND_POOLS,
                        new FindPools(all.stream().map(Chain::id).toList()))
                .map(Pools::states);
    }

    private Future<Leaped> leap(ChainDirectory.Known chain) {
        return bus.ask(Catalogue.LEAP, new Leap(chain.id()))
                .onSuccess(leaped -> meters.leaps().increment());
    }

    private static long height(Leaped leaped) {
        return leaped.head().height();
    }

    /** What follows the height of the quant that a leap made. */
    private static void sealed(JsonWriter out, Leaped leaped) {
        Head head = leaped.head();
        out.hex("hash", head.hash());
        out.number("count", leaped.count());
        out.number("quants", leaped.quants());
        out.number("treeSize", head.header().treeSize());
        out.number("timestamp", head.header().timestamp());
    }

    private static Answer verdict(Verdict verdict) {
        if (verdict instanceof Verdict.Extended extended) {
            return taken("extended", extended.head().hash(), extended.head().height());
        }
        if (verdict instanceof Verdict.Reorganised reorganised) {
            return taken(
                    "reorganised", reorganised.head().hash(), reorganised.head().height());
        }
        if (verdict instanceof Verdict.Aside aside) {
            return taken("aside", aside.branch().hash(), aside.branch().height());
        }
        if (verdict instanceof Verdict.Known known) {
            return Answer.object(200, out -> verdict(out, "known", known.hash()));
        }
        if (verdict instanceof Verdict.Orphan orphan) {
            throw new Failure(Reason.PARENT_UNKNOWN, "the quant " + orphan.parent() + " is not here");
        }
        if (verdict instanceof Verdict.Missing missing) {
            throw new Failure(
                    Reason.TRANSACTIONS_MISSING, missing.ids().size() + " are neither here nor in the request");
        }
        throw new Failure(((Verdict.Refused) verdict).refusal());
    }

    private static Answer taken(String verdict, Hash hash, long height) {
        return Answer.object(200, out -> verdict(out, verdict, hash).number("height", height));
    }

    private static JsonWriter verdict(JsonWriter out, String verdict, Hash hash) {
        return out.text("message", "Success").text("verdict", verdict).hex("hash", hash);
    }
}
