package io.qbc.gossip;

import io.qbc.bus.Ask;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.FindCommon;
import io.qbc.bus.Catalogue.FindCompactQuant;
import io.qbc.bus.Catalogue.FindLocator;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Catalogue.Which;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** All chains of a node in memory; they come and go as the store's do. */
final class FakeLedgers {
    private final Bus bus;
    private final Bytes self;
    private final Map<Hash, FakeLedger> ledgers = new ConcurrentSkipListMap<>();

    /** @param self whose key may leap, where a chain has participants */
    FakeLedgers(Bus bus, Bytes self) {
        this.bus = bus;
        this.self = self;
    }

    Future<?> serve() {
        return Future.all(List.of(
                bus.serve(Catalogue.FIND_CHAINS, q -> Future.succeededFuture(chains())),
                bus.serve(Catalogue.BANG, q -> Future.succeededFuture(bang(q.spec()))),
                at(Catalogue.LEAP, Leap::chain, this::leap),
                at(Catalogue.INJECT, Inject::chain, FakeLedger::inject),
                at(Catalogue.APPEND, Append::chain, FakeLedger::append),
                at(Catalogue.FIND_NEWS, FindNews::chain, FakeLedger::news),
                at(Catalogue.WHICH_UNKNOWN, Which::chain, FakeLedger::unknown),
                at(Catalogue.FETCH, Fetch::chain, FakeLedger::fetch),
                at(
                        Catalogue.READ_QUANT,
                        ReadQuant::chain,
                        (ledger, q) -> ledger.reads().rest(q)),
                at(Catalogue.FIND_COMPACT_QUANT, FindCompactQuant::chain, (ledger, q) -> ledger.outline(q.quant())),
                at(Catalogue.FIND_QUANT, FindQuant::chain, FakeLedger::quant),
                at(
                        Catalogue.FIND_LOCATOR,
                        FindLocator::chain,
                        (ledger, q) -> ledger.reads().locator()),
                at(
                        Catalogue.FIND_COMMON,
                        FindCommon::chain,
                        (ledger, q) -> ledger.reads().common(q)),
                at(Catalogue.READ, Read::chain, (ledger, q) -> ledger.reads().read(q))));
    }

    private <Q extends Record, R> Future<Void> at(
            Ask<Q, R> ask, Function<Q, Hash> chain, BiFunction<FakeLedger, Q, ? extends R> answer) {
        return bus.serve(
                ask,
                q -> find(chain.apply(q))
                        .<Future<R>>map(ledger -> Future.succeededFuture(answer.apply(ledger, q)))
                        .orElseGet(() -> Future.failedFuture(new Failure(Reason.CHAIN_UNKNOWN, "here"))));
    }

    Optional<FakeLedger> find(Hash chain) {
        return Optional.ofNullable(ledgers.get(chain));
    }

    /** Makes a chain without telling anybody, as if it had been here at the start. */
    FakeLedger add(ChainSpec spec) {
        FakeLedger ledger = new FakeLedger(spec, bus);
        ledgers.put(spec.id(), ledger);
        return ledger;
    }

    Banged bang(ChainSpec spec) {
        boolean grounded = spec.fork()
                .map(point -> find(point.chain())
                        .filter(parent -> parent.holds(point.quant()))
                        .isPresent())
                .orElse(true);
        if (!grounded) {
            throw new Failure(Reason.CHAIN_UNKNOWN, "the parent");
        }
        boolean created = !ledgers.containsKey(spec.id());
        FakeLedger ledger = created ? add(spec) : ledgers.get(spec.id());
        if (created) {
            bus.tell(Catalogue.CHAIN_OPENED, new ChainOpened(ledger.chain()));
        }
        return new Banged(ledger.chain(), created);
    }

    void drop(Hash chain) {
        ledgers.remove(chain);
        bus.tell(Catalogue.CHAIN_CLOSED, new ChainClosed(chain));
    }

    List<String> names() {
        return ledgers.values().stream()
                .map(ledger -> ledger.chain().spec().name())
                .sorted()
                .toList();
    }

    private Chains chains() {
        return new Chains(ledgers.values().stream().map(FakeLedger::chain).toList());
    }

    private Leaped leap(FakeLedger ledger, Leap ask) {
        List<Bytes> participants = ledger.chain().spec().consensus().participants();
        if (!participants.isEmpty() && !participants.contains(self)) {
            throw new Failure(Reason.PRODUCER_NOT_PERMITTED, "not listed");
        }
        long count = ledger.leap().transactions().size();
        return new Leaped(ledger.tip().head(), 1, count);
    }
}
