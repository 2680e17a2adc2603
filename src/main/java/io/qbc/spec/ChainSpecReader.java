package io.qbc.spec;

import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Reads a chain's spec from JSON and writes every default out, so that equal rules are equal bytes (RFC 8785) and
 * give the same chain id. What is unknown or wrong is a {@link SpecException} that names the JSON pointers (RFC 6901).
 */
public final class ChainSpecReader {
    static final List<String> MEMBERS =
            List.of("name", "description", "genesisTime", "consensus", "limits", "leap", "rules", "fork");
    private static final long TIME_MILLIS_MAX = 253_402_300_799_999L;
    private static final long COUNT_MAX = 1L << 53;
    private static final int LEAP_TRANSACTIONS_MAX = 10_000_000;
    private static final long LEAP_BYTES_MAX = 1L << 40;
    private static final long LEAP_AGE_MILLIS_MAX = 31_536_000_000L;

    private ChainSpecReader() {}

    /**
     * Reads one spec; what it leaves out is decided here and written into its document.
     *
     * @param source what to call the text in messages
     * @param self this node's public key, the one participant of a chain that lists none and needs some
     * @param now the genesis time of a spec without one, milliseconds since 1970
     */
    public static ChainSpec read(Bytes text, String source, Bytes self, long now) {
        return read(SpecObject.read(text, source), self, now);
    }

    /**
     * Reads a stored document, which has everything written out.
     *
     * @param source what to call the text in messages
     */
    public static ChainSpec read(Bytes document, String source) {
        return read(document, source, Bytes.EMPTY, 0);
    }

    static ChainSpec read(SpecObject spec, Bytes self, long now) {
        spec.only(MEMBERS);
        String name = name(spec);
        String description = spec.has("description") ? spec.text("description", 1000) : "";
        long genesisTime = genesisTime(spec, now);
        ChainSpec.Consensus consensus = EngineReader.read(spec.object("consensus"), self);
        ChainSpec.Limits limits = limits(spec.has("limits") ? spec.object("limits") : spec.empty("limits"));
        ChainSpec.LeapHints leap = spec.has("leap") ? leap(spec.object("leap")) : ChainSpec.LeapHints.NONE;
        Map<String, Object> rules = spec.has("rules") ? RulesReader.read(spec.object("rules")) : Map.of();
        Optional<ChainSpec.ForkPoint> fork =
                spec.has("fork") ? Optional.of(fork(spec.object("fork"))) : Optional.empty();
        spec.faults().raise();
        Map<String, Object> document = SpecDocument.of(name, description, genesisTime, consensus, limits);
        SpecDocument.put(document, leap);
        fork.ifPresent(point -> SpecDocument.put(document, point));
        if (!rules.isEmpty()) {
            document.put("rules", rules);
        }
        Bytes rulesText = rules.isEmpty() ? Bytes.EMPTY : canonical(rules);
        int version = rules.isEmpty() ? 0 : Math.toIntExact((Long) rules.getOrDefault("version", 0L));
        return new ChainSpec(
                name, description, genesisTime, consensus, limits, leap, fork, rulesText, version, canonical(document));
    }

    private static String name(SpecObject spec) {
        String name = spec.text("name", 64);
        if (!name.matches("[a-z][a-z0-9-]*")) {
            spec.wrong("name", "must be 1 to 64 of a-z, 0-9 and '-', beginning with a letter");
        } else if (Hash.parse(name).isPresent()) {
            spec.wrong("name", "must not look like a chain's id");
        }
        return name;
    }

    private static long genesisTime(SpecObject spec, long now) {
        if (!spec.has("genesisTime") || !spec.isText("genesisTime")) {
            return spec.number("genesisTime", 0, TIME_MILLIS_MAX, now);
        }
        try {
            long time = Instant.parse(spec.text("genesisTime", 40)).toEpochMilli();
            if (time >= 0 && time <= TIME_MILLIS_MAX) {
                return time;
            }
            spec.wrong("genesisTime", "must be between 1970 and 9999");
        } catch (DateTimeException | ArithmeticException e) {
            spec.wrong("genesisTime", "must be like 2026-11-22T00:00:00Z, or milliseconds since 1970");
        }
        return now;
    }

    private static ChainSpec.Limits limits(SpecObject limits) {
        limits.only(List.of("transactionBytes", "quantBytes", "quantTransactions"));
        int transactionBytes = (int) limits.number("transactionBytes", 1024, 1 << 30, 1 << 20);
        int quantBytes = (int) limits.number("quantBytes", 1024, 1 << 30, 64 << 20);
        int quantTransactions = (int) limits.number("quantTransactions", 1, 10_000_000, 100_000);
        if (quantBytes < transactionBytes) {
            limits.wrong("quantBytes", "must not be below transactionBytes");
        }
        return new ChainSpec.Limits(transactionBytes, quantBytes, quantTransactions);
    }

    private static ChainSpec.LeapHints leap(SpecObject leap) {
        leap.only(List.of("transactions", "bytes", "age"));
        return new ChainSpec.LeapHints(
                leap.number("transactions", 0, LEAP_TRANSACTIONS_MAX, -1),
                leap.number("bytes", 0, LEAP_BYTES_MAX, -1),
                leap.number("age", 0, LEAP_AGE_MILLIS_MAX, -1));
    }

    private static ChainSpec.ForkPoint fork(SpecObject fork) {
        fork.only(List.of("chain", "height", "quant", "treeSize", "root"));
        return new ChainSpec.ForkPoint(
                fork.hash("chain"),
                fork.number("height", 0, COUNT_MAX),
                fork.hash("quant"),
                fork.number("treeSize", 0, COUNT_MAX),
                fork.hash("root"));
    }

    private static Bytes canonical(Map<String, Object> value) {
        try {
            return Bytes.wrap(new JsonCanonicalizer(JsonTree.write(value)).getEncodedUTF8());
        } catch (IOException e) {
            throw new IllegalStateException("what was read strictly is JSON", e);
        }
    }
}
