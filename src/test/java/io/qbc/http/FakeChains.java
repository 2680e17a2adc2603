package io.qbc.http;

import io.qbc.Samples;
import io.qbc.bus.Ask;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.AnalyticsPoint;
import io.qbc.bus.Catalogue.AnalyticsSeries;
import io.qbc.bus.Catalogue.Ancestor;
import io.qbc.bus.Catalogue.Audit;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.Dropped;
import io.qbc.bus.Catalogue.FindAncestor;
import io.qbc.bus.Catalogue.FindPools;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.FoundTransactions;
import io.qbc.bus.Catalogue.Freeze;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.KeptOrphans;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Pools;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.Status;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.spec.AuditSpec;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A fake of what the API asks: chains that come and go, and peers. Data that holds the word bad breaks any rules. */
public final class FakeChains implements DataRules.Reader {
    private final Bus bus;
    private final Map<Hash, FakeNode> chains = new ConcurrentHashMap<>();
    final FakePeers peers;
    final FakeUpkeep upkeep = new FakeUpkeep();
    final FakeProjections projections = new FakeProjections();
    final List<Bang> bangs = new CopyOnWriteArrayList<>();
    /** What happens to parents while their forks are on the way. */
    final Queue<Runnable> reorganisations = new ConcurrentLinkedQueue<>();
    /** The threads on which data was judged. */
    final Set<String> judges = ConcurrentHashMap.newKeySet();
    /** Judgements of data that holds the word forever; such a one ends when nobody waits for it any more. */
    final AtomicInteger endless = new AtomicInteger();
    /** What the store could not open. */
    final List<DamagedChain> damaged = new CopyOnWriteArrayList<>();
    /** Where reads met damage. */
    final List<DamagedChain> met = new CopyOnWriteArrayList<>();
    /** What is damaged of the store as a whole. */
    volatile Optional<Refusal> found = Optional.empty();
    /** Why the audit trail takes nothing. */
    volatile Optional<Refusal> auditRefusal = Optional.empty();
    /** How the store fares. */
    volatile StoreState store = new StoreState(1L << 30, 1L << 26, Optional.empty(), 0, 0);

    FakeChains(Bus bus, FakeNode main) {
        this.bus = bus;
        peers = new FakePeers(bus, main.spec.id());
        chains.put(main.spec.id(), main);
    }

