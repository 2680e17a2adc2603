package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule broken alone: the quant is sealed again after the change, so that nothing else is wrong with it. */
class QuantRulesTest {
    private static final long DRIFT = 1000;
    private static final long NOW = Samples.GENESIS_TIME + 60_000;

    /** A chain with three quants of three transactions, and what is needed to go on. */
    private record World(ChainSpec spec, Engine engine, QuantRules rules, Tip tip) {
        Header draft(List<Hash> ids) {
            return draft(ids, NOW);
        }

        Header draft(List<Hash> ids, long now) {
            return Draft.on(tip, spec.id(), ids, engine, Samples.SIGNER, SigningRecord.NONE, now)
                    .header();
        }

        CompactQuant seal(Header header, List<Hash> ids) {
            Sealed sealed =
                    engine.seal(header, Samples.SIGNER, 0).step(1_000_000).orElseThrow();
            return new CompactQuant(sealed.header(), sealed.seals(), ids);
        }

        Outcome judge(CompactQuant quant) {
            return rules.judge(tip, quant, List.of(), 500, NOW);
        }

        Reason reason(CompactQuant quant) {
            return QuantRulesTest.reason(judge(quant));
        }
    }

    private static World world(ChainSpec bare) {
        ChainSpec spec = new ChainSpec(
                bare.name(),
                "",
                bare.genesisTime(),
                bare.consensus(),
                new ChainSpec.Limits(1000, 2000, 5),
                bare.document());
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        QuantRules rules = new QuantRules(spec, engine, Ed25519.VERIFIER, DRIFT);
        World world = new World(spec, engine, rules, Tip.genesis(spec));
        for (int i = 0; i < 3; i++) {
            List<Hash> ids = ids(3 * i, 3);
            Outcome outcome = world.judge(world.seal(world.draft(ids, bare.genesisTime() + 1000L * i), ids));
            world = new World(spec, engine, rules, ((Outcome.Valid) outcome).tip());
        }
        return world;
    }

    static Stream<World> worlds() {
        return Stream.of(world(Samples.pow("main")), world(Samples.dbc("main")));
    }

    private static List<Hash> ids(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(n -> Sha256.of(Samples.seed("id" + n)))
                .toList();
    }

    private static Reason reason(Outcome outcome) {
        return ((Outcome.Broken) outcome).refusal().reason();
    }

    static Stream<Arguments> headers() {
        return Stream.<Arguments>of(
                broken(Reason.QUANT_VERSION, h -> h.version = 2),
                broken(Reason.QUANT_VERSION, h -> h.version = 0),
                broken(Reason.QUANT_VERSION, h -> h.version = -1),
                broken(Reason.QUANT_CHAIN, h -> h.chain = Hash.ZERO),
                broken(Reason.QUANT_CHAIN, h -> h.chain = Samples.pow("other").id()),
                broken(Reason.QUANT_MALFORMED, h -> h.producer = Bytes.EMPTY),
                broken(Reason.QUANT_MALFORMED, h -> h.producer = h.producer.slice(0, 31)),
                broken(Reason.QUANT_HEIGHT, h -> h.height++),
                broken(Reason.QUANT_HEIGHT, h -> h.height--),
                broken(Reason.QUANT_HEIGHT, h -> h.height = -1),
                broken(Reason.QUANT_HEIGHT, h -> h.height = 0),
                broken(Reason.QUANT_TIME_EARLY, h -> h.timestamp = 0),
                broken(Reason.QUANT_TIME_EARLY, h -> h.timestamp = -1),
                broken(Reason.QUANT_TIME_AHEAD, h -> h.timestamp = NOW + DRIFT + 1),
                broken(Reason.QUANT_TIME_AHEAD, h -> h.timestamp = Long.MAX_VALUE),
                broken(Reason.QUANT_COUNT, h -> h.count++),
                broken(Reason.QUANT_COUNT, h -> h.count--),
                broken(Reason.QUANT_COUNT, h -> h.count = -1),
                broken(Reason.CONSENSUS_FIELDS, h -> h.consensus = Bytes.hex("00")),
                broken(Reason.QUANT_TREE_SIZE, h -> h.treeSize++),
                broken(Reason.QUANT_TREE_SIZE, h -> h.treeSize--),
                broken(Reason.QUANT_TREE_SIZE, h -> h.treeSize = h.count),
                broken(Reason.QUANT_TREE_SIZE, h -> h.treeSize = -1),
                broken(Reason.QUANT_ROOT, h -> h.root = Hash.ZERO),
                broken(
                        Reason.QUANT_ROOT,
                        h -> h.root = Frontier.EMPTY.append(ids(9, 3)).root()));
    }

