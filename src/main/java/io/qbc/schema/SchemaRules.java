package io.qbc.schema;

import io.qbc.json.JsonTree;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Judges data by the JSON Schemas in a chain's spec (2020-12). Schemas are made ready when the first data of a chain
 * comes, and those used last are kept; what cannot be judged within the budget breaks the rules.
 */
public final class SchemaRules implements DataRules.Reader {
    private static final int CHAINS_MAX = 256;
    /** Of the texts of all rules kept ready together. */
    private static final long TEXT_BYTES_MAX = 4 << 20;

    private static final int POINTERS_MAX = 32;

    private final LinkedHashMap<Bytes, Rules> ready = new LinkedHashMap<>(16, 0.75f, true);

    /** The schemas of one chain by type; of one schema for all types, under the empty name. */
    private record Rules(boolean typed, LinkedHashMap<String, PreparedSchema> schemas) {
        Optional<PreparedSchema> of(String type) {
            return Optional.ofNullable(schemas.get(typed ? type : ""));
        }

        Refusal unknown(String type) {
            return Reason.RULES_BROKEN.refusal(
                    "the type '" + type + "' is none of " + String.join(", ", schemas.keySet()));
        }
    }

    @Override
    public DataRules apply(ChainSpec spec) {
        return spec.rulesVersion() == 0 ? DataRules.NONE : new Judge(spec.rules());
    }

    /** Judges by the rules in this text. */
    private final class Judge implements DataRules {
        private final Bytes text;

        Judge(Bytes text) {
            this.text = text;
        }

        @Override
        public Optional<Refusal> breach(String type, Bytes payload) {
            return breach(type, payload, () -> false);
        }

        @Override
        public Optional<Refusal> breach(String type, Bytes payload, BooleanSupplier abandoned) {
            Rules rules = rules(text);
            try {
                return rules.of(type)
                        .map(schema -> refusal(schema.failings(payload, abandoned)))
                        .orElseGet(() -> Optional.of(rules.unknown(type)));
            } catch (Steps.Abandoned e) {
                return Optional.of(Reason.TIMED_OUT.refusal(String.valueOf(e.getMessage())));
            }
        }

        @Override
        public Optional<Judgement> glance(String type, Bytes payload) {
            // Making rules ready may take longer than others should wait for.
            return known(text)
                    .flatMap(rules -> rules.of(type)
                            .map(schema -> schema.glance(payload).map(failings -> new Judgement(refusal(failings))))
                            .orElseGet(() -> Optional.of(new Judgement(Optional.of(rules.unknown(type))))));
        }
    }

    private static Optional<Refusal> refusal(List<PreparedSchema.Failing> failings) {
        if (failings.isEmpty()) {
            return Optional.empty();
        }
        PreparedSchema.Failing first = failings.get(0);
        String where = first.pointer().isEmpty() ? "the data" : first.pointer();
        List<String> pointers = failings.stream()
                .map(PreparedSchema.Failing::pointer)
                .distinct()
                .limit(POINTERS_MAX)
                .toList();
        return Optional.of(new Refusal(Reason.RULES_BROKEN, where + ": " + first.text(), pointers));
    }

    /** Made outside of the lock, so that chains with small rules do not wait for one with large ones. */
    private Rules rules(Bytes text) {
        Optional<Rules> known = known(text);
        return known.isPresent() ? known.get() : keep(text, make(text));
    }

    private synchronized Optional<Rules> known(Bytes text) {
        return Optional.ofNullable(ready.get(text));
    }

    private synchronized Rules keep(Bytes text, Rules made) {
        ready.put(text, made);
        Iterator<Bytes> eldest = ready.keySet().iterator();
        long bytes = ready.keySet().stream().mapToLong(Bytes::size).sum();
        while (ready.size() > CHAINS_MAX || (bytes > TEXT_BYTES_MAX && ready.size() > 1)) {
            bytes -= eldest.next().size();
            eldest.remove();
        }
        return made;
    }

    private static Rules make(Bytes text) {
        if (!(JsonTree.read(text) instanceof LinkedHashMap<?, ?> rules)) {
            throw new IllegalStateException("the spec's reader has passed an object");
        }
        LinkedHashMap<String, PreparedSchema> schemas = new LinkedHashMap<>();
        if (rules.get("types") instanceof LinkedHashMap<?, ?> types) {
            types.forEach((type, schema) -> schemas.put(type.toString(), PreparedSchema.of(JsonTree.write(schema))));
            return new Rules(true, schemas);
        }
        schemas.put("", PreparedSchema.of(JsonTree.write(rules.get("schema"))));
        return new Rules(false, schemas);
    }
}
