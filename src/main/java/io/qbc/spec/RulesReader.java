package io.qbc.spec;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.json.JsonTree;
import io.qbc.schema.SchemaCheck;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;

/** Reads the member {@code rules} of a spec: one schema for all data, or one for each type that is let in. */
final class RulesReader {
    private static final int VERSION_MAX = 1_000_000;
    private static final int TYPES_MAX = 1000;
    private static final int TYPE_CHARS_MAX = 255;

    private RulesReader() {}

    /** The rules with their version written out. */
    static Map<String, Object> read(SpecObject rules) {
        rules.only(List.of("schema", "types", "version"));
        if (rules.has("schema") == rules.has("types")) {
            rules.wrong("must have either schema or types");
            return Map.of();
        }
        long version = rules.number("version", 1, VERSION_MAX, 1);
        Map<String, Object> read = new TreeMap<>();
        read.put("version", version);
        if (rules.has("schema")) {
            read.put("schema", schema(rules, "schema", rules.value("schema")));
            return read;
        }
        SpecObject types = rules.object("types");
        if (types.members().isEmpty() || types.members().size() > TYPES_MAX) {
            rules.wrong("types", "must have 1 to " + TYPES_MAX + " members");
        }
        Map<String, Object> schemas = new TreeMap<>();
        types.members().forEach((name, schema) -> {
            String type = name.toString();
            String place = JsonTree.escaped(type);
            if (type.isEmpty() || type.length() > TYPE_CHARS_MAX || type.startsWith(EngineOperation.PREFIX)) {
                types.wrong(
                        place,
                        "must be a name of 1 to " + TYPE_CHARS_MAX + " without " + EngineOperation.PREFIX
                                + " in front");
            }
            schemas.put(type, schema(types, place, schema));
        });
        read.put("types", schemas);
        return read;
    }

    private static Object schema(SpecObject parent, String place, Object schema) {
        if (!(schema instanceof Map<?, ?>) && !(schema instanceof Boolean)) {
            parent.wrong(place, "must be a JSON Schema: an object, true or false");
            return schema;
        }
        exact(parent, place, schema);
        SchemaCheck.faults(JsonTree.write(schema))
                .forEach(fault -> parent.wrong(place + fault.pointer(), fault.problem()));
        return schema;
    }

    /** RFC 8785 writes numbers as doubles do; one that would change on the way is refused. */
    private static void exact(SpecObject parent, String place, Object value) {
        if (value instanceof LinkedHashMap<?, ?> members) {
            members.forEach((name, member) -> exact(parent, place + "/" + JsonTree.escaped(name.toString()), member));
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                exact(parent, place + "/" + i, items.get(i));
            }
        } else if (value instanceof Number number && !exact(new BigDecimal(number.toString()))) {
            parent.wrong(place, "must be a number that a double holds without loss");
        }
    }

    private static boolean exact(BigDecimal number) {
        double nearest = number.doubleValue();
        try {
            return Double.isFinite(nearest)
                    && new BigDecimal(NumberToJSON.serializeNumber(nearest)).compareTo(number) == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
