package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainDirectory.Known;
import io.qbc.api.json.JsonFields;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.Freeze;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.spec.ChainSpecReader;
import io.qbc.spec.ForkReader;
import io.qbc.spec.SpecException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The verbs that make chains, fork, freeze and remove them on this node. */
public final class LifecycleVerbs {
    /** How deep a spec may be, as its reader has it. */
    private static final int SPEC_DEPTH = 32;

    private static final String SOURCE = "the spec";
    /** How often a fork's request is read anew because its parent was reorganised meanwhile. */
    private static final int REORGANISATIONS = 3;

    private final Vertx vertx;
    private final Bus bus;
    private final ChainDirectory chains;
    private final ChainVerbs verbs;
    private final QuantVerbs quants;
    private final ApiContext api;
    private final JsonLimits limits;

    LifecycleVerbs(Vertx vertx, Bus bus, ChainDirectory chains, ChainVerbs verbs, QuantVerbs quants, ApiContext api) {
        this.vertx = vertx;
        this.bus = bus;
        this.chains = chains;
        this.verbs = verbs;
        this.quants = quants;
        this.api = api;
        this.limits = new JsonLimits(api.config().limits().bodyBytes(), SPEC_DEPTH);
    }

    /** Makes the chain of a spec: 201, or 200 when it is here. */
    public Future<Answer> create(Bytes body) {
        JsonObjectText text = object(body);
        // The same spec sent again is the same chain, also when its genesis time was left to this node.
        return before(text).compose(before -> {
            long now = before.map(known -> known.spec().genesisTime())
                    .orElseGet(() -> api.clock().millis());
            return bang(
                    () -> ChainSpecReader.read(body, SOURCE, api.identity(), now),
                    spec -> before.isEmpty() && spec.genesisTime() == now);
        });
    }

    /** Makes a fork of a chain as a request tells: 201, or 200 when it is here. */
    public Future<Answer> fork(String parent, Bytes body) {
        JsonObjectText text = object(body);
        long at = new JsonFields(text, Reason.REQUEST_INVALID).number("at", Long.MAX_VALUE);
        return chains.find(parent).compose(known -> fork(known, at, body, text, REORGANISATIONS));
    }

    /** @param patience how many times another quant may have come to that height since it was looked for */
    private Future<Answer> fork(Known parent, long at, Bytes body, JsonObjectText text, int patience) {
        QuantName height = new QuantName.ByHeight(at);
        return quants.find(parent.id(), height)
                .compose(quant -> before(text)
                        .compose(before -> bang(
                                () -> ForkReader.read(
                                        body,
                                        SOURCE,
                                        parent.spec(),
                                        point(parent, quant),
                                        api.identity(),
                                        genesis(before, quant)),
                                spec -> false))
                        .recover(refused -> patience == 0 || Failure.of(refused).reason() != Reason.CHAIN_SPEC_INVALID
                                ? Future.failedFuture(refused)
                                : quants.find(parent.id(), height)
                                        .compose(now -> now.hash().equals(quant.hash())
                                                ? Future.failedFuture(refused)
                                                : fork(parent, at, body, text, patience - 1))));
    }

    /** Removes a chain from this node, if the caller says its name once more. */
    public Future<Answer> remove(String name, Optional<String> confirmation) {
        return chains.find(name).compose(known -> {
            if (!confirmation.equals(Optional.of(known.name()))) {
                return Future.failedFuture(
                        new Failure(Reason.CHAIN_NOT_CONFIRMED, "confirm must be the chain's name, " + known.name()));
            }
            return bus.ask(Catalogue.DROP, new Drop(known.id())).map(dropped -> removed(known));
        });
    }

    public Future<Answer> freeze(String name, boolean frozen) {
        return chains.find(name)
                .compose(known -> bus.ask(Catalogue.FREEZE, new Freeze(known.id(), frozen)))
                .compose(verbs::present);
    }

    /** @param begun whether this node has just set a chain's genesis time */
    private Future<Answer> bang(Supplier<ChainSpec> reader, Predicate<ChainSpec> begun) {
        // A spec may hold large schemas; the event loop has others to serve.
        return vertx.executeBlocking(() -> spec(reader), false)
                .compose(spec -> bus.ask(Catalogue.BANG, new Bang(spec, begun.test(spec))))
                .map(this::made);
    }

    private static ChainSpec spec(Supplier<ChainSpec> reader) {
        try {
            return reader.get();
        } catch (SpecException e) {
            throw new Failure(e.refusal());
        }
    }

    private Answer made(Banged banged) {
        Chain chain = banged.chain();
        chains.opened(chain);
        Answer shown = ChainVerbs.shown(chain, PoolState.EMPTY);
        Map<String, String> location = Map.of("Location", "/v1/chains/" + chain.name());
        return new Answer(banged.created() ? 201 : 200, shown.type(), shown.body(), location);
    }

    private Answer removed(Known known) {
        chains.closed(known.id());
        return Answer.object(
                200, out -> out.hex("id", known.id()).text("name", known.name()).flag("removed", true));
    }

    /** The chain that has the name that a spec asks for, if there is one. */
    private Future<Optional<Known>> before(JsonObjectText spec) {
        return spec.string("name")
                .map(name -> chains.all().map(all -> chains.remembered(name)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    /** A fork begins now, and after the quant that it stands on; asked for again, when it began. */
    private long genesis(Optional<Known> before, QuantHead quant) {
        return before.map(Known::spec)
                .filter(spec -> spec.fork().isPresent())
                .map(ChainSpec::genesisTime)
                .orElseGet(() -> Math.max(api.clock().millis(), quant.header().timestamp() + 1));
    }

    private static ForkPoint point(Known parent, QuantHead quant) {
        Header header = quant.header();
        return new ForkPoint(parent.id(), header.height(), quant.hash(), header.treeSize(), header.root());
    }

    private JsonObjectText object(Bytes body) {
        JsonObjectText text = StrictJson.object(body, limits);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        return text;
    }
}
