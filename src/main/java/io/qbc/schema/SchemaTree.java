package io.qbc.schema;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import io.qbc.model.Bytes;
import io.qbc.schema.regex.LinearPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A reader of schemas: finds what is wrong with one, and makes it ready. Keywords that mean nothing for validity are
 * left out, so that nothing hides in them.
 */
final class SchemaTree {
    /** Of all patterns of a schema together, so that what is made ready of it has a bound. */
    private static final int PATTERN_STEPS_MAX = 100_000;

    private final List<SchemaCheck.Fault> faults = new ArrayList<>();
    /** For each schema's pointer the pointers of those that judge the same value after it. */
    private final LinkedHashMap<String, List<String>> steps = new LinkedHashMap<>();

    private final LinkedHashMap<String, Schema> schemas = new LinkedHashMap<>();
    private final SchemaResources resources;
    /** For each resource's pointer its dynamic anchors. */
    private final LinkedHashMap<String, DynamicAnchors> anchors = new LinkedHashMap<>();

    private int patternSteps;

    private SchemaTree(SchemaResources resources) {
        this.resources = resources;
    }

    /** Reads JSON text that the strict reader has passed. */
    static SchemaTree of(String text) {
        JsonValue document = JsonValue.read(Bytes.utf8(text));
        SchemaResources resources = SchemaResources.of(document);
        SchemaTree tree = new SchemaTree(resources);
        tree.read("", document);
        tree.faults.addAll(resources.faults());
        new LinkedHashMap<>(resources.dynamicPlaces())
                .forEach((name, places) -> tree.steps.put(SchemaPaths.name(name), places));
        return tree;
    }

    /** Ready to judge, if nothing is wrong. */
    Schema root() {
        return at("");
    }

    List<SchemaCheck.Fault> faults() {
        return faults.isEmpty() ? SchemaPaths.fault(steps).stream().toList() : faults;
    }

    /** The schema at a place, which may be read later. */
    private Schema at(String pointer) {
        return schemas.computeIfAbsent(pointer, p -> Schema.open());
    }

    private Schema read(String pointer, JsonValue source) {
        steps.put(pointer, new ArrayList<>());
        at(pointer).join(anchors.computeIfAbsent(resources.root(pointer), this::anchors));
        if (source instanceof JsonValue.Flag flag) {
            at(pointer).decide(flag.on());
        } else if (source instanceof JsonValue.Members object) {
            new Reader(pointer, object).read();
        } else {
            wrong(pointer, "is not as JSON Schema 2020-12 has it: it must be an object, true or false");
        }
        return at(pointer);
    }

    private DynamicAnchors anchors(String resource) {
        LinkedHashMap<Integer, Schema> named = new LinkedHashMap<>();
        new LinkedHashMap<>(resources.dynamicAnchors(resource))
                .forEach((name, place) -> named.put(resources.number(name), at(place)));
        return DynamicAnchors.of(named);
    }

    private void wrong(String place, String problem) {
        faults.add(new SchemaCheck.Fault(place, problem));
    }

    private Optional<LinearPattern> pattern(String place, String text) {
        Optional<String> fault = LinearPattern.fault(text);
        fault.ifPresent(problem -> wrong(place, problem));
        if (fault.isPresent()) {
            return Optional.empty();
        }
        LinearPattern pattern = LinearPattern.of(text);
        patternSteps += pattern.size();
        if (patternSteps > PATTERN_STEPS_MAX) {
            wrong(place, "makes more than " + PATTERN_STEPS_MAX + " steps with the patterns before it");
            return Optional.empty();
        }
        return Optional.of(pattern);
    }

    /** Reads one schema that is an object. */
    private final class Reader {
        private final String pointer;
        private final JsonValue.Members source;
        private final List<Keyword> keywords = new ArrayList<>();

        Reader(String pointer, JsonValue.Members source) {
            this.pointer = pointer;
            this.source = source;
        }

        void read() {
            int judged = 0;
            boolean asks = false;
            boolean sound = true;
            for (JsonValue.Member member : source.members()) {
                String keyword = member.name().text();
                judged += SchemaShape.isJudged(keyword) ? 1 : 0;
                asks |= keyword.startsWith("unevaluated");
                sound &= isSound(keyword, member.value());
            }
            if (sound) {
                source.members().forEach(member -> values(member.name().text(), member.value()));
                branches();
                members();
                items();
                // Whatever else is applied to the value must have been applied before these.
                one("unevaluatedProperties").ifPresent(schema -> keywords.add(MemberKeywords.unevaluated(schema)));
                one("unevaluatedItems").ifPresent(schema -> keywords.add(ItemKeywords.unevaluated(schema)));
            }
            at(pointer).fill(keywords, judged, asks);
        }