    private static Arguments broken(Reason reason, Consumer<HeaderEdit> change) {
        return Arguments.of(reason, change);
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource
    void headers(Reason reason, Consumer<HeaderEdit> change) {
        List<Hash> ids = ids(9, 3);
        worlds().forEach(world -> assertThat(world.reason(world.seal(HeaderEdit.of(world.draft(ids), change), ids)))
                .isEqualTo(reason));
    }

    /** What can be told of a quant whose parent is not here is told, and nothing else. */
    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("headers")
    void judgesAloneWhatNeedsNoParent(Reason reason, Consumer<HeaderEdit> change) {
        boolean ofTheParent = Set.of(
                        Reason.QUANT_HEIGHT, Reason.QUANT_TIME_EARLY, Reason.QUANT_TREE_SIZE, Reason.QUANT_ROOT)
                .contains(reason);
        List<Hash> ids = ids(9, 3);
        worlds().forEach(world -> {
            CompactQuant quant = world.seal(HeaderEdit.of(world.draft(ids), change), ids);
            assertThat(world.rules().checkAlone(quant, NOW).map(Refusal::reason))
                    .isEqualTo(ofTheParent ? Optional.empty() : Optional.of(reason));
        });
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void judgesProofSealsAndIdsAlone(World world) {
        List<Hash> ids = ids(9, 3);
        CompactQuant good = world.seal(world.draft(ids), ids);
        assertThat(world.rules().checkAlone(good, NOW)).isEmpty();
        Header other = HeaderEdit.of(good.header(), h -> h.previous = ids.get(0));
        CompactQuant stolen = new CompactQuant(other.withProof(Bytes.EMPTY), good.seals(), ids);
        assertThat(world.rules().checkAlone(stolen, NOW)).isPresent();
        assertThat(world.rules().checkAlone(new CompactQuant(good.header(), good.seals(), ids(9, 2)), NOW))
                .map(Refusal::reason)
                .contains(Reason.QUANT_COUNT);
        List<Hash> twice = List.of(ids.get(0), ids.get(1), ids.get(0));
        assertThat(world.rules().checkAlone(world.seal(world.draft(twice), twice), NOW))
                .map(Refusal::reason)
                .contains(Reason.TRANSACTION_TWICE);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void passesAValidQuantAndGivesItsTip(World world) {
        for (int count = 0; count <= 5; count++) {
            List<Hash> ids = ids(9, count);
            CompactQuant quant = world.seal(world.draft(ids), ids);
            Tip tip = ((Outcome.Valid) world.judge(quant)).tip();
            assertThat(tip.head().hash()).isEqualTo(quant.hash());
            assertThat(tip.head().header()).isEqualTo(quant.header());
            assertThat(tip.head().weight())
                    .isEqualTo(world.tip()
                            .head()
                            .weight()
                            .add(world.engine()
                                    .weight(quant.header(), world.tip().parent(), tip.state())));
            assertThat(tip.frontier()).isEqualTo(Frontier.EMPTY.append(ids(0, 9 + count)));
            assertThat(tip.times()).hasSize(5).first().isEqualTo(quant.header().timestamp());
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void allowsTheEdgesOfTime(World world) {
        Header draft = world.draft(List.of());
        long median = world.tip().medianTime();
        for (long time : new long[] {median + 1, NOW, NOW + DRIFT}) {
            CompactQuant quant = world.seal(HeaderEdit.of(draft, h -> h.timestamp = time), List.of());
            assertThat(world.judge(quant)).isInstanceOf(Outcome.Valid.class);
        }
        CompactQuant early = world.seal(HeaderEdit.of(draft, h -> h.timestamp = median), List.of());
        assertThat(world.reason(early)).isEqualTo(Reason.QUANT_TIME_EARLY);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void boundsCountAndBytes(World world) {
        List<Hash> six = ids(9, 6);
        assertThat(world.reason(world.seal(world.draft(six), six))).isEqualTo(Reason.QUANT_TOO_MANY);
        CompactQuant quant = world.seal(world.draft(ids(9, 5)), ids(9, 5));
        assertThat(world.rules().judge(world.tip(), quant, List.of(), 2000, NOW))
                .isInstanceOf(Outcome.Valid.class);
        assertThat(reason(world.rules().judge(world.tip(), quant, List.of(), 2001, NOW)))
                .isEqualTo(Reason.QUANT_TOO_LARGE);
        assertThat(reason(world.rules().judge(world.tip(), quant, List.of(), 1L << 40, NOW)))
                .isEqualTo(Reason.QUANT_TOO_LARGE);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void comparesTheIdsWithTheRoot(World world) {
        List<Hash> ids = ids(9, 3);
        Header draft = world.draft(ids);
        List<Hash> swapped = List.of(ids.get(1), ids.get(0), ids.get(2));
        assertThat(world.reason(world.seal(draft, swapped))).isEqualTo(Reason.QUANT_ROOT);
        assertThat(world.reason(world.seal(draft, ids(10, 3)))).isEqualTo(Reason.QUANT_ROOT);
        assertThat(world.reason(world.seal(draft, ids(9, 2)))).isEqualTo(Reason.QUANT_COUNT);
        List<Hash> twice = List.of(ids.get(0), ids.get(1), ids.get(0));
        assertThat(world.reason(world.seal(world.draft(twice), twice))).isEqualTo(Reason.TRANSACTION_TWICE);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void namesTheFirstRuleInOrder(World world) {
        List<Consumer<HeaderEdit>> changes = List.of(
                h -> h.version = 2,
                h -> h.chain = Hash.ZERO,
                h -> h.producer = Bytes.EMPTY,
                h -> h.height++,
                h -> h.timestamp = 0,
                h -> h.count++,
                h -> h.consensus = Bytes.hex("00"),
                h -> h.treeSize++,
                h -> h.root = Hash.ZERO);
        List<Reason> order = List.of(
                Reason.QUANT_VERSION,
                Reason.QUANT_CHAIN,
                Reason.QUANT_MALFORMED,
                Reason.QUANT_HEIGHT,
                Reason.QUANT_TIME_EARLY,
                Reason.QUANT_COUNT,
                Reason.CONSENSUS_FIELDS,
                Reason.QUANT_TREE_SIZE,
                Reason.QUANT_ROOT);
        for (int first = 0; first < order.size(); first++) {
            Header header = world.draft(List.of());
            for (Consumer<HeaderEdit> change : changes.subList(first, changes.size())) {
                header = HeaderEdit.of(header, change);
            }
            assertThat(world.reason(world.seal(header, List.of()))).isEqualTo(order.get(first));
        }
    }

    @Test
    void proofAndSealsComeBeforeTheTree() {
        World pow = world(Samples.pow("main"));
        Header wrongRoot = HeaderEdit.of(pow.draft(List.of()), h -> h.root = Hash.ZERO);
        CompactQuant unsealed = new CompactQuant(wrongRoot, List.of(), List.of());
        assertThat(pow.reason(unsealed)).isEqualTo(Reason.PROOF_INVALID);
        World dbc = world(Samples.dbc("main"));
        assertThat(dbc.reason(new CompactQuant(dbc.draft(List.of()), List.of(), List.of())))
                .isEqualTo(Reason.SEAL_INVALID);
        Header foreign = HeaderEdit.of(dbc.draft(List.of()), h -> h.producer = Samples.OTHER.key());
        assertThat(dbc.reason(dbc.seal(foreign, List.of()))).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
    }

    /** Whatever bit of a signed quant is turned on its way, it is not the quant that was signed. */
    @Test
    void refusesEveryInjuredHeader() {
        Random random = Chance.random();
        World world = world(Samples.dbc("main"));
        List<Hash> ids = ids(9, 4);
        CompactQuant quant = world.seal(world.draft(ids), ids);
        Encoder out = new Encoder(16);
        Canonical.write(out, quant.header());
        int judged = 0;
        for (int i = 0; i < 5000; i++) {
            Decoder in =
                    new Decoder(Bytes.wrap(Chance.injure(random, out.toBytes().toArray())));
            Header header = Canonical.header(in);
            if (in.complete() && !header.equals(quant.header())) {
                judged++;
                assertThat(world.judge(new CompactQuant(header, quant.seals(), ids)))
                        .isInstanceOf(Outcome.Broken.class);
            }
        }
        assertThat(judged).isGreaterThan(500);
        List<Hash> other = new ArrayList<>(ids);
        other.set(random.nextInt(4), Hash.at(Chance.bytes(random, 32), 0));
        assertThat(world.reason(new CompactQuant(quant.header(), quant.seals(), other)))
                .isEqualTo(Reason.QUANT_ROOT);
    }
}
