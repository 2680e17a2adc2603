package io.qbc.config;

import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Reads a chain's spec from JSON and writes every default out, so that equal rules are equal bytes (RFC 8785) and
 * give the
 * same chain id. What is unknown or wrong is a {@link ConfigException} that names its JSON pointer (RFC 6901).
 */
public final class ChainSpecReader {
    private static final String SHIPPED = "conf/chain.json";
    private static final long LAST_TIME = 253_402_300_799_999L;
    private static final int PARTICIPANTS_MAX = 1000;

    private ChainSpecReader() {}

    /**
     * The spec of the node's default chain.
     *
     * @param self this node's public key, the one participant of a {@code dbc} chain that lists none
     */
    public static ChainSpec read(NodeConfig config, Bytes self) {
        return config.chain().isEmpty()
                ? read(Bytes.utf8(ConfigReader.shipped(SHIPPED)), SHIPPED + " in the jar", self)
                : read(Bytes.utf8(ConfigReader.text(Path.of(config.chain()))), config.chain(), self);
    }

    /**
     * Reads one spec.
     *
     * @param source what to call the text in messages
     */
    public static ChainSpec read(Bytes text, String source, Bytes self) {
        SpecObject spec = SpecObject.read(text, source)
                .only(List.of("name", "description", "genesisTime", "consensus", "limits"));
        String name = name(spec);
        String description = spec.has("description") ? spec.text("description", 1000) : "";
        long genesisTime = genesisTime(spec);
        ChainSpec.Consensus consensus = consensus(spec.object("consensus"), self);
        ChainSpec.Limits limits = spec.has("limits") ? limits(spec.object("limits")) : limits(spec.empty("limits"));
        Bytes document = document(name, description, genesisTime, consensus, limits);
        return new ChainSpec(name, description, genesisTime, consensus, limits, document);
    }

    private static String name(SpecObject spec) {
        String name = spec.text("name", 64);
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw spec.wrong("name", "must be 1 to 64 of a-z, 0-9 and '-', beginning with a letter");
        }
        return name;
    }

    /** Milliseconds since 1970; never taken from a clock, or two nodes would make two chains of one spec. */
    private static long genesisTime(SpecObject spec) {
        if (!spec.has("genesisTime") || !spec.isText("genesisTime")) {
            return spec.number("genesisTime", 0, LAST_TIME, 0);
        }
        try {
            long time = Instant.parse(spec.text("genesisTime", 40)).toEpochMilli();
            if (time >= 0 && time <= LAST_TIME) {
                return time;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw spec.wrong("genesisTime", "must be like 2026-11-22T00:00:00Z, or milliseconds since 1970");
        }
        throw spec.wrong("genesisTime", "must be between 1970 and 9999");
    }

    private static ChainSpec.Consensus consensus(SpecObject consensus, Bytes self) {
        String engine = consensus.text("engine", 64);
        SortedMap<String, Long> numbers = new TreeMap<>();
        switch (engine) {
            case "pow" -> {
                consensus.only(List.of("engine", "difficulty"));
                consensus.require("difficulty");
                numbers.put("difficulty", consensus.number("difficulty", 1, 1L << 53, 1));
                return new ChainSpec.Consensus(engine, numbers, List.of());
            }
            case "dbc" -> {
                consensus.only(List.of("engine", "participants"));
                List<Bytes> keys = consensus.has("participants") ? participants(consensus) : List.of(self);
                return new ChainSpec.Consensus(engine, numbers, keys);
            }
            default -> throw consensus.wrong("engine", "must be one of pow, dbc");
        }
    }

    private static List<Bytes> participants(SpecObject consensus) {
        List<Bytes> keys = new ArrayList<>();
        for (String hex : consensus.texts("participants", PARTICIPANTS_MAX)) {
            Bytes key = Hash.parse(hex)
                    .map(parsed -> Bytes.wrap(parsed.bytes()))
                    .orElseThrow(() -> consensus.wrong(
                            "participants/" + keys.size(), "must be a public key of 64 hexadecimal digits"));
            if (keys.contains(key)) {
                throw consensus.wrong("participants/" + keys.size(), "is listed before");
            }
            keys.add(key);
        }
        if (keys.isEmpty()) {
            throw consensus.wrong("participants", "must list a key; leave it out for this node alone");
        }
        return keys;
    }

    private static ChainSpec.Limits limits(SpecObject limits) {
        limits.only(List.of("transactionBytes", "quantBytes", "quantTransactions"));
        int transactionBytes = (int) limits.number("transactionBytes", 1024, 1 << 30, 1 << 20);
        int quantBytes = (int) limits.number("quantBytes", 1024, 1 << 30, 64 << 20);
        int quantTransactions = (int) limits.number("quantTransactions", 1, 10_000_000, 100_000);
        if (quantBytes < transactionBytes) {
            throw limits.wrong("quantBytes", "must not be below transactionBytes");
        }
        return new ChainSpec.Limits(transactionBytes, quantBytes, quantTransactions);
    }

    private static Bytes document(
            String name, String description, long genesisTime, ChainSpec.Consensus consensus, ChainSpec.Limits limits) {
        Map<String, Object> engine = new TreeMap<>(consensus.numbers());
        engine.put("engine", consensus.engine());
        if (!consensus.participants().isEmpty()) {
            engine.put(
                    "participants",
                    consensus.participants().stream().map(Bytes::hex).toList());
        }
        Map<String, Object> bounds = new TreeMap<>();
        bounds.put("transactionBytes", (long) limits.transactionBytesMax());
        bounds.put("quantBytes", (long) limits.quantBytesMax());
        bounds.put("quantTransactions", (long) limits.quantTransactionsMax());
        Map<String, Object> spec = new TreeMap<>();
        spec.put("name", name);
        spec.put("description", description);
        spec.put("genesisTime", genesisTime);
        spec.put("consensus", engine);
        spec.put("limits", bounds);
        try {
            return Bytes.wrap(new JsonCanonicalizer(JsonTree.write(spec)).getEncodedUTF8());
        } catch (IOException e) {
            throw new IllegalStateException("what was read strictly is JSON", e);
        }
    }
}
