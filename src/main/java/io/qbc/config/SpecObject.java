package io.qbc.config;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.JsonFault;
import io.qbc.model.JsonLimits;
import io.qbc.model.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One object of a chain spec; every complaint names the member's JSON pointer and the source. */
record SpecObject(String source, String pointer, Map<?, ?> members) {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    static SpecObject read(Bytes text, String source) {
        Optional<JsonFault> fault = StrictJson.check(text, LIMITS);
        if (fault.isPresent()) {
            throw new SpecException(source, "", "is not acceptable JSON: " + fault.get());
        }
        return object(source, "", JsonTree.read(text));
    }

    private static SpecObject object(String source, String pointer, Object value) {
        if (value instanceof Map<?, ?> members) {
            return new SpecObject(source, pointer, members);
        }
        throw new SpecException(source, pointer, "must be an object");
    }

    /** This object, when it has no other members. */
    SpecObject only(List<String> names) {
        members.keySet().forEach(name -> {
            if (!names.contains(name.toString())) {
                throw wrong(
                        escaped(name.toString()),
                        "is unknown; remove it, the members here are " + String.join(", ", names));
            }
        });
        return this;
    }

    /** A name as a part of a JSON pointer. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    boolean isText(String name) {
        return members.get(name) instanceof String;
    }

    void require(String name) {
        if (!members.containsKey(name)) {
            throw wrong(name, "is missing; add it");
        }
    }

    SpecObject object(String name) {
        require(name);
        return object(source, pointer + "/" + name, members.get(name));
    }

    /** Stands for an object that was left out. */
    SpecObject empty(String name) {
        return new SpecObject(source, pointer + "/" + name, Map.of());
    }

    String text(String name, int lengthMax) {
        require(name);
        if (!(members.get(name) instanceof String text)) {
            throw wrong(name, "must be a text");
        }
        if (text.length() > lengthMax) {
            throw wrong(name, "must not be longer than " + lengthMax);
        }
        return text;
    }

    List<String> texts(String name, int countMax) {
        if (!(members.get(name) instanceof List<?> list) || list.size() > countMax) {
            throw wrong(name, "must be a list of at most " + countMax);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String text)) {
                throw wrong(name + "/" + texts.size(), "must be a text");
            }
            texts.add(text);
        }
        return texts;
    }

    /** A whole number, or the default where the member was left out. */
    long number(String name, long least, long most, long absent) {
        if (!members.containsKey(name)) {
            return absent;
        }
        return number(name, least, most);
    }

    /** A whole number that must be there. */
    long number(String name, long least, long most) {
        require(name);
        Object value = members.get(name);
        if (!(value instanceof Long number) || number < least || number > most) {
            throw wrong(name, "must be a whole number of " + least + " to " + most + " but is " + value);
        }
        return number;
    }

    /** The member as it was read; it must be there. */
    Object value(String name) {
        require(name);
        return members.get(name);
    }

    /** 64 hexadecimal digits. */
    Hash hash(String name) {
        return Hash.parse(text(name, 64)).orElseThrow(() -> wrong(name, "must be 64 hexadecimal digits"));
    }

    SpecException wrong(String name, String problem) {
        return new SpecException(source, pointer + "/" + name, problem);
    }
}
