package io.qbc.projection.mapping;

import io.qbc.json.JsonTree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An object inside a mapping, with the pointer to it. */
record MappingObject(String at, Map<String, Object> members) {
    private static final int TYPES_MAX = 64;

    static MappingObject of(String at, Object value) {
        if (!(value instanceof Map<?, ?> members)) {
            throw new MappingException(at, "an object is expected");
        }
        Map<String, Object> named = new LinkedHashMap<>();
        members.forEach((name, member) -> named.put(name.toString(), member));
        return new MappingObject(at, named);
    }

    String pointer(String path) {
        return at + "/" + path;
    }

    MappingException fault(String member, String problem) {
        return new MappingException(pointer(member), problem);
    }

    /** Refuses members that nobody reads. */
    void only(String... names) {
        Set<String> known = Set.of(names);
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                throw fault(JsonTree.escaped(name), "there is no such member");
            }
        }
    }

    Optional<String> text(String name) {
        return member(name).map(value -> {
            if (value instanceof String text) {
                return text;
            }
            throw fault(name, "a text is expected");
        });
    }

    String word(String name, String usual, String... words) {
        String word = text(name).orElse(usual);
        if (!List.of(words).contains(word)) {
            throw fault(name, String.join(" or ", words) + " is expected");
        }
        return word;
    }

    OptionalInt number(String name, int least, int most) {
        Optional<Object> value = member(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (value.get() instanceof Long number && number >= least && number <= most) {
            return OptionalInt.of(number.intValue());
        }
        throw fault(name, "a whole number from " + least + " to " + most + " is expected");
    }

    boolean flag(String name) {
        return member(name)
                .map(value -> {
                    if (value instanceof Boolean flag) {
                        return flag;
                    }
                    throw fault(name, "true or false is expected");
                })
                .orElse(false);
    }

    Optional<Object> scalar(String name) {
        return member(name).map(value -> {
            if (value instanceof String
                    || value instanceof Long
                    || value instanceof Boolean
                    || value instanceof BigDecimal) {
                return value;
            }
            throw fault(name, "a text, a number, true or false is expected");
        });
    }

    Optional<MappingObject> object(String name) {
        return member(name).map(value -> of(pointer(name), value));
    }

    Optional<List<Object>> list(String name) {
        return member(name).map(value -> {
            if (value instanceof List<?> items) {
                return new ArrayList<>(items);
            }
            throw fault(name, "a list is expected");
        });
    }

    /** The types of transactions in a member like {@code {"type":"order.*"}}. */
    Optional<TypePattern> types(String name) {
        return object(name).map(when -> {
            when.only("type");
            List<Object> items = when.members.get("type") instanceof String text
                    ? List.of(text)
                    : when.list("type").orElseThrow(() -> when.fault("type", "the type is missing"));
            if (items.isEmpty() || items.size() > TYPES_MAX) {
                throw when.fault("type", "1 to " + TYPES_MAX + " types are expected");
            }
            List<String> types = new ArrayList<>();
            for (Object item : items) {
                if (!(item instanceof String text) || text.length() > 255) {
                    throw when.fault("type", "types are texts of at most 255 characters");
                }
                types.add(text);
            }
            return new TypePattern(types);
        });
    }

    private Optional<Object> member(String name) {
        return Optional.ofNullable(members.get(name));
    }
}
