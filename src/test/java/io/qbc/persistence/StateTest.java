package io.qbc.persistence;

import static io.qbc.bus.Catalogue.EQUIVOCATION_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.EquivocationFound;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Draft;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine's state is the same whatever way the chain took to its head, and what it calls final stays. */
class StateTest {
    private static final long PERIOD = 1000;
    private static final Signer THIRD = Ed25519.signer(Samples.seed("third"));
    private static final List<Signer> SIGNERS = List.of(Samples.SIGNER, Samples.OTHER, THIRD);
    private static final ChainSpec POA = Samples.engine(
            "poa",
            "poa",
            Map.of("period", PERIOD, "delay", 0L),
            Samples.SIGNER.key(),
            Samples.OTHER.key(),
            THIRD.key());
    private static final ChainSpec ALONE =
            Samples.engine("alone", "poa", Map.of("period", PERIOD, "delay", 0L), Samples.SIGNER.key());
    private static final SigningRecord NO_VOTES = new SigningRecord(-1, 0, Long.MAX_VALUE);
    private static final int QUANTS = 30;

    @TempDir
    Path data;

    private record Node(Quant quant, Tip tip) {}

    @Test
    void undoneAndDoneAgainTheStateIsTheSame() {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Node> tree = tree(random);
        Tip best = tree.stream()
                .map(Node::tip)
                .max(Comparator.comparing(Tip::head, ForkChoice.ORDER))
                .orElseThrow();
        for (int order = 0; order < 4; order++) {
            Path directory = data.resolve("order" + order);
            Collections.shuffle(tree, random);
            try (StoreFixture storeFixture = StoreFixture.start(directory, POA)) {
                tree.forEach(node -> storeFixture.offer(POA, node.quant()));
                await().untilAsserted(() ->
                        assertThat(storeFixture.tip(POA)).as("seed " + seed).isEqualTo(best));
                storeFixture.undeploy();
            }
            try (StoreFixture storeFixture = StoreFixture.start(directory, POA)) {
                assertThat(storeFixture.tip(POA)).as("seed " + seed).isEqualTo(best);
                storeFixture.undeploy();
            }
            assertSound(directory);
        }
    }

    /** Quants on random parents, some with votes that let a fourth signer in or put the third out. */
    private static List<Node> tree(Random random) {
        List<Node> tree = new ArrayList<>();
        for (int n = 0; n < QUANTS; n++) {
            Tip parent = tree.isEmpty() || random.nextInt(8) == 0
                    ? Tip.genesis(POA)
                    : tree.get(Math.max(0, tree.size() - 1 - random.nextInt(4))).tip();
            List<Transaction> content = new ArrayList<>();
            if (random.nextInt(3) == 0) {
                String vote = "{\"signer\":\"" + THIRD.key().hex() + "\",\"add\":" + random.nextBoolean() + "}";
                content.add(Signing.order(POA, n, "vote" + n, "qbc.poa.vote", vote));
            }
            Signer first = SIGNERS.get(random.nextInt(SIGNERS.size()));
            tree.add(next(parent, first, content));
        }
        return tree;
    }

    /** The next quant by this signer, or by another if it must rest. */
    private static Node next(Tip parent, Signer first, List<Transaction> content) {
        List<Signer> signers = new ArrayList<>(SIGNERS);
        signers.remove(first);
        signers.add(0, first);
        long now = parent.head().header().timestamp() + PERIOD;
        for (Signer signer : signers) {
            Quant quant = make(POA, parent, signer, NO_VOTES, content, now);
            if (judge(POA, parent, quant) instanceof Outcome.Valid valid) {
                return new Node(quant, valid.tip());
            }
        }
        throw new AssertionError("one of three may always go on");
    }

