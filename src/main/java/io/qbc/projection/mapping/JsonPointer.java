package io.qbc.projection.mapping;

import io.qbc.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JSON pointer (RFC 6901) to a value inside another. */
public record JsonPointer(String text, List<String> names) {
    private static final Pattern FORM = Pattern.compile("(/([^~/]|~[01])*)*", Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    public JsonPointer {
        names = List.copyOf(names);
    }

    /** Reads a pointer; nothing if the text is none. */
    static Optional<JsonPointer> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        List<String> names = Stream.of(text.split("/", -1))
                .skip(1)
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .toList();
        return Optional.of(new JsonPointer(text, names));
    }

    /** The value at this pointer; nothing where there is none. */
    Optional<JsonValue> find(JsonValue root) {
        JsonValue at = root;
        for (String name : names) {
            Optional<JsonValue> next = step(at, name);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    private static Optional<JsonValue> step(JsonValue at, String name) {
        if (at instanceof JsonValue.Members members) {
            return members.value(name);
        }
        if (at instanceof JsonValue.Items list && INDEX.matcher(name).matches()) {
            int index = Integer.parseInt(name);
            return index < list.items().size() ? Optional.of(list.items().get(index)) : Optional.empty();
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
