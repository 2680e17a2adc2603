package io.qbc.api;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;

/** The verbs that find quants by what callers call them. */
public final class QuantVerbs {
    private final Bus bus;

    public QuantVerbs(Bus bus) {
        this.bus = bus;
    }

    /** A quant's name as it stands in an address: a height, a hash, or the word head. */
    public static QuantName name(String text) {
        if (text.equals("head")) {
            return new QuantName.ByHead();
        }
        if (!text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new QuantName.ByHeight(Long.parseLong(text));
        }
        return Hash.parse(text)
                .<QuantName>map(QuantName.ByHash::new)
                .orElseThrow(() -> new Failure(
                        Reason.QUANT_UNKNOWN, "a quant is named by its height, its hash, or the word head"));
    }

    /** The quant of this name; fails as {@code QUANT_UNKNOWN} if there is none. */
    public Future<QuantHead> find(Hash chain, QuantName name) {
        return bus.ask(Catalogue.FIND_QUANT, new FindQuant(chain, name))
                .map(FoundQuant::quant)
                .map(found ->
                        found.orElseThrow(() -> new Failure(Reason.QUANT_UNKNOWN, "the chain has no such quant")));
    }

    /** The same as a reader sees the chain: nothing above the height that it is seen up to. */
    public Future<QuantHead> find(ChainView chain, QuantName name) {
        if (name instanceof QuantName.ByHead && chain.top().isPresent()) {
            return Future.succeededFuture(chain.top().get());
        }
        return find(chain.id(), name).map(quant -> {
            if (quant.header().height() > chain.last()) {
                throw new Failure(
                        Reason.QUANT_UNKNOWN, "the chain as of height " + chain.last() + " has no such quant");
            }
            return quant;
        });
    }

    public Future<QuantHead> head(ChainView chain) {
        return find(chain, new QuantName.ByHead());
    }

    Future<QuantHead> head(Hash chain) {
        return find(chain, new QuantName.ByHead());
    }
}
