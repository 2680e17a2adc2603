package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainView;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** The verb that compares two chains: what they share, and what each has since. */
public final class DiffVerbs {
    private static final long PAGE_MAX = 1000;

    private final Bus bus;
    private final ChainDirectory chains;
    private final QuantVerbs quants;
    private final long pageMax;

    /** Two chains and the last quant that both have, if there is one. */
    private record Pair(ChainView one, ChainView other, Optional<QuantHead> ancestor) {}

    /** One chain's quants of a page. */
    private record Side(ChainView chain, QuantHead head, List<QuantHead> quants) {}

    DiffVerbs(Bus bus, ChainDirectory chains, QuantVerbs quants, int pageQuants) {
        this.bus = bus;
        this.chains = chains;
        this.quants = quants;
        this.pageMax = Math.min(pageQuants, PAGE_MAX);
    }

    /**
     * Compares two chains.
     *
     * @param from the height to show quants from; by default the first that is not common
     * @param limit how many quants to show of each at most
     */
    public Future<Answer> diff(String chain, String with, OptionalLong from, OptionalLong limit) {
        long most = Math.min(limit.orElse(pageMax), pageMax);
        if (most == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        return chains.see(chain)
                .compose(one -> chains.see(with).compose(other -> pair(one, other)))
                .compose(pair -> {
                    long first = from.orElse(pair.ancestor()
                            .map(quant -> quant.header().height() + 1)
                            .orElse(0L));
                    return Future.all(side(pair.one(), first, most), side(pair.other(), first, most))
                            .map(sides -> shown(pair, sides.resultAt(0), sides.resultAt(1), first + most));
                });
    }

    private Future<Pair> pair(ChainView one, ChainView other) {
        return bus.ask(Catalogue.FIND_ANCESTOR, new FindAncestor(one.id(), other.id()))
                .map(Ancestor::quant)
                .compose(found -> seen(one, other, found))
                .map(ancestor -> new Pair(one, other, ancestor));
    }

    /** Chains that are seen up to a height share no more than that. */
    private Future<Optional<QuantHead>> seen(ChainView one, ChainView other, Optional<QuantHead> ancestor) {
        long last = Math.min(one.last(), other.last());
        return ancestor.filter(quant -> quant.header().height() > last).isPresent()
                ? quants.find(one.id(), new QuantName.ByHeight(last)).map(Optional::of)
                : Future.succeededFuture(ancestor);
    }

    private Future<Side> side(ChainView chain, long first, long most) {
        return quants.head(chain).compose(head -> {
            long end = Math.min(head.header().height(), first + most - 1);
            return Future.all(LongStream.rangeClosed(first, end)
                            .mapToObj(height -> quants.find(chain.id(), new QuantName.ByHeight(height)))
                            .toList())
                    .map(found -> new Side(chain, head, linked(found.list())));
        });
    }

    /** Quants that were read one by one are of one branch only if each stands on the one before. */
    private static List<QuantHead> linked(List<QuantHead> row) {
        for (int i = 1; i < row.size(); i++) {
            if (!row.get(i).header().previous().equals(row.get(i - 1).hash())) {
                throw new Failure(Reason.PARENT_STALE, "the chain was reorganised while it was read");
            }
        }
        return row;
    }

    private static Answer shown(Pair pair, Side one, Side other, long next) {
        long height =
                Math.max(one.head().header().height(), other.head().header().height());
        OptionalLong on = next <= height ? OptionalLong.of(next) : OptionalLong.empty();
        return Answer.object(
                200,
                out -> out.object(
                                "ancestor",
                                pair.ancestor(),
                                (head, quant) -> JsonForms.head(head, quant.hash(), quant.header()))
                        .object("chain", chain -> side(chain, one))
                        .object("with", chain -> side(chain, other))
                        .number("next", on));
    }

    private static void side(JsonWriter out, Side side) {
        Hash id = side.chain().id();
        out.hex("id", id);
        out.text("name", side.chain().spec().name());
        out.object(
                "head",
                head -> JsonForms.head(head, side.head().hash(), side.head().header()));
        out.objects("quants", side.quants(), (event, quant) -> JsonForms.event(event, id, quant));
    }
}
