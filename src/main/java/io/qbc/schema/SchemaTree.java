package io.qbc.schema;

import io.qbc.json.JsonTree;
import io.qbc.schema.regex.LinearPattern;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * A schema made ready for the library. Keywords that mean nothing for validity are left out, so that nothing hides in
 * them. {@code pattern}, {@code format} and {@code uniqueItems}, whose cost the library does not bound, become formats
 * that {@link SchemaSteps} judges. All that is inside is wrapped beforehand, after which threads only read it.
 */
final class SchemaTree {
    private static final Set<String> ONE = Set.of(
            "not",
            "if",
            "then",
            "else",
            "items",
            "contains",
            "additionalProperties",
            "unevaluatedProperties",
            "propertyNames",
            "unevaluatedItems");
    private static final Set<String> MANY = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> NAMED =
            Set.of("$defs", "definitions", "properties", "patternProperties", "dependentSchemas");
    private static final Set<String> COUNTS = Set.of(
            "maxItems",
            "minItems",
            "maxProperties",
            "minProperties",
            "maxContains",
            "minContains",
            "maxLength",
            "minLength");
    private static final Set<String> PLAIN = Set.of(
            "$ref",
            "type",
            "enum",
            "const",
            "multipleOf",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "required",
            "dependentRequired");
    private static final Set<String> REFUSED = Set.of(
            "$id",
            "id",
            "$anchor",
            "$dynamicAnchor",
            "$dynamicRef",
            "$recursiveAnchor",
            "$recursiveRef",
            "$vocabulary",
            "dependencies",
            "additionalItems");
    /** Keywords whose schemas judge the same value, and not one inside it. */
    private static final Set<String> IN_PLACE =
            Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

    private final List<SchemaCheck.Fault> faults = new ArrayList<>();
    /** For each schema's pointer the pointers of those that judge the same value after it. */
    private final LinkedHashMap<String, List<String>> steps = new LinkedHashMap<>();

    private boolean namePatterns;
    private JsonSchema root = JsonSchema.of(true);

    private SchemaTree() {}

    /** Reads JSON text that the standard's own schema has passed. */
    static SchemaTree of(String text) {
        SchemaTree tree = new SchemaTree();
        String object = text.equals("true") ? "{}" : text.equals("false") ? "{\"not\":{}}" : text;
        tree.root = JsonSchema.of(tree.schema("", new JsonObject(object)));
        return tree;
    }

    JsonSchema root() {
        return root;
    }

    /** Whether names of members meet patterns. */
    boolean namePatterns() {
        return namePatterns;
    }

    List<SchemaCheck.Fault> faults() {
        return faults.isEmpty() ? SchemaPaths.fault(steps).stream().toList() : faults;
    }

    private JsonObject schema(String pointer, JsonObject source) {
        JsonObject made = new JsonObject();
        JsonArray more = new JsonArray();
        steps.put(pointer, new ArrayList<>());
        for (String keyword : source.fieldNames()) {
            Object value = source.getValue(keyword);
            String place = pointer + "/" + JsonTree.escaped(keyword);
            if (REFUSED.contains(keyword)) {
                wrong(place, "is not supported in a chain's rules; use $defs and $ref inside the schema");
            } else if (ONE.contains(keyword)) {
                made.put(keyword, inside(pointer, keyword, place, value));
            } else if (MANY.contains(keyword) && value instanceof JsonArray items) {
                made.put(keyword, many(pointer, keyword, place, items));
            } else if (NAMED.contains(keyword) && value instanceof JsonObject members) {
                made.put(keyword, named(pointer, keyword, place, members));
            } else {
                plain(pointer, keyword, value, made, more);
            }
        }
        if (!more.isEmpty()) {
            JsonArray all = made.getJsonArray("allOf", new JsonArray());
            more.forEach(each -> all.add(JsonSchema.of((JsonObject) each)));
            made.put("allOf", all);
        }
        return made;
    }

    private void plain(String pointer, String keyword, Object value, JsonObject made, JsonArray more) {
        String place = pointer + "/" + JsonTree.escaped(keyword);
        if (COUNTS.contains(keyword) && !(value instanceof Integer)) {
            wrong(place, "must be at most " + Integer.MAX_VALUE);
        } else if (keyword.equals("$ref")) {
            reference(pointer, place, value.toString());
            made.put(keyword, value);
        } else if (PLAIN.contains(keyword) || COUNTS.contains(keyword)) {
            made.put(keyword, value);
        } else if (keyword.equals("pattern")) {
            LinearPattern.fault(value.toString()).ifPresent(problem -> wrong(place, problem));
            more.add(step(SchemaSteps.PATTERN + value));
        } else if (keyword.equals("format")) {
            more.add(step(SchemaSteps.FORMAT + value));
        } else if (keyword.equals("uniqueItems") && value.equals(true)) {
            more.add(step(SchemaSteps.UNIQUE));
        } else if (keyword.equals("$schema") && !value.toString().matches("\\Q" + SchemaCheck.BASE + "\\Eschema#?")) {
            wrong(place, "must be " + SchemaCheck.BASE + "schema, or be left out");
        }
    }

    private static JsonObject step(String format) {
        return new JsonObject().put("format", format);
    }

    private void reference(String pointer, String place, String target) {
        if (!target.matches("#(/[A-Za-z0-9_.$~/-]*)?")) {
            wrong(place, "must name a schema inside this one, like #/$defs/name, in letters, digits and -_.$");
            return;
        }
        next(pointer, target.substring(1));
    }

    private void next(String pointer, String target) {
        steps.computeIfAbsent(pointer, p -> new ArrayList<>()).add(target);
    }

    private Object inside(String pointer, String keyword, String place, Object value) {
        if (!(value instanceof JsonObject object)) {
            steps.put(place, new ArrayList<>());
            return value;
        }
        if (IN_PLACE.contains(keyword)) {
            next(pointer, place);
        }
        return JsonSchema.of(schema(place, object));
    }

    private JsonArray many(String pointer, String keyword, String place, JsonArray items) {
        JsonArray made = new JsonArray();
        for (int i = 0; i < items.size(); i++) {
            made.add(inside(pointer, keyword, place + "/" + i, items.getValue(i)));
        }
        return made;
    }

    private JsonObject named(String pointer, String keyword, String place, JsonObject members) {
        JsonObject made = new JsonObject();
        for (String name : members.fieldNames()) {
            String at = place + "/" + JsonTree.escaped(name);
            if (keyword.equals("patternProperties")) {
                namePatterns = true;
                NamePattern.fault(name).ifPresent(problem -> wrong(at, problem));
            }
            made.put(name, inside(pointer, keyword, at, members.getValue(name)));
        }
        return made;
    }

    private void wrong(String place, String problem) {
        faults.add(new SchemaCheck.Fault(place, problem));
    }
}
