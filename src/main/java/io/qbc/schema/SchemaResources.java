package io.qbc.schema;

import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An index of a schema's resources: what URIs and anchors name in it. Nothing is looked for outside of it, so that a
 * reference means the same on every node.
 */
final class SchemaResources {
    private static final int URI_CHARS_MAX = 1000;

    private final List<SchemaCheck.Fault> faults = new ArrayList<>();
    private final LinkedHashMap<UriReference, Resource> byUri = new LinkedHashMap<>();
    /** For each schema's pointer the resource that it belongs to. */
    private final LinkedHashMap<String, Resource> byPlace = new LinkedHashMap<>();
    /** For each name of a dynamic anchor its places. */
    private final LinkedHashMap<String, List<String>> dynamic = new LinkedHashMap<>();

    private final LinkedHashMap<String, Integer> numbers = new LinkedHashMap<>();

    private SchemaResources() {}

    /** A schema with a URI of its own, or the whole. */
    private static final class Resource {
        private final String place;
        private final UriReference uri;
        /** The place of each anchor, dynamic ones included. */
        private final LinkedHashMap<String, String> anchors = new LinkedHashMap<>();

        private final LinkedHashMap<String, String> dynamic = new LinkedHashMap<>();

        Resource(String place, UriReference uri) {
            this.place = place;
            this.uri = uri;
        }
    }

    /**
     * What a reference leads to.
     *
     * @param place where the schema is
     * @param dynamic the name of the dynamic anchor that was named, if it was one
     */
    record Target(String place, Optional<String> dynamic) {}

    static SchemaResources of(JsonValue document) {
        SchemaResources index = new SchemaResources();
        Resource whole = new Resource("", UriReference.EMPTY);
        if (document instanceof JsonValue.Members object) {
            whole = index.named("", object, whole).orElse(whole);
        }
        index.byUri.put(whole.uri, whole);
        index.schema("", document, whole);
        return index;
    }

    /** Identifiers that are well formed and mean nothing all the same. */
    List<SchemaCheck.Fault> faults() {
        return faults;
    }

    /** What a reference in the schema at a place leads to, if that is in this document. */
    Optional<Target> find(String place, String reference) {
        return UriReference.of(reference).flatMap(parts -> {
            UriReference full = parts.resolve(uri(place));
            return Optional.ofNullable(byUri.get(full.withoutFragment()))
                    .flatMap(resource -> full.fragmentText().flatMap(name -> inside(resource, name)));
        });
    }

    private UriReference uri(String place) {
        return Optional.ofNullable(byPlace.get(place))
                .map(resource -> resource.uri)
                .orElse(UriReference.EMPTY);
    }

    private Optional<Target> inside(Resource resource, String fragment) {
        if (fragment.isEmpty() || fragment.startsWith("/")) {
            return Optional.of(resource.place + fragment)
                    .filter(byPlace::containsKey)
                    .map(place -> new Target(place, Optional.empty()));
        }
        return Optional.ofNullable(resource.anchors.get(fragment))
                .map(place -> new Target(place, Optional.of(fragment).filter(resource.dynamic::containsKey)));
    }

    /** The place of the resource that the schema at a place belongs to. */
    String root(String place) {
        return Optional.ofNullable(byPlace.get(place))
                .map(resource -> resource.place)
                .orElse("");
    }

    /** The places of the dynamic anchors of the resource at a place, by their names. */
    Map<String, String> dynamicAnchors(String root) {
        return Optional.ofNullable(byPlace.get(root))
                .map(resource -> resource.dynamic)
                .orElseGet(LinkedHashMap::new);
    }

    /** A dynamic anchor's name as a number below {@link DynamicAnchors#NAMES_MAX}. */
    int number(String name) {
        return numbers.getOrDefault(name, 0);
    }

    /** For each name of a dynamic anchor the places of all that have it. */
    Map<String, List<String>> dynamicPlaces() {
        return dynamic;
    }

    private void schema(String place, JsonValue value, Resource around) {
        Resource resource = around;
        if (value instanceof JsonValue.Members object) {
            resource = place.isEmpty() ? around : named(place, object, around).orElse(around);
            anchor(place, object, resource);
        }
        byPlace.put(place, resource);
        if (value instanceof JsonValue.Members object) {
            for (JsonValue.Member member : object.members()) {
                inside(place, member, resource);
            }
        }
    }

    private void inside(String around, JsonValue.Member member, Resource resource) {
        String keyword = member.name().text();
        String place = around + "/" + JsonTree.escaped(keyword);
        if (SchemaShape.ONE.contains(keyword)) {
            schema(place, member.value(), resource);
        } else if (SchemaShape.MANY.contains(keyword) && member.value() instanceof JsonValue.Items array) {
            for (int i = 0; i < array.items().size(); i++) {
                schema(place + "/" + i, array.items().get(i), resource);
            }
        } else if (SchemaShape.NAMED.contains(keyword) && member.value() instanceof JsonValue.Members object) {
            for (JsonValue.Member each : object.members()) {
                schema(place + "/" + JsonTree.escaped(each.name().text()), each.value(), resource);
            }
        }
    }

    /** The resource that a schema with an {@code $id} begins. */
    private Optional<Resource> named(String place, JsonValue.Members schema, Resource around) {
        Optional<UriReference> id = wellFormed(schema, "$id").flatMap(UriReference::of);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        UriReference uri = id.get().resolve(around.uri).withoutFragment();
        Resource resource = new Resource(place, uri);
        if (uri.toString().length() > URI_CHARS_MAX) {
            wrong(place + "/$id", "makes a URI of more than " + URI_CHARS_MAX + " characters");
        } else if (byUri.putIfAbsent(uri, resource) != null) {
            wrong(place + "/$id", "is the URI of another schema too");
        }
        return Optional.of(resource);
    }

    private void anchor(String place, JsonValue.Members schema, Resource resource) {
        wellFormed(schema, "$anchor").ifPresent(name -> anchor(place + "/$anchor", name, place, resource));
        wellFormed(schema, "$dynamicAnchor").ifPresent(name -> {
            anchor(place + "/$dynamicAnchor", name, place, resource);
            if (!numbers.containsKey(name) && numbers.size() == DynamicAnchors.NAMES_MAX) {
                wrong(
                        place + "/$dynamicAnchor",
                        "is one of more than " + DynamicAnchors.NAMES_MAX + " names of dynamic anchors");
                return;
            }
            numbers.putIfAbsent(name, numbers.size());
            resource.dynamic.put(name, place);
            dynamic.computeIfAbsent(name, any -> new ArrayList<>()).add(place);
        });
    }

    private void anchor(String at, String name, String place, Resource resource) {
        if (resource.anchors.putIfAbsent(name, place) != null) {
            wrong(at, "is the name of another anchor too");
        }
    }

    private static Optional<String> wellFormed(JsonValue.Members schema, String keyword) {
        return schema.value(keyword)
                .filter(value -> SchemaShape.fault(keyword, value).isEmpty())
                .map(SchemaShape::text);
    }

    private void wrong(String place, String problem) {
        faults.add(new SchemaCheck.Fault(place, problem));
    }
}