        private String place(String keyword) {
            return pointer + "/" + JsonTree.escaped(keyword);
        }

        private boolean isSound(String keyword, JsonValue value) {
            int before = faults.size();
            String place = place(keyword);
            if (SchemaShape.REFUSED.contains(keyword)) {
                wrong(place, "is of another draft than the rules' 2020-12");
            } else {
                SchemaShape.fault(keyword, value)
                        .ifPresent(fault -> wrong(place, "is not as JSON Schema 2020-12 has it: " + fault));
            }
            boolean meant = !keyword.equals("$schema")
                    || SchemaShape.text(value).matches("\\Q" + SchemaCheck.BASE + "\\Eschema#?");
            if (!meant) {
                wrong(place, "must be " + SchemaCheck.BASE + "schema, or be left out");
            }
            return faults.size() == before;
        }

        private void values(String keyword, JsonValue value) {
            switch (keyword) {
                case "type" -> keywords.add(ValueKeywords.type(SchemaShape.texts(value)));
                case "enum" ->
                    keywords.add(ValueKeywords.options(
                            ((JsonValue.Items) value).items(), "is none of the values that are let in"));
                case "const" -> keywords.add(ValueKeywords.options(List.of(value), "is not the value that is let in"));
                case "multipleOf" -> keywords.add(ValueKeywords.multipleOf(number(value)));
                case "maximum" -> keywords.add(ValueKeywords.bound(number(value), sign -> sign <= 0, "at most"));
                case "minimum" -> keywords.add(ValueKeywords.bound(number(value), sign -> sign >= 0, "at least"));
                case "exclusiveMaximum" -> keywords.add(ValueKeywords.bound(number(value), sign -> sign < 0, "below"));
                case "exclusiveMinimum" -> keywords.add(ValueKeywords.bound(number(value), sign -> sign > 0, "above"));
                case "pattern" ->
                    pattern(place(keyword), SchemaShape.text(value))
                            .ifPresent(
                                    pattern -> keywords.add(ValueKeywords.pattern(pattern, SchemaShape.text(value))));
                case "format" -> keywords.add(ValueKeywords.format(SchemaShape.text(value)));
                case "uniqueItems" -> {
                    if (value.equals(new JsonValue.Flag(true))) {
                        keywords.add(ValueKeywords.unique());
                    }
                }
                default -> {
                    if (SchemaShape.COUNTS.contains(keyword) && !keyword.endsWith("Contains")) {
                        counted(keyword, count(keyword, value));
                    }
                }
            }
        }

        private JsonNumber number(JsonValue value) {
            return ValueKeywords.exact((JsonValue.Numeral) value);
        }

        private int count(String keyword, JsonValue value) {
            Optional<Integer> count = SchemaShape.counted(number(value));
            if (count.isEmpty()) {
                wrong(place(keyword), "must be at most " + Integer.MAX_VALUE);
            }
            return count.orElse(0);
        }

        private void counted(String keyword, int limit) {
            String least = "must have at least " + limit;
            String most = "must have at most " + limit;
            switch (keyword) {
                case "minLength" ->
                    keywords.add(
                            ValueKeywords.count(ValueKeywords::characters, c -> c >= limit, least + " characters"));
                case "maxLength" ->
                    keywords.add(ValueKeywords.count(ValueKeywords::characters, c -> c <= limit, most + " characters"));
                case "minItems" ->
                    keywords.add(ValueKeywords.count(ValueKeywords::items, c -> c >= limit, least + " items"));
                case "maxItems" ->
                    keywords.add(ValueKeywords.count(ValueKeywords::items, c -> c <= limit, most + " items"));
                case "minProperties" ->
                    keywords.add(ValueKeywords.count(ValueKeywords::members, c -> c >= limit, least + " members"));
                case "maxProperties" ->
                    keywords.add(ValueKeywords.count(ValueKeywords::members, c -> c <= limit, most + " members"));
                default -> throw new IllegalStateException(keyword + " counts nothing");
            }
        }

        private void branches() {
            target("$ref").ifPresent(target -> reference(target.place()));
            target("$dynamicRef").ifPresent(this::dynamicReference);
            many("allOf").ifPresent(schemas -> keywords.add(BranchKeywords.all(schemas)));
            many("anyOf").ifPresent(schemas -> keywords.add(BranchKeywords.any(schemas)));
            many("oneOf").ifPresent(schemas -> keywords.add(BranchKeywords.one(schemas)));
            one("not").ifPresent(schema -> keywords.add(BranchKeywords.not(schema)));
            Optional<Schema> then = one("then");
            Optional<Schema> otherwise = one("else");
            one("if").ifPresent(schema -> keywords.add(BranchKeywords.when(schema, then, otherwise)));
        }

