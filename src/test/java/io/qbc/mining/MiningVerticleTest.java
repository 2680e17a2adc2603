package io.qbc.mining;

import static io.qbc.bus.Catalogue.AUDIT;
import static io.qbc.bus.Catalogue.FIND_NEWS;
import static io.qbc.bus.Catalogue.FIND_POOLS;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.INJECT;
import static io.qbc.bus.Catalogue.LEAP;
import static io.qbc.bus.Catalogue.OPERATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Audit;
import io.qbc.bus.Catalogue.AuditEntry;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.FindNews;
import io.qbc.bus.Catalogue.FindPools;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.spec.AuditSpec;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Mining")
class MiningVerticleTest {
    private static final Duration ASK = Patience.ANSWER;

    private final Vertx vertx = Vertx.vertx();
    private final ChainSpec spec = Samples.pow("main");
    private Bus bus;
    private final List<ChainSpec> damaged = new ArrayList<>();
    private FakeStore store;

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    private void deploy(ChainSpec chain, NodeConfig.Pool pool, NodeConfig.Leap leap) throws Exception {
        Bus.install(vertx);
        bus = new Bus(vertx, ASK);
        store = new FakeStore(bus, chain);
        store.damaged.addAll(damaged);
        done(store.serve());
        NodeConfig base = Samples.config(Path.of("unused"), 0);
        NodeConfig config = Samples.with(base, pool, leap);
        done(vertx.deployVerticle(
                new MiningVerticle(config, Samples.SIGNER, name -> true, InstantSource.system(), ASK)));
    }

    private void deploy() throws Exception {
        deploy(spec, new NodeConfig.Pool(1000, 1 << 20), new NodeConfig.Leap(0, 0, Duration.ZERO, 100));
    }

    @Test
    @DisplayName("asks nobody what a key signed in a chain that began here, or surely after the start")
    void beganHere() {
        ChainSpec chain = Samples.engine("three", "poa", Map.of(), Samples.SIGNER.key(), Samples.OTHER.key());
        long drift = Samples.config(Path.of("unused"), 0).ledger().driftMax().toMillis();
        assertThat(alone(chain, true, chain.genesisTime())).isTrue();
        assertThat(alone(chain, false, chain.genesisTime())).isFalse();
        assertThat(alone(chain, false, chain.genesisTime() - drift)).isTrue();
        assertThat(alone(chain, true, chain.genesisTime() + 1)).isFalse();
    }

    private boolean alone(ChainSpec chain, boolean begun, long startedAt) {
        MiningContext context = new MiningContext(
                vertx,
                new Bus(vertx, ASK),
                Samples.config(Path.of("unused"), 0),
                Samples.SIGNER,
                name -> true,
                InstantSource.system(),
                startedAt,
                ASK,
                vertx.createSharedWorkerExecutor("sealers"),
                Tracing.off());
        return context.setup(chain, begun).listening().alone();
    }

    @Test
    @DisplayName("seals what waits, and an empty pool gives an empty quant")
    void leap() throws Exception {
        deploy();
        inject(Origin.CLIENT, 1, 2, 3);
        Leaped leaped = leapNow();
        assertThat(leaped.count()).isEqualTo(3);
        assertThat(leaped.head().height()).isEqualTo(1);
        assertThat(leapNow().count()).isZero();
        assertThat(store.quants).hasSize(2);
        assertThat(store.quants.get(0).ids()).containsExactlyElementsOf(ids(1, 2, 3));
    }

    @Test
    @DisplayName("goes on without a chain of which it cannot be read what waits")
    void damagedChain() throws Exception {
        ChainSpec torn = Samples.pow("torn");
        damaged.add(torn);
        deploy();
        inject(Origin.CLIENT, 1);
        assertThat(leapNow().count()).isEqualTo(1);
        assertThat(refusal(new Leap(torn.id())).reason()).isEqualTo(Reason.CORRUPT);
        List<PoolState> pools = done(bus.ask(FIND_POOLS, new FindPools(List.of(torn.id(), spec.id()))))
                .states();
        assertThat(pools).hasSize(2);
        assertThat(pools.get(0)).isEqualTo(PoolState.EMPTY);
    }

