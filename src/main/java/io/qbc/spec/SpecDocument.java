package io.qbc.spec;

import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import java.util.Map;
import java.util.TreeMap;

/** Writes a spec out whole, as the tree of its JSON document. */
final class SpecDocument {
    private SpecDocument() {}

    static Map<String, Object> of(
            String name, String description, long genesisTime, ChainSpec.Consensus consensus, ChainSpec.Limits limits) {
        Map<String, Object> engine = new TreeMap<>(consensus.numbers());
        engine.put("engine", consensus.engine());
        if (!consensus.participants().isEmpty()) {
            engine.put(
                    "participants",
                    consensus.participants().stream().map(Bytes::hex).toList());
        }
        if (!consensus.stakes().isEmpty()) {
            engine.put("stakes", consensus.stakes());
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
        return spec;
    }

    /** Hints have no defaults: what is left out is the node's own to decide. */
    static void put(Map<String, Object> spec, ChainSpec.LeapHints leap) {
        Map<String, Object> hints = new TreeMap<>();
        put(hints, "transactions", leap.transactions());
        put(hints, "bytes", leap.bytes());
        put(hints, "age", leap.ageMs());
        if (!hints.isEmpty()) {
            spec.put("leap", hints);
        }
    }

    static void put(Map<String, Object> spec, ChainSpec.ForkPoint fork) {
        Map<String, Object> point = new TreeMap<>();
        point.put("chain", fork.chain().hex());
        point.put("height", fork.height());
        point.put("quant", fork.quant().hex());
        point.put("treeSize", fork.treeSize());
        point.put("root", fork.root().hex());
        spec.put("fork", point);
    }

    private static void put(Map<String, Object> hints, String name, long value) {
        if (value >= 0) {
            hints.put(name, value);
        }
    }
}
