package io.qbc.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules of a chain, the same on every node; the genesis quant commits to its document.
 *
 * @param name what people call the chain: 1 to 64 of a-z, 0-9, '-', beginning with a letter
 * @param description free text, may be empty
 * @param genesisTime the genesis quant's timestamp, milliseconds since 1970
 * @param fork where a fork leaves its parent; nothing for a chain of its own
 * @param rules the data rules as JSON text, empty without any
 * @param rulesVersion the version that transactions pin; 0 without rules
 * @param document the whole spec in its RFC 8785 bytes, every default written out
 */
public record ChainSpec(
        String name,
        String description,
        long genesisTime,
        Consensus consensus,
        Limits limits,
        LeapHints leap,
        Optional<ForkPoint> fork,
        Bytes rules,
        int rulesVersion,
        Bytes document) {

    /** A chain of its own without data rules and hints. */
    public ChainSpec(
            String name, String description, long genesisTime, Consensus consensus, Limits limits, Bytes document) {
        this(
                name,
                description,
                genesisTime,
                consensus,
                limits,
                LeapHints.NONE,
                Optional.empty(),
                Bytes.EMPTY,
                0,
                document);
    }

    /** When the chain's makers would have it leap by itself; -1 leaves it to the node, 0 turns one off. */
    public record LeapHints(long transactions, long bytes, long ageMs) {
        public static final LeapHints NONE = new LeapHints(-1, -1, -1);
    }

    /**
     * The last quant that a fork shares with its parent.
     *
     * @param chain the parent's id
     * @param height the quant's height
     * @param quant its hash
     * @param treeSize how many transactions the chain holds up to it
     * @param root the root over them, which the fork's tree continues
     */
    public record ForkPoint(Hash chain, long height, Hash quant, long treeSize, Hash root) {}

    /**
     * Which engine, and its parameters.
     *
     * @param engine the engine's name
     * @param numbers whole-number parameters by name
     * @param participants Ed25519 public keys that may take part, in the spec's order; empty where the engine has none
     * @param stakes what each participant holds at the start, one a participant; empty where the engine has no stakes
     *     or all have its standard stake
     */
    public record Consensus(
            String engine, SortedMap<String, Long> numbers, List<Bytes> participants, List<Long> stakes) {
        public Consensus {
            numbers = new TreeMap<>(numbers);
            participants = List.copyOf(participants);
            stakes = List.copyOf(stakes);
        }

        public Consensus(String engine, SortedMap<String, Long> numbers, List<Bytes> participants) {
            this(engine, numbers, participants, List.of());
        }

        /** A parameter that the spec reader has made sure of. */
        public long number(String name) {
            Long value = numbers.get(name);
            if (value == null) {
                throw new IllegalStateException("the spec reader lets no " + engine + " chain without " + name + " in");
            }
            return value;
        }
    }

    /** The chain's own limits; a quant's bytes are the encoded transactions' sizes added up. */
    public record Limits(int transactionBytesMax, int quantBytesMax, int quantTransactionsMax) {}

    /**
     * The header of the genesis quant; its hash is the chain's id. A fork's stands on its parent's last shared
     * quant.
     */
    public Header genesis() {
        return new Header(
                Canonical.VERSION,
                Hash.ZERO,
                fork.map(point -> point.height() + 1).orElse(0L),
                genesisTime,
                fork.map(ForkPoint::quant).orElse(Hash.ZERO),
                fork.map(ForkPoint::treeSize).orElse(0L),
                fork.map(ForkPoint::root).orElseGet(() -> Sha256.of(new byte[0], 0, 0)),
                0,
                Bytes.EMPTY,
                Bytes.wrap(Canonical.spec(document).bytes()),
                Bytes.EMPTY);
    }

    /** The chain's id: the hash of its genesis quant. */
    public Hash id() {
        return genesis().hash();
    }
}