    private static Quant make(
            ChainSpec spec,
            Tip parent,
            Signer signer,
            SigningRecord signingRecord,
            List<Transaction> content,
            long now) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        Draft draft = Draft.on(
                parent, spec.id(), content.stream().map(Transaction::id).toList(), engine, signer, signingRecord, now);
        Sealed sealed =
                engine.seal(draft.header(), signer, 0).step(Integer.MAX_VALUE).orElseThrow();
        return new Quant(sealed.header(), sealed.seals(), content);
    }

    private static Outcome judge(ChainSpec spec, Tip parent, Quant quant) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        QuantRules rules = new QuantRules(spec, engine, Ed25519.VERIFIER, Long.MAX_VALUE / 2);
        return rules.judge(
                parent, quant.compactQuant(), EngineOperation.among(quant.transactions()), 0, StoreFixture.NOW);
    }

    @Test
    void whatIsFinalStaysAndOldStatesGo() {
        NodeConfig config = shallow();
        Tip genesis = Tip.genesis(ALONE);
        Tip tip = genesis;
        SigningRecord signingRecord = SigningRecord.NONE;
        try (StoreFixture storeFixture =
                StoreFixture.start(config, path -> RocksStore.open(path, config.store()), ALONE)) {
            for (int n = 1; n <= 12; n++) {
                Quant quant = make(ALONE, tip, Samples.SIGNER, signingRecord, List.of(), time(tip));
                signingRecord = new SigningRecord(-1, 0, n);
                storeFixture.offer(ALONE, quant);
                tip = ((Outcome.Valid) judge(ALONE, tip, quant)).tip();
            }
            assertThat(storeFixture.tip(ALONE)).isEqualTo(tip);
            Tip parent = ((Outcome.Valid) judge(ALONE, genesis, make(ALONE, genesis, NO_VOTES))).tip();
            assertThat(parent.head().height()).isEqualTo(1);
            Verdict verdict = storeFixture.offer(ALONE, make(ALONE, genesis, NO_VOTES));
            assertThat(reason(verdict)).isEqualTo(Reason.REORGANISATION_TOO_DEEP);
            Quant rival = make(ALONE, back(storeFixture, tip), Samples.SIGNER, NO_VOTES, List.of(), time(tip));
            assertThat(reason(storeFixture.offer(ALONE, rival))).isEqualTo(Reason.FINAL);
            storeFixture.undeploy();
        }
        try (Store store = RocksStore.openToRead(data.resolve("store"), config.store());
                Store.Scan scan = store.scan(ColumnFamily.STATES)) {
            int states = 0;
            for (scan.seek(StoreKeys.begin(1)); scan.here(); scan.next()) {
                states++;
            }
            assertThat(states).isLessThan(11);
        }
        assertSound(data);
    }

    /** A node that undoes five quants at most. */
    private NodeConfig shallow() {
        NodeConfig base = Samples.config(data, 0);
        NodeConfig.Ledger ledger = new NodeConfig.Ledger(base.ledger().driftMax(), 5, 8, 1 << 20);
        return Samples.with(base, ledger);
    }

    private static Quant make(ChainSpec spec, Tip parent, SigningRecord signingRecord) {
        return make(spec, parent, Samples.SIGNER, signingRecord, List.of(), time(parent) + 5 * PERIOD);
    }

    private static long time(Tip parent) {
        return parent.head().header().timestamp() + PERIOD;
    }

    /** The tip three quants below the head, as the store has it. */
    private static Tip back(StoreFixture storeFixture, Tip tip) {
        Optional<Tip> found = Optional.of(Tip.genesis(ALONE));
        SigningRecord signingRecord = SigningRecord.NONE;
        for (int n = 1; n <= tip.head().height() - 3; n++) {
            Quant quant = make(ALONE, found.orElseThrow(), Samples.SIGNER, signingRecord, List.of(), time(found.get()));
            signingRecord = new SigningRecord(-1, 0, n);
            found = Optional.of(((Outcome.Valid) judge(ALONE, found.get(), quant)).tip());
            assertThat(storeFixture.at(ALONE, n).hash())
                    .isEqualTo(found.get().head().hash());
        }
        return found.orElseThrow();
    }

    @Test
    void whoSignsTwiceForASlotIsTold() {
        try (StoreFixture storeFixture = StoreFixture.start(data, POA)) {
            List<EquivocationFound> equivocationFound = Collections.synchronizedList(new ArrayList<>());
            storeFixture.await(storeFixture.bus.follow(EQUIVOCATION_FOUND, equivocationFound::add));
            Tip genesis = Tip.genesis(POA);
            long now = genesis.head().header().timestamp() + PERIOD;
            Quant one = make(POA, genesis, THIRD, NO_VOTES, List.of(), now);
            Quant other = make(POA, genesis, THIRD, NO_VOTES, List.of(Samples.transaction(POA, 1)), now);
            storeFixture.offer(POA, one);
            storeFixture.offer(POA, other);
            await().until(() -> equivocationFound.size() == 1);
            assertThat(equivocationFound.get(0).evidence().producer()).isEqualTo(THIRD.key());
            assertThat(equivocationFound.get(0).evidence().signed(Ed25519.VERIFIER))
                    .isTrue();
        }
    }

    private static Reason reason(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).refusal().reason();
    }

    private static void assertSound(Path directory) {
        assertThat(Verify.run(directory, Samples.config(directory, 0), spec -> DataRules.NONE, progress -> {})
                        .findings())
                .isEmpty();
    }
}
