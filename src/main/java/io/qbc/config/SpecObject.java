package io.qbc.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qbc.model.Bytes;
import io.qbc.model.JsonFault;
import io.qbc.model.JsonLimits;
import io.qbc.model.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One object of a chain spec; every complaint names the member's JSON pointer and the source. */
record SpecObject(String source, String pointer, JsonNode node) {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);
    private static final ObjectMapper JSON = new ObjectMapper();

    static SpecObject read(Bytes text, String source) {
        Optional<JsonFault> fault = StrictJson.check(text, LIMITS);
        if (fault.isPresent()) {
            throw new ConfigException(source + " is not acceptable JSON: " + fault.get());
        }
        try {
            return object(source, "", JSON.readTree(text.array(), text.offset(), text.size()));
        } catch (IOException e) {
            throw new ConfigException(source + " is not acceptable JSON: " + e.getMessage());
        }
    }

    private static SpecObject object(String source, String pointer, JsonNode node) {
        if (!node.isObject()) {
            throw new ConfigException(
                    source + ": " + (pointer.isEmpty() ? "the spec" : pointer) + " must be an object");
        }
        return new SpecObject(source, pointer, node);
    }

    /** This object, when it has no other members. */
    SpecObject only(List<String> names) {
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw wrong(escaped(name), "is unknown; remove it, the members here are " + String.join(", ", names));
            }
        });
        return this;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    boolean has(String name) {
        return node.has(name);
    }

    boolean isText(String name) {
        return node.path(name).isTextual();
    }

    void require(String name) {
        if (!node.has(name)) {
            throw wrong(name, "is missing; add it");
        }
    }

    SpecObject object(String name) {
        require(name);
        return object(source, pointer + "/" + name, node.get(name));
    }

    /** Stands for an object that was left out. */
    SpecObject empty(String name) {
        return new SpecObject(source, pointer + "/" + name, JsonNodeFactory.instance.objectNode());
    }

    String text(String name, int lengthMax) {
        require(name);
        if (!isText(name)) {
            throw wrong(name, "must be a text");
        }
        String text = node.get(name).textValue();
        if (text.length() > lengthMax) {
            throw wrong(name, "must not be longer than " + lengthMax);
        }
        return text;
    }

    List<String> texts(String name, int countMax) {
        JsonNode list = node.path(name);
        if (!list.isArray() || list.size() > countMax) {
            throw wrong(name, "must be a list of at most " + countMax);
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isTextual()) {
                throw wrong(name + "/" + texts.size(), "must be a text");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** A whole number, or the default where the member was left out. */
    long number(String name, long least, long most, long absent) {
        if (!node.has(name)) {
            return absent;
        }
        JsonNode value = node.get(name);
        boolean whole = value.isIntegralNumber() && value.canConvertToLong();
        if (!whole || value.longValue() < least || value.longValue() > most) {
            throw wrong(name, "must be a whole number of " + least + " to " + most + " but is " + value);
        }
        return value.longValue();
    }

    ConfigException wrong(String name, String problem) {
        return new ConfigException(source + ": " + pointer + "/" + name + " " + problem);
    }
}
