package io.qbc.sim;

import io.qbc.Samples;
import io.qbc.consensus.CheapSigner;
import io.qbc.consensus.Engines;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.ChainSpec.LeapHints;
import io.qbc.model.Ed25519;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All that a run tries, as it follows from the engine and the seed.
 *
 * @param signers how many keys take part, one node each
 * @param twins how many of the first keys run a second time
 * @param rogue whether the last node makes what no honest node would
 * @param faults which kinds of fault occur
 * @param loss the share of messages that get lost
 * @param duplication the share that arrives twice
 * @param delay the most milliseconds that a message takes
 * @param skew the most milliseconds that a node's clock is off
 * @param injections transactions a second
 * @param real whether signatures are real ones
 * @param side whether there is a second chain beside the first
 * @param forks whether the first chain is forked on the way
 * @param votes whether the signers of poa change on the way
 */
record Scenario(
        String engine,
        long seed,
        Set<Bug> bugs,
        int signers,
        int twins,
        boolean rogue,
        Set<Fault> faults,
        double loss,
        double duplication,
        int delay,
        int skew,
        double injections,
        boolean real,
        boolean side,
        boolean forks,
        boolean votes) {
    static final String VOTE = "qbc.poa.vote";
    private static final int NEW_SIGNER = 500;
    private static final Set<String> FREE = Set.of("classic", "pow");

    /** What can go wrong around the nodes. */
    enum Fault {
        PARTITION,
        ONE_WAY,
        CRASH,
        TORN_WRITE,
        DISK,
        CLOCK,
        SILENCE,
        WITHHOLDING,
        CORRUPTION,
        ROT
    }

    /** The swarm: each seed switches on some faults, at rates of its own. */
    static Scenario of(String engine, long seed, Set<Bug> bugs) {
        Random random = new Random(seed * 1_000_003 + engine.hashCode());
        int signers = List.of(3, 4, 4, 5, 7).get(random.nextInt(5));
        int faulty = random.nextInt((signers - 1) / 3 + 1);
        boolean rogue = faulty > 0 && random.nextBoolean();
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextBoolean()) {
                faults.add(fault);
            }
        }
        return new Scenario(
                engine,
                seed,
                bugs,
                signers,
                faulty - (rogue ? 1 : 0),
                rogue,
                faults,
                random.nextBoolean() ? 0 : random.nextDouble() * 0.2,
                random.nextBoolean() ? 0 : random.nextDouble() * 0.2,
                20 + random.nextInt(random.nextBoolean() ? 100 : 1500),
                random.nextInt(2000),
                0.5 + random.nextDouble() * 2.5,
                seed % 20 == 0,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                engine.equals("poa") && random.nextInt(3) == 0);
    }

    /** Four signers and nothing that goes wrong by itself. */
    Scenario sound() {
        return quiet(0);
    }

    /** Four signers, two of them twins, and a network that only the cut disturbs. */
    Scenario beyond() {
        return quiet(2);
    }

    private Scenario quiet(int faulty) {
        return new Scenario(
                engine,
                seed,
                bugs,
                4,
                faulty,
                false,
                EnumSet.noneOf(Fault.class),
                0,
                0,
                50,
                0,
                injections,
                false,
                false,
                false,
                false);
    }

    Signer signer(int index) {
        String name = "simulated" + index;
        return real ? Ed25519.signer(Samples.seed(name)) : CheapSigner.of(name);
    }

    Signatures signatures() {
        return real ? Ed25519.VERIFIER : CheapSigner.VERIFIER;
    }

    /** How many keys run twice or do what no honest key does. */
    int faulty() {
        return twins + (rogue ? 1 : 0);
    }

    /** The chain under the engine that is tried, and the one beside it. */
    List<ChainSpec> specs() {
        ChainSpec first = spec("simulated", engine, Samples.GENESIS_TIME, Optional.empty());
        String other = Engines.NAMES.get((int) (seed % Engines.NAMES.size()));
        return side ? List.of(first, spec("side", other, Samples.GENESIS_TIME, Optional.empty())) : List.of(first);
    }

    /** A fork, as often as not under another engine. */
    ChainSpec fork(ForkPoint point, long now) {
        String other = seed % 2 == 0 ? engine : Engines.NAMES.get((int) (seed / 2 % Engines.NAMES.size()));
        return spec("fork", other, now, Optional.of(point));
    }

    /** A vote that keeps the share of faulty keys below a third: for a new key, or against a faulty one. */
    Bytes ballot() {
        boolean out = faulty() > 0 && seed % 2 == 0;
        Bytes key = signer(out ? (twins > 0 ? 0 : signers - 1) : NEW_SIGNER).key();
        return Bytes.utf8("{\"signer\":\"" + key.hex() + "\",\"add\":" + !out + "}");
    }

    private ChainSpec spec(String name, String engine, long time, Optional<ForkPoint> point) {
        List<Bytes> keys = IntStream.range(0, FREE.contains(engine) ? 0 : signers)
                .mapToObj(index -> signer(index).key())
                .toList();
        ChainSpec.Consensus consensus = new ChainSpec.Consensus(engine, new TreeMap<>(numbers(engine)), keys);
        ChainSpec.Limits limits = new ChainSpec.Limits(1 << 16, 1 << 20, 40);
        Bytes document = Bytes.utf8("{\"name\":\"" + name + "\",\"engine\":\"" + engine + "\",\"seed\":" + seed + "}");
        return new ChainSpec(name, "", time, consensus, limits, LeapHints.NONE, point, Bytes.EMPTY, 0, document);
    }

    private Map<String, Long> numbers(String engine) {
        return switch (engine) {
            case "pow" ->
                seed % 2 == 0
                        ? Map.of("difficulty", 4L)
                        : Map.of("difficulty", 16L, "spacing", 1500L, "halfLife", 20_000L, "difficultyMost", 256L);
            case "dbc" -> Map.of("turn", seed % 2, "timeout", 800L);
            case "poa" -> Map.of("period", 1000L, "delay", 500L);
            case "pos", "dpos" -> Map.of("period", 1000L, "epoch", 4L, "unbondDelay", 2L);
            default -> Map.of();
        };
    }
}