    @Test
    @DisplayName("loses and doubles nothing under leaps and injections at once")
    void concurrentLeaps() throws Exception {
        deploy();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(bus.ask(INJECT, message(Origin.CLIENT, i * 5, i * 5 + 1, i * 5 + 2, i * 5 + 3, i * 5 + 4)));
            all.add(bus.ask(LEAP, new Leap(spec.id())));
        }
        done(Future.all(all));
        leapNow();
        List<Hash> sealed = store.quants.stream().flatMap(q -> q.ids().stream()).toList();
        assertThat(sealed).hasSize(200);
        assertThat(new HashSet<>(sealed)).hasSize(200);
        assertThat(store.quants).hasSize(41);
        assertThat(store.waiting).isEmpty();
    }

    @Test
    @DisplayName("begins again when another quant takes the head meanwhile")
    void stale() throws Exception {
        deploy();
        inject(Origin.PEER, 1, 2);
        List<Future<Leaped>> leaps = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            leaps.add(bus.ask(LEAP, new Leap(spec.id())));
            vertx.runOnContext(v -> foreign(store));
        }
        done(Future.all(leaps));
        assertThat(leaps).allSatisfy(leap -> assertThat(leap.result()).isInstanceOf(Leaped.class));
        assertThat(store.quants.stream().mapToLong(q -> q.ids().size()).sum()).isEqualTo(2);
    }

    private void foreign(FakeStore store) {
        Quant quant = Samples.quant(spec, store.tip, List.of(), System.currentTimeMillis());
        store.append(Append.foreign(spec.id(), quant.compactQuant(), List.of()));
    }

    @Test
    @DisplayName("refuses what exceeds the pool and takes it again after a leap")
    void full() throws Exception {
        deploy(spec, new NodeConfig.Pool(3, 1 << 20), new NodeConfig.Leap(0, 0, Duration.ZERO, 100));
        List<Admission> some = inject(Origin.CLIENT, 1, 2, 3, 4, 5);
        assertThat(some.subList(0, 3)).allMatch(a -> a instanceof Accepted);
        assertThat(some.subList(3, 5))
                .allMatch(a -> a instanceof Declined d && d.refusal().reason() == Reason.POOL_FULL);
        assertThat(inject(Origin.CLIENT, 6).get(0)).isInstanceOf(Declined.class);
        leapNow();
        assertThat(inject(Origin.CLIENT, 4, 5, 1)).satisfies(list -> {
            assertThat(list.get(0)).isInstanceOf(Accepted.class);
            assertThat(list.get(2)).isInstanceOf(Repeated.class);
        });
        assertThat(state().transactions()).isEqualTo(2);
    }

    @Test
    @DisplayName("leaps by itself at so many transactions")
    void byCount() throws Exception {
        deploy(spec, new NodeConfig.Pool(1000, 1 << 20), new NodeConfig.Leap(5, 0, Duration.ZERO, 100));
        inject(Origin.CLIENT, 1, 2, 3, 4);
        assertThat(store.quants).isEmpty();
        inject(Origin.CLIENT, 5);
        await().untilAsserted(() -> assertThat(store.waiting).isEmpty());
        assertThat(store.quants).hasSize(1);
    }

    @Test
    @DisplayName("leaps by itself when a transaction has waited long enough, and never when none waits")
    void byAge() throws Exception {
        deploy(spec, new NodeConfig.Pool(1000, 1 << 20), new NodeConfig.Leap(0, 0, Duration.ofMillis(50), 100));
        inject(Origin.CLIENT, 1);
        await().untilAsserted(() -> assertThat(store.quants).hasSize(1));
        inject(Origin.CLIENT, 2);
        await().untilAsserted(() -> assertThat(store.quants).hasSize(2));
        assertThat(store.quants).allMatch(quant -> quant.ids().size() == 1);
    }

    @Test
    @DisplayName("says why it may not leap")
    void notDue() throws Exception {
        ChainSpec other = foreign();
        deploy(other, new NodeConfig.Pool(1000, 1 << 20), new NodeConfig.Leap(1, 0, Duration.ZERO, 100));
        assertThat(refusal(new Leap(other.id(), true, Optional.empty())).reason())
                .isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
        Refusal elsewhere = Reason.TIMED_OUT.refusal("the delegate does not answer");
        done(bus.serve(Catalogue.FORWARD_LEAP, ask -> Future.failedFuture(new Failure(elsewhere))));
        assertThat(refusal(new Leap(other.id()))).isEqualTo(elsewhere);
    }

    @Test
    @DisplayName("has a delegate leap where it may not itself, unless it is asked in another one's place")
    void forwarded() throws Exception {
        ChainSpec other = foreign();
        deploy(other, new NodeConfig.Pool(1000, 1 << 20), new NodeConfig.Leap(0, 0, Duration.ZERO, 100));
        Leaped elsewhere = new Leaped(store.tip.head(), 1, 7);
        done(bus.serve(Catalogue.FORWARD_LEAP, ask -> Future.succeededFuture(elsewhere)));
        assertThat(done(bus.ask(LEAP, new Leap(other.id())))).isEqualTo(elsewhere);
        assertThat(refusal(new Leap(other.id(), true, Optional.empty())).reason())
                .isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
    }

    @Test
    @DisplayName("makes no second empty quant for a peer that asks again")
    void forwardedAgain() throws Exception {
        deploy();
        Leap ask = new Leap(spec.id(), true, Optional.of(store.tip.head().hash()));
        Leaped first = done(bus.ask(LEAP, ask));
        assertThat(first.quants()).isEqualTo(1);
        assertThat(done(bus.ask(LEAP, ask))).isEqualTo(new Leaped(first.head(), 0, 0));
        inject(Origin.CLIENT, 1);
        assertThat(done(bus.ask(LEAP, ask)).count()).isEqualTo(1);
        assertThat(store.quants).hasSize(2);
    }

    private ChainSpec foreign() {
        return new ChainSpec(
                "main",
                "",
                Samples.GENESIS_TIME,
                new ChainSpec.Consensus("dbc", new java.util.TreeMap<>(), List.of(Samples.OTHER.key())),
                spec.limits(),
                spec.document());
    }

    @Test
    @DisplayName("takes what waits from the store at its start and after a reorganisation")
    void reload() throws Exception {
        deploy();
        inject(Origin.CLIENT, 1, 2, 3);
        store.waiting.remove(2L);
        bus.tell(HEAD_MOVED, new HeadMoved(spec.id(), store.tip, 1, List.of()));
        await().untilAsserted(() -> assertThat(state().transactions()).isEqualTo(2));
        assertThat(leapNow().count()).isEqualTo(2);
    }

    @Test
    @DisplayName("tells what may be announced, but nothing quiet")
    void news() throws Exception {
        deploy();
        inject(Origin.CLIENT, 1);
        inject(Origin.QUIET, 2);
        inject(Origin.PEER, 3);
        assertThat(done(bus.ask(FIND_NEWS, new FindNews(spec.id(), 0, 10))).ids())
                .containsExactlyElementsOf(ids(1, 3));
    }

    @Test
    @DisplayName("signs what goes into its audit trail, takes it once, and takes nothing else there")
    void auditTrail() throws Exception {
        ChainSpec trail = AuditSpec.of(Samples.SIGNER.key());
        deploy(trail, new NodeConfig.Pool(1000, 1 << 20), new NodeConfig.Leap(0, 0, Duration.ZERO, 100));
        AuditEntry entry = new AuditEntry(
                Bytes.utf8("audit.begun"), Bytes.utf8("{}"), Bytes.utf8("k"), Bytes.utf8("0123456789abcdef"));
        assertThat(done(bus.ask(AUDIT, new Audit(List.of(entry)))).admissions())
                .singleElement()
                .isInstanceOf(Accepted.class);
        Transaction signed = store.waiting.values().iterator().next();
        assertThat(signed.body().author()).isEqualTo(Samples.SIGNER.key());
        assertThat(new TransactionRules(trail.id(), 1 << 20, Ed25519.VERIFIER).check(signed))
                .isEmpty();
        assertThat(done(bus.ask(FIND_NEWS, new FindNews(trail.id(), 0, 10))).ids())
                .isEmpty();
        Submission foreign = new Submission(Samples.transaction(trail, 1));
        assertThat(done(bus.ask(INJECT, new Inject(trail.id(), List.of(foreign, foreign), Origin.CLIENT)))
                        .admissions())
                .hasSize(2)
                .allMatch(a -> a instanceof Declined d && d.refusal().reason() == Reason.CHAIN_RESERVED);
        assertThat(done(bus.ask(LEAP, new Leap(trail.id()))).count()).isEqualTo(1);
    }

    @Test
    @DisplayName("writes no audit trail where there is none, or that of another identity")
    void noAuditTrail() throws Exception {
        deploy(
                AuditSpec.of(Samples.OTHER.key()),
                new NodeConfig.Pool(1000, 1 << 20),
                new NodeConfig.Leap(0, 0, Duration.ZERO, 100));
        Future<Injected> refused = bus.ask(AUDIT, new Audit(List.of()));
        await().until(refused::isComplete);
        assertThat(Failure.of(refused.cause()).reason()).isEqualTo(Reason.CHAIN_UNKNOWN);
    }

    @Test
    @DisplayName("signs an operation that it is asked for, so that it keeps every rule")
    void operate() throws Exception {
        deploy();
        Operate ask = new Operate(
                spec.id(),
                Bytes.utf8("qbc.pos.bond"),
                Bytes.utf8("{\"amount\":5}"),
                Bytes.utf8("k"),
                Bytes.utf8("0123456789abcdef"));
        assertThat(done(bus.ask(OPERATE, ask)).admissions()).singleElement().isInstanceOf(Accepted.class);
        Transaction operation = store.waiting.values().iterator().next();
        assertThat(new TransactionRules(spec.id(), 1 << 20, Ed25519.VERIFIER).check(operation))
                .isEmpty();
        assertThat(EngineOperation.of(operation))
                .contains(new EngineOperation(Samples.SIGNER.key(), "qbc.pos.bond", ask.payload()));
        assertThat(operation.body().key()).isEqualTo(ask.key());
        assertThat(leapNow().count()).isEqualTo(1);
    }

    private List<Admission> inject(Origin origin, int... numbers) throws Exception {
        return done(bus.ask(INJECT, message(origin, numbers))).admissions();
    }

    private Inject message(Origin origin, int... numbers) {
        return new Inject(
                store.spec.id(),
                IntStream.of(numbers)
                        .mapToObj(n -> new Submission(Samples.transaction(store.spec, n)))
                        .toList(),
                origin);
    }

    private List<Hash> ids(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(n -> Samples.transaction(spec, n).id())
                .toList();
    }

    private Leaped leapNow() throws Exception {
        return done(bus.ask(LEAP, new Leap(spec.id())));
    }

    private Refusal refusal(Leap ask) throws Exception {
        return done(bus.ask(LEAP, ask)
                .map(leaped -> Reason.INTERNAL.refusal("leapt: " + leaped))
                .otherwise(Failure::of));
    }

    private PoolState state() throws Exception {
        return done(bus.ask(FIND_POOLS, new FindPools(List.of(spec.id()))))
                .states()
                .get(0);
    }

    private static <T> T done(Future<T> future) throws Exception {
        return Patience.outcome(future);
    }
}
