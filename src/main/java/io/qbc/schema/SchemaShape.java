package io.qbc.schema;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonValue;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The forms that the standard's own schema demands of keywords, and what each keyword is for. */
final class SchemaShape {
    /** Keywords whose value is a schema. */
    static final Set<String> ONE = Set.of(
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
    /** Keywords whose value is a list of schemas. */
    static final Set<String> MANY = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    /** Keywords whose value has a schema for each name. */
    static final Set<String> NAMED =
            Set.of("$defs", "definitions", "properties", "patternProperties", "dependentSchemas");
    /** Keywords whose schemas judge the same value, and not one inside it. */
    static final Set<String> IN_PLACE =
            Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

    static final Set<String> COUNTS = Set.of(
            "maxItems",
            "minItems",
            "maxProperties",
            "minProperties",
            "maxContains",
            "minContains",
            "maxLength",
            "minLength");
    static final Set<String> BOUNDS = Set.of("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum");
    static final Set<String> REFUSED =
            Set.of("id", "$recursiveAnchor", "$recursiveRef", "dependencies", "additionalItems");
    private static final Set<String> OTHERS = Set.of(
            "$ref",
            "$dynamicRef",
            "type",
            "enum",
            "const",
            "multipleOf",
            "required",
            "dependentRequired",
            "pattern",
            "format",
            "uniqueItems");
    private static final JsonNumber COUNT_MAX =
            JsonNumber.of(Integer.toString(Integer.MAX_VALUE)).orElseThrow();
    private static final Pattern ANCHOR = Pattern.compile("[A-Za-z_][A-Za-z0-9._-]*");
    private static final Set<String> NOT_JUDGED = Set.of("$defs", "definitions");
    private static final Set<String> TYPES =
            Set.of("array", "boolean", "integer", "null", "number", "object", "string");
    private static final Set<String> TEXTS = Set.of(
            "$schema", "$comment", "pattern", "format", "title", "description", "contentEncoding", "contentMediaType");
    private static final Set<String> FLAGS = Set.of("uniqueItems", "deprecated", "readOnly", "writeOnly");
    private static final LinkedHashMap<String, Function<JsonValue, Optional<String>>> FORMS = new LinkedHashMap<>();

    static {
        ONE.forEach(keyword -> FORMS.put(keyword, SchemaShape::schema));
        FORMS.put("contentSchema", SchemaShape::schema);
        MANY.forEach(keyword -> FORMS.put(keyword, SchemaShape::schemas));
        NAMED.forEach(keyword -> FORMS.put(keyword, value -> demand(value instanceof JsonValue.Members, "an object")));
        COUNTS.forEach(keyword -> FORMS.put(keyword, SchemaShape::count));
        BOUNDS.forEach(keyword -> FORMS.put(keyword, value -> demand(value instanceof JsonValue.Numeral, "a number")));
        TEXTS.forEach(keyword -> FORMS.put(keyword, value -> demand(value instanceof JsonValue.Text, "a string")));
        FLAGS.forEach(keyword -> FORMS.put(keyword, value -> demand(value instanceof JsonValue.Flag, "true or false")));
        FORMS.put("enum", value -> demand(value instanceof JsonValue.Items, "an array"));
        FORMS.put("examples", value -> demand(value instanceof JsonValue.Items, "an array"));
        FORMS.put("type", SchemaShape::type);
        FORMS.put("required", value -> demand(names(value), "an array of different strings"));
        FORMS.put("$id", SchemaShape::identifier);
        FORMS.put("$ref", SchemaShape::reference);
        FORMS.put("$dynamicRef", SchemaShape::reference);
        FORMS.put("$anchor", SchemaShape::anchor);
        FORMS.put("$dynamicAnchor", SchemaShape::anchor);
        FORMS.put("$vocabulary", SchemaShape::vocabulary);
        FORMS.put("dependentRequired", SchemaShape::dependent);
        FORMS.put("multipleOf", SchemaShape::positive);
    }

    private SchemaShape() {}

    /** Whether judging looks at a keyword at all. */
    static boolean isJudged(String keyword) {
        return !NOT_JUDGED.contains(keyword)
                && (ONE.contains(keyword)
                        || MANY.contains(keyword)
                        || NAMED.contains(keyword)
                        || COUNTS.contains(keyword)
                        || BOUNDS.contains(keyword)
                        || OTHERS.contains(keyword));
    }

    /** What a keyword's value must be and is not. */
    static Optional<String> fault(String keyword, JsonValue value) {
        Function<JsonValue, Optional<String>> form = FORMS.get(keyword);
        return form == null ? Optional.empty() : form.apply(value);
    }

    private static Optional<String> demand(boolean met, String wanted) {
        return met ? Optional.empty() : Optional.of("it must be " + wanted);
    }

    private static Optional<String> schema(JsonValue value) {
        return demand(isSchema(value), "an object, true or false");
    }

    static boolean isSchema(JsonValue value) {
        return value instanceof JsonValue.Members || value instanceof JsonValue.Flag;
    }

    private static Optional<String> schemas(JsonValue value) {
        return demand(value instanceof JsonValue.Items array && !array.items().isEmpty(), "an array that is not empty");
    }

    private static Optional<String> count(JsonValue value) {
        boolean met = value instanceof JsonValue.Numeral number
                && number.exact()
                        .filter(exact -> exact.isWhole() && (exact.isZero() || !exact.isNegative()))
                        .isPresent();
        return demand(met, "a whole number that is not negative");
    }

    private static Optional<String> positive(JsonValue value) {
        boolean met = value instanceof JsonValue.Numeral number
                && number.exact()
                        .filter(exact -> !exact.isZero() && !exact.isNegative())
                        .isPresent();
        return demand(met, "a number above 0");
    }

    private static Optional<String> type(JsonValue value) {
        boolean met = value instanceof JsonValue.Items array
                ? names(value)
                        && !array.items().isEmpty()
                        && array.items().stream().allMatch(SchemaShape::isType)
                : isType(value);
        return demand(met, "one of " + String.join(", ", TYPES.stream().sorted().toList()) + ", or an array of such");
    }

    private static boolean isType(JsonValue value) {
        return value instanceof JsonValue.Text text && TYPES.contains(text.text());
    }

    private static Optional<String> dependent(JsonValue value) {
        boolean met = value instanceof JsonValue.Members object
                && object.members().stream().allMatch(member -> names(member.value()));
        return demand(met, "an object of arrays of different strings");
    }

    private static Optional<String> identifier(JsonValue value) {
        boolean met = uri(value).filter(uri -> uri.fragment().length() <= 1).isPresent();
        return demand(met, "a URI reference (RFC 3986) without a fragment");
    }

    private static Optional<String> reference(JsonValue value) {
        return demand(uri(value).isPresent(), "a URI reference (RFC 3986)");
    }

    private static Optional<UriReference> uri(JsonValue value) {
        return value instanceof JsonValue.Text text ? UriReference.of(text.text()) : Optional.empty();
    }

    private static Optional<String> anchor(JsonValue value) {
        boolean met = value instanceof JsonValue.Text text
                && ANCHOR.matcher(text.text()).matches();
        return demand(met, "a name of letters, digits and -._ that begins with a letter or _");
    }

    private static Optional<String> vocabulary(JsonValue value) {
        boolean met = value instanceof JsonValue.Members object
                && object.members().stream().allMatch(member -> member.value() instanceof JsonValue.Flag);
        return demand(met, "an object of true and false");
    }

    private static boolean names(JsonValue value) {
        Set<String> seen = new HashSet<>();
        return value instanceof JsonValue.Items array
                && array.items().stream()
                        .allMatch(item -> item instanceof JsonValue.Text text && seen.add(text.text()));
    }

    /** The strings of an array, or the one that stands for it. */
    static List<String> texts(JsonValue value) {
        return value instanceof JsonValue.Items array
                ? array.items().stream().map(SchemaShape::text).toList()
                : List.of(text(value));
    }

    static String text(JsonValue value) {
        return value instanceof JsonValue.Text text ? text.text() : "";
    }

    /** A count, or nothing if it is larger than anything that can be counted. */
    static Optional<Integer> counted(JsonNumber count) {
        return count.compareTo(COUNT_MAX) > 0
                ? Optional.empty()
                : Optional.of(count.significand()
                        .multiply(BigInteger.TEN.pow(count.scale()))
                        .intValueExact());
    }
}
