package io.qbc.sim;

import io.qbc.Samples;
import io.qbc.consensus.CheapSigner;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
        boolean real) {
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
        CORRUPTION
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
                seed % 20 == 0);
    }

    /** Four signers, two of them twins, and a network that only the cut disturbs. */
    Scenario beyond() {
        return new Scenario(
                engine, seed, bugs, 4, 2, false, EnumSet.noneOf(Fault.class), 0, 0, 50, 0, injections, false);
    }

    Signer signer(int index) {
        String name = "simulated" + index;
        return real ? Ed25519.signer(Samples.seed(name)) : CheapSigner.of(name);
    }

    Signatures signatures() {
        return real ? Ed25519.VERIFIER : CheapSigner.VERIFIER;
    }

    /** Whether turns are by time, so that a node seals whenever its turn comes. */
    boolean slotted() {
        return Set.of("poa", "pos", "dpos").contains(engine);
    }

    ChainSpec spec() {
        List<Bytes> keys = IntStream.range(0, FREE.contains(engine) ? 0 : signers)
                .mapToObj(index -> signer(index).key())
                .toList();
        ChainSpec.Consensus consensus = new ChainSpec.Consensus(engine, new TreeMap<>(numbers()), keys);
        ChainSpec.Limits limits = new ChainSpec.Limits(1 << 16, 1 << 20, 40);
        Bytes document = Bytes.utf8("{\"engine\":\"" + engine + "\",\"seed\":" + seed + "}");
        return new ChainSpec("simulated", "", Samples.GENESIS_TIME, consensus, limits, document);
    }

    private Map<String, Long> numbers() {
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