    @Override
    public DataRules apply(ChainSpec spec) {
        return new DataRules() {
            @Override
            public Optional<Refusal> breach(String type, Bytes payload) {
                judges.add(Thread.currentThread().getName());
                return payload.text().contains("bad") || type.equals("unknown")
                        ? Optional.of(new Refusal(Reason.RULES_BROKEN, "/a must be good", List.of("/a", "/b/0")))
                        : Optional.empty();
            }

            @Override
            public Optional<Refusal> breach(String type, Bytes payload, BooleanSupplier abandoned) {
                if (payload.text().contains("forever")) {
                    endless.incrementAndGet();
                    while (!abandoned.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    endless.decrementAndGet();
                }
                return breach(type, payload);
            }

            @Override
            public Optional<Judgement> glance(String type, Bytes payload) {
                return payload.size() > 4096 ? Optional.empty() : Optional.of(new Judgement(breach(type, payload)));
            }
        };
    }

    public FakeNode of(String name) {
        return chains.values().stream()
                .filter(node -> node.spec.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Future<?> serve() {
        return Future.all(List.of(
                bus.serve(Catalogue.FIND_CHAINS, ask -> Future.succeededFuture(list())),
                bus.serve(Catalogue.FIND_DAMAGE, ask -> Future.succeededFuture(new Damage(damaged, met, found))),
                bus.serve(Catalogue.FIND_STORE, ask -> Future.succeededFuture(store)),
                bus.serve(Catalogue.FIND_ORPHANS, ask -> Future.succeededFuture(new KeptOrphans(3, 4096))),
                on(Catalogue.INJECT, Catalogue.Inject::chain, FakeNode::inject),
                on(Catalogue.OPERATE, Catalogue.Operate::chain, FakeNode::operate),
                bus.serve(Catalogue.AUDIT, ask -> Future.succeededFuture(audit(ask))),
                on(Catalogue.LEAP, Catalogue.Leap::chain, (node, ask) -> node.leaped()),
                on(Catalogue.FIND_TRANSACTIONS, FindTransactions::chain, FakeChains::located),
                on(Catalogue.FIND_QUANT, Catalogue.FindQuant::chain, FakeNode::find),
                on(Catalogue.READ, Catalogue.Read::chain, FakeNode::read),
                on(Catalogue.READ_QUANT, ReadQuant::chain, FakeNode::readQuant),
                bus.serve(Catalogue.FIND_POOLS, ask -> Future.succeededFuture(pools(ask))),
                on(Catalogue.APPEND, Catalogue.Append::chain, FakeNode::append),
                bus.serve(Catalogue.BANG, ask -> Future.succeededFuture(bang(ask))),
                on(Catalogue.DROP, Catalogue.Drop::chain, (node, ask) -> drop(node)),
                on(Catalogue.FREEZE, Freeze::chain, this::freeze),
                on(Catalogue.FIND_ANCESTOR, FindAncestor::chain, this::ancestor),
                on(Catalogue.FIND_CONSENSUS, Catalogue.FindConsensus::chain, (node, ask) -> status(node)),
                on(Catalogue.LIST_TRANSACTIONS, Catalogue.ListTransactions::chain, FakeNode::list),
                on(Catalogue.FIND_ANALYTICS, Catalogue.FindAnalytics::chain, (node, ask) -> figures(ask)),
                upkeep.serve(bus),
                projections.serve(bus),
                peers.serve()));
    }

    /** Two types of which one is written to be harmful, and a point of each in every step. */
    private static Analytics figures(Catalogue.FindAnalytics ask) {
        int points = Math.toIntExact(ask.grid().points());
        AnalyticsPoint point = new AnalyticsPoint(
                3, 300, 1, 60, OptionalLong.of(20), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(5));
        List<AnalyticsPoint> all = Collections.nCopies(points, point);
        AnalyticsSeries rest = new AnalyticsSeries(Optional.empty(), all);
        return ask.by() == Breakdown.NONE
                ? new Analytics(7, List.of(rest))
                : new Analytics(
                        7,
                        List.of(
                                new AnalyticsSeries(Optional.of(Bytes.utf8("=1+\"x\"")), all),
                                new AnalyticsSeries(Optional.of(Bytes.EMPTY), all),
                                rest));
    }

    private <Q extends Record, R> Future<Void> on(
            Ask<Q, R> ask, Function<Q, Hash> chain, BiFunction<FakeNode, Q, ? extends R> work) {
        return bus.serve(ask, question -> {
            FakeNode node = chains.get(chain.apply(question));
            return node == null
                    ? Future.failedFuture(new Failure(Reason.CHAIN_UNKNOWN, "no such chain"))
                    : Future.succeededFuture(work.apply(node, question));
        });
    }

    /** Gives the node an audit trail. */
    void beginTrail() {
        ChainSpec spec = AuditSpec.of(Samples.SIGNER.key());
        chains.put(spec.id(), new FakeNode(bus, spec));
    }

    private Injected audit(Audit ask) {
        auditRefusal.ifPresent(refusal -> {
            throw new Failure(refusal);
        });
        FakeNode trail = of(AuditChain.NAME);
        return new Injected(ask.entries().stream()
                .map(entry -> new Operate(trail.spec.id(), entry.type(), entry.payload(), entry.key(), entry.salt()))
                .map(operate -> trail.operate(operate).admissions().get(0))
                .toList());
    }

    private Pools pools(FindPools ask) {
        return new Pools(ask.chains().stream()
                .map(chain -> chains.containsKey(chain) ? chains.get(chain).pool() : PoolState.EMPTY)
                .toList());
    }

    private static FoundTransactions located(FakeNode node, FindTransactions ask) {
        return new FoundTransactions(ask.ids().stream().map(node::located).toList());
    }

    private Chains list() {
        Map<String, Chain> byName = new ConcurrentSkipListMap<>();
        chains.values().forEach(node -> byName.put(node.spec.name(), node.now()));
        return new Chains(List.copyOf(byName.values()));
    }

    private synchronized Banged bang(Bang ask) {
        ChainSpec spec = ask.spec();
        bangs.add(ask);
        FakeNode before = chains.get(spec.id());
        if (before != null) {
            return new Banged(before.now(), false);
        }
        if (chains.values().stream().anyMatch(node -> node.spec.name().equals(spec.name()))) {
            throw new Failure(Reason.CHAIN_NAME_TAKEN, "another chain is " + spec.name());
        }
        Optional.ofNullable(reorganisations.poll()).ifPresent(Runnable::run);
        spec.fork().filter(point -> !chains.get(point.chain()).holds(point)).ifPresent(point -> {
            throw new Failure(Reason.CHAIN_SPEC_INVALID, "the parent has no quant " + point.quant());
        });
        FakeNode node = spec.fork()
                .map(point -> new FakeNode(bus, spec, chains.get(point.chain())))
                .orElseGet(() -> new FakeNode(bus, spec));
        chains.put(spec.id(), node);
        bus.tell(Catalogue.CHAIN_OPENED, new ChainOpened(node.now()));
        return new Banged(node.now(), true);
    }

    private Dropped drop(FakeNode node) {
        chains.remove(node.spec.id());
        bus.tell(Catalogue.CHAIN_CLOSED, new ChainClosed(node.spec.id()));
        return new Dropped(node.spec.id());
    }

    private Chain freeze(FakeNode node, Freeze ask) {
        node.freeze(ask.frozen());
        return node.now();
    }

    private Ancestor ancestor(FakeNode node, FindAncestor ask) {
        FakeNode other = chains.get(ask.other());
        return other == null ? new Ancestor(Optional.empty()) : node.ancestor(other);
    }

    private static Status status(FakeNode node) {
        Status.Participant one = new Status.Participant(Samples.SIGNER.key(), 3, false, 7, 1);
        Status.Participant other = new Status.Participant(Samples.OTHER.key(), 0, true, 0, 4);
        return new Status(
                "poa",
                List.of(one, other),
                Optional.of(new Status.Shift(Samples.SIGNER.key(), 12, 5000)),
                1,
                2,
                5,
                List.of(Offence.of(Samples.OTHER.key(), 1, node.spec.id(), Hash.ZERO)),
                List.of("the vote of \"other\" is missing"));
    }
}
