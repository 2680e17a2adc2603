package io.qbc.persistence;

import static io.qbc.bus.Catalogue.FIND_CONSENSUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.Failure;
import io.qbc.config.Choice;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was final stays final, what is pinned stays pinned, and what lies too deep for either is let go. */
class FinalityTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final ChainSpec ALONE =
            Samples.engine("alone", "poa", Map.of("period", 10L, "delay", 0L), Samples.SIGNER.key());
    private static final SigningRecord NO_VOTES = new SigningRecord(-1, 0, Long.MAX_VALUE);
    private static final int DEPTH = 5;

    @TempDir
    Path data;

    private NodeConfig config(String... pins) {
        NodeConfig base = Samples.config(data, 0);
        return Samples.with(
                base,
                new NodeConfig.Ledger(base.ledger().driftMax(), DEPTH, 8, 1 << 20),
                new NodeConfig.Chains(Choice.ALL, List.of(), 2000, List.of(pins)));
    }

    private StoreFixture start(ChainSpec spec, String... pins) {
        NodeConfig config = config(pins);
        return StoreFixture.start(config, path -> RocksStore.open(path, config.store()), spec);
    }

    private static String pin(String chain, long height, Hash hash) {
        return chain + "@" + height + "=" + hash.hex();
    }

    /** A branch of empty quants. */
    static List<Quant> branch(ChainSpec spec, Tip from, int count, long time) {
        List<Quant> quants = new ArrayList<>();
        Tip tip = from;
        for (int n = 0; n < count; n++) {
            Quant quant = quant(spec, tip, new SigningRecord(-1, 0, tip.head().height()), time + 10L * n);
            quants.add(quant);
            tip = StoreFixture.after(spec, tip, quant);
        }
        return quants;
    }

    private static Quant quant(ChainSpec spec, Tip parent, SigningRecord signingRecord, long time) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        Draft draft = Draft.on(parent, spec.id(), List.of(), engine, Samples.SIGNER, signingRecord, time);
        Sealed sealed = engine.seal(draft.header(), Samples.SIGNER, 0)
                .step(Integer.MAX_VALUE)
                .orElseThrow();
        return new Quant(sealed.header(), sealed.seals(), List.of());
    }

    private static List<Verdict> offer(StoreFixture storeFixture, ChainSpec spec, List<Quant> quants) {
        return quants.stream().map(quant -> storeFixture.offer(spec, quant)).toList();
    }

    private static long finality(StoreFixture storeFixture, ChainSpec spec) {
        return storeFixture.ask(FIND_CONSENSUS, new FindConsensus(spec.id())).finality();
    }

    private static Reason reason(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).refusal().reason();
    }

    private void change(Consumer<Store.Batch> change) {
        try (Store store = RocksStore.open(data.resolve("store"), config().store());
                Store.Batch batch = store.batch()) {
            change.accept(batch);
            store.write(batch);
        }
    }

    private int rows(ColumnFamily columnFamily, byte[] first, int bytes) {
        int rows = 0;
        byte[] key = new byte[bytes];
        try (Store store = RocksStore.openToRead(data.resolve("store"), config().store());
                Store.Scan scan = store.scan(columnFamily)) {
            for (scan.seek(first); scan.here() && scan.key(key) == bytes && key[0] == first[0]; scan.next()) {
                rows++;
            }
        }
        return rows;
    }

    @Test
    void whatWasEverFinalIsKeptWithTheChain() {
        long reached;
        try (StoreFixture storeFixture = start(ALONE)) {
            offer(storeFixture, ALONE, branch(ALONE, Tip.genesis(ALONE), 9, StoreFixture.NOW));
            reached = finality(storeFixture, ALONE);
            assertThat(reached).isPositive();
            storeFixture.undeploy();
        }
        try (Store store = RocksStore.openToRead(data.resolve("store"), config().store())) {
            assertThat(store.get(ColumnFamily.META, StoreKeys.agreed(1)).map(value -> StoreKeys.number(value, 0)))
                    .contains(reached);
        }
        assertSound();
    }

    @Test
    void aHeadThatShowsLessTakesNothingBack() {
        Tip genesis = Tip.genesis(SPEC);
        List<Quant> main = branch(SPEC, genesis, 4, StoreFixture.NOW);
        try (StoreFixture storeFixture = start(SPEC)) {
            offer(storeFixture, SPEC, main);
            assertThat(finality(storeFixture, SPEC)).isZero();
            storeFixture.undeploy();
        }
        change(batch -> batch.put(ColumnFamily.META, StoreKeys.agreed(1), StoreKeys.number(3)));
        try (StoreFixture storeFixture = start(SPEC)) {
            assertThat(finality(storeFixture, SPEC)).isEqualTo(3);
            List<Quant> rival = branch(SPEC, genesis, 6, StoreFixture.NOW + 5);
            assertThat(reason(storeFixture.offer(SPEC, rival.get(0)))).isEqualTo(Reason.FINAL);
            assertThat(storeFixture.head(SPEC))
                    .isEqualTo(main.get(3).compactQuant().hash());
            offer(storeFixture, SPEC, branch(SPEC, storeFixture.tip(SPEC), 2, StoreFixture.NOW + 100));
            assertThat(finality(storeFixture, SPEC)).isEqualTo(3);
        }
    }

    @Test
    void aFreshNodeWithAPinRefusesALongerHistoryThatContradictsIt() {
        List<Quant> sound = branch(SPEC, Tip.genesis(SPEC), 4, StoreFixture.NOW);
        List<Quant> longer = branch(SPEC, Tip.genesis(SPEC), 9, StoreFixture.NOW + 5);
        String pin = pin("main", 3, sound.get(2).compactQuant().hash());
        try (StoreFixture storeFixture = start(SPEC, pin)) {
            List<Verdict> verdicts = offer(storeFixture, SPEC, longer.subList(0, 3));
            assertThat(reason(verdicts.get(2))).isEqualTo(Reason.FINAL);
            assertThat(storeFixture.tip(SPEC).head().height()).isEqualTo(2);
            assertThat(finality(storeFixture, SPEC)).isZero();
            offer(storeFixture, SPEC, sound);
            assertThat(storeFixture.head(SPEC))
                    .isEqualTo(sound.get(3).compactQuant().hash());
            assertThat(finality(storeFixture, SPEC)).isEqualTo(3);
            assertThat(reason(storeFixture.offer(SPEC, longer.get(2)))).isEqualTo(Reason.FINAL);
        }
    }

    @Test
    void aChainThatContradictsItsPinIsNotOpened() {
        List<Quant> here = branch(SPEC, Tip.genesis(SPEC), 4, StoreFixture.NOW);
        ChainSpec other = Samples.pow("other");
        try (StoreFixture storeFixture = start(SPEC)) {
            offer(storeFixture, SPEC, here);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture = start(other, pin("main", 3, Hash.ZERO), pin("alone", 0, Hash.ZERO))) {
            DamagedChain damaged = storeFixture
                    .ask(Catalogue.FIND_DAMAGE, new FindDamage())
                    .chains()
                    .get(0);
            assertThat(damaged.id()).isEqualTo(SPEC.id());
            assertThat(damaged.refusal().reason()).isEqualTo(Reason.FINAL);
            assertThat(damaged.refusal().detail()).contains("height 3", Hash.ZERO.hex());
            assertThat(storeFixture.keep(other, Samples.transaction(other, 1))).hasSize(1);
            assertThat(storeFixture.notMade(ALONE)).isEqualTo(Reason.FINAL);
            storeFixture.undeploy();
        }
        try (StoreFixture storeFixture =
                start(SPEC, pin(SPEC.id().hex(), 3, here.get(2).compactQuant().hash()))) {
            assertThat(storeFixture.tip(SPEC).head().height()).isEqualTo(4);
        }
    }

    @Test
    void quantsAsideAreLetGoOnceNoBranchCanBeginThere() {
        try (StoreFixture storeFixture = start(ALONE)) {
            Tip genesis = Tip.genesis(ALONE);
            for (int n = 0; n <= 40; n++) {
                Quant rival = quant(ALONE, genesis, NO_VOTES, StoreFixture.NOW + 10L * n);
                assertThat(storeFixture.offer(ALONE, rival)).isNotInstanceOf(Verdict.Refused.class);
            }
            storeFixture.undeploy();
        }
        assertThat(rows(ColumnFamily.META, StoreKeys.asides(1, 0), StoreKeys.ASIDE_BYTES))
                .isEqualTo(40);
        int before = rows(ColumnFamily.QUANTS, StoreKeys.hashed(1, Hash.ZERO), 36);
        try (StoreFixture storeFixture = start(ALONE)) {
            offer(storeFixture, ALONE, branch(ALONE, storeFixture.tip(ALONE), 12, StoreFixture.NOW + 1000));
            storeFixture.undeploy();
        }
        assertThat(rows(ColumnFamily.META, StoreKeys.asides(1, 0), StoreKeys.ASIDE_BYTES))
                .isZero();
        assertThat(rows(ColumnFamily.QUANTS, StoreKeys.hashed(1, Hash.ZERO), 36))
                .isEqualTo(before - 40 + 12);
        assertThat(rows(ColumnFamily.STATES, StoreKeys.begin(1), 36)).isLessThanOrEqualTo(DEPTH + 3);
        assertSound();
    }

    @Test
    void aBranchWhoseBeginningWasLetGoIsTooDeep() {
        Tip genesis = Tip.genesis(SPEC);
        List<Quant> left = branch(SPEC, genesis, 4, StoreFixture.NOW + 5);
        try (StoreFixture storeFixture = start(SPEC)) {
            offer(storeFixture, SPEC, branch(SPEC, genesis, 5, StoreFixture.NOW));
            offer(storeFixture, SPEC, left.subList(0, 3));
            offer(storeFixture, SPEC, branch(SPEC, storeFixture.tip(SPEC), 4, StoreFixture.NOW + 1000));
            assertThat(reason(storeFixture.offer(SPEC, left.get(3)))).isEqualTo(Reason.REORGANISATION_TOO_DEEP);
            offer(storeFixture, SPEC, branch(SPEC, storeFixture.tip(SPEC), 1, StoreFixture.NOW + 2000));
            assertThat(reason(storeFixture.offer(SPEC, left.get(0)))).isEqualTo(Reason.REORGANISATION_TOO_DEEP);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void whatAForkNeedsIsNotLetGo() {
        ChainSpec fork;
        List<Catalogue.Piece> past;
        try (StoreFixture storeFixture = start(SPEC)) {
            storeFixture.grow(SPEC, 1, 3);
            fork = Samples.fork("side", SPEC, storeFixture.at(SPEC, 3).header(), StoreFixture.NOW + 1000);
            storeFixture.bang(fork);
            past = storeFixture.pieces(fork);
            // The parent goes another way, and so far that the old one lies deep.
            offer(storeFixture, SPEC, branch(SPEC, Tip.genesis(SPEC), 5, StoreFixture.NOW + 5));
            offer(storeFixture, SPEC, branch(SPEC, storeFixture.tip(SPEC), 12, StoreFixture.NOW + 1000));
            assertThat(storeFixture.tip(SPEC).head().height()).isEqualTo(17);
            assertThat(storeFixture.pieces(fork)).isEqualTo(past);
            storeFixture.undeploy();
        }
        assertThat(rows(ColumnFamily.META, StoreKeys.asides(1, 0), StoreKeys.ASIDE_BYTES))
                .isZero();
        try (StoreFixture storeFixture = start(SPEC)) {
            assertThat(storeFixture.pieces(fork)).isEqualTo(past);
            storeFixture.undeploy();
        }
        assertSound();
    }

    @Test
    void aParentStaysWhileAForkOfItIsDamaged() {
        ChainSpec fork;
        List<Catalogue.Piece> past;
        try (StoreFixture storeFixture = start(SPEC)) {
            storeFixture.grow(SPEC, 1, 3);
            fork = Samples.fork("side", SPEC, storeFixture.at(SPEC, 3).header(), StoreFixture.NOW + 1000);
            storeFixture.bang(fork);
            past = storeFixture.pieces(fork);
            storeFixture.undeploy();
        }
        change(batch -> batch.put(ColumnFamily.META, StoreKeys.registered(2), new byte[3]));
        try (StoreFixture storeFixture = start(SPEC)) {
            assertThatThrownBy(() -> storeFixture.ask(Catalogue.DROP, new Catalogue.Drop(SPEC.id())))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.refusal().reason()).isEqualTo(Reason.CORRUPT));
            storeFixture.undeploy();
        }
        change(batch -> batch.put(ColumnFamily.META, StoreKeys.registered(2), ChainRecord.encode(fork)));
        try (StoreFixture storeFixture = start(SPEC)) {
            storeFixture.ask(Catalogue.DROP, new Catalogue.Drop(SPEC.id()));
            assertThat(storeFixture.pieces(fork)).isEqualTo(past);
        }
    }

    private void assertSound() {
        assertThat(Verify.run(data, config(), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