        private Optional<SchemaResources.Target> target(String keyword) {
            return source.value(keyword).flatMap(reference -> {
                Optional<SchemaResources.Target> target = resources.find(pointer, SchemaShape.text(reference));
                if (target.isEmpty()) {
                    wrong(place(keyword), "must name a schema inside this one, like #/$defs/name");
                }
                return target;
            });
        }

        private void reference(String target) {
            steps.get(pointer).add(target);
            keywords.add(BranchKeywords.reference(at(target)));
        }

        private void dynamicReference(SchemaResources.Target target) {
            if (target.dynamic().isEmpty()) {
                reference(target.place());
                return;
            }
            String name = target.dynamic().get();
            steps.get(pointer).add(SchemaPaths.name(name));
            keywords.add(BranchKeywords.dynamicReference(resources.number(name), at(target.place())));
        }

        private void members() {
            Optional<Map<String, Schema>> named = named("properties");
            List<MemberKeywords.Matched> matched = matched();
            Optional<Schema> additional = one("additionalProperties");
            if (named.isPresent() || !matched.isEmpty() || additional.isPresent()) {
                keywords.add(MemberKeywords.members(named.orElseGet(Map::of), matched, additional));
            }
            one("propertyNames").ifPresent(schema -> keywords.add(MemberKeywords.names(schema)));
            source.value("required")
                    .ifPresent(names -> keywords.add(MemberKeywords.required(SchemaShape.texts(names))));
            source.value("dependentRequired").ifPresent(names -> {
                LinkedHashMap<String, List<String>> needed = new LinkedHashMap<>();
                membersOf("dependentRequired")
                        .forEach(each -> needed.put(each.name().text(), SchemaShape.texts(each.value())));
                keywords.add(MemberKeywords.dependentRequired(needed));
            });
            named("dependentSchemas").ifPresent(schemas -> keywords.add(MemberKeywords.dependentSchemas(schemas)));
            named("$defs");
            named("definitions");
        }

        private void items() {
            Optional<List<Schema>> first = many("prefixItems");
            Optional<Schema> rest = one("items");
            if (first.isPresent() || rest.isPresent()) {
                keywords.add(ItemKeywords.items(first.orElseGet(List::of), rest));
            }
            int least = source.value("minContains")
                    .map(value -> count("minContains", value))
                    .orElse(1);
            int most = source.value("maxContains")
                    .map(value -> count("maxContains", value))
                    .orElse(Integer.MAX_VALUE);
            one("contains").ifPresent(schema -> keywords.add(ItemKeywords.contains(schema, least, most)));
        }

        private Optional<Schema> one(String keyword) {
            return source.value(keyword).map(value -> inside(keyword, place(keyword), value));
        }

        private Optional<List<Schema>> many(String keyword) {
            return source.value(keyword).map(value -> {
                List<Schema> made = new ArrayList<>();
                for (JsonValue item : ((JsonValue.Items) value).items()) {
                    made.add(inside(keyword, place(keyword) + "/" + made.size(), item));
                }
                return made;
            });
        }

        private List<MemberKeywords.Matched> matched() {
            Map<String, Schema> schemas = named("patternProperties").orElseGet(Map::of);
            List<MemberKeywords.Matched> matched = new ArrayList<>();
            for (JsonValue.Member member : membersOf("patternProperties")) {
                String name = member.name().text();
                pattern(place("patternProperties") + "/" + JsonTree.escaped(name), name)
                        .ifPresent(pattern -> matched.add(new MemberKeywords.Matched(pattern, schemas.get(name))));
            }
            return matched;
        }

        private Optional<Map<String, Schema>> named(String keyword) {
            return source.value(keyword).map(value -> {
                LinkedHashMap<String, Schema> made = new LinkedHashMap<>();
                for (JsonValue.Member member : membersOf(keyword)) {
                    String name = member.name().text();
                    String place = place(keyword) + "/" + JsonTree.escaped(name);
                    made.put(name, inside(keyword, place, member.value()));
                }
                return made;
            });
        }

        private List<JsonValue.Member> membersOf(String keyword) {
            return source.value(keyword)
                    .filter(JsonValue.Members.class::isInstance)
                    .map(object -> ((JsonValue.Members) object).members())
                    .orElseGet(List::of);
        }

        private Schema inside(String keyword, String place, JsonValue value) {
            if (SchemaShape.IN_PLACE.contains(keyword)) {
                steps.get(pointer).add(place);
            }
            return SchemaTree.this.read(place, value);
        }
    }
}
