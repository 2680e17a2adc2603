package io.qbc.api.verbs;

import io.qbc.api.ChainView;
import io.qbc.api.WaitTime;
import io.qbc.api.Waiters;
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
import java.util.Optional;
import java.util.OptionalLong;

/** The verbs that find quants by what callers call them. */
public final class QuantVerbs {
    private final Bus bus;
    private final Waiters waiters;

    /**
     * A quant that a caller asks for.
     *
     * @param least how high the quant must be at least, where it is named by the word head
     * @param waitTime how long the caller waits until the chain has it
     */
    public record Wanted(QuantName name, OptionalLong least, Optional<WaitTime> waitTime) {
        public Wanted {
            if (least.isPresent() && !(name instanceof QuantName.ByHead)) {
                throw new Failure(Reason.REQUEST_INVALID, "min is the least height of the head, and of no other quant");
            }
        }

        /** The height that the chain has when it has the quant, as far as the name tells. */
        private long height() {
            return name instanceof QuantName.ByHeight named ? named.height() : least.orElse(0);
        }
    }

    QuantVerbs(Bus bus, Waiters waiters) {
        this.bus = bus;
        this.waiters = waiters;
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

    /** The quant that is asked for, once the chain has it; fails as {@code QUANT_UNKNOWN} if it has not in time. */
    public Future<QuantHead> find(ChainView chain, Wanted wanted) {
        boolean waits = wanted.waitTime().isPresent() && chain.top().isEmpty();
        return waits
                ? waiters.awaitQuant(
                                chain.id(),
                                wanted.height(),
                                () -> look(chain.id(), wanted),
                                wanted.waitTime().get())
                        .map(found -> found.orElseThrow(() -> late(wanted)))
                : find(chain, wanted.name())
                        .map(quant -> highEnough(quant, wanted).orElseThrow(() -> late(wanted)));
    }

    private Future<Optional<QuantHead>> look(Hash chain, Wanted wanted) {
        return bus.ask(Catalogue.FIND_QUANT, new FindQuant(chain, wanted.name()))
                .map(found -> found.quant().flatMap(quant -> highEnough(quant, wanted)));
    }

    private static Optional<QuantHead> highEnough(QuantHead quant, Wanted wanted) {
        return Optional.of(quant)
                .filter(found -> found.header().height() >= wanted.least().orElse(0));
    }

    private static Failure late(Wanted wanted) {
        return new Failure(
                Reason.QUANT_UNKNOWN,
                wanted.least().isPresent()
                        ? "the chain's head is below the height "
                                + wanted.least().getAsLong()
                        : "the chain has no such quant");
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
