package io.qbc.spec;

import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One object of a chain spec. What is wrong with a member is noted under its JSON pointer; then something harmless
 * stands for it, so that reading goes on to the next fault.
 */
record SpecObject(SpecFaults faults, String pointer, LinkedHashMap<?, ?> members) {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    static SpecObject read(Bytes text, String source) {
        SpecFaults faults = new SpecFaults(source);
        Optional<JsonFault> fault = StrictJson.checkBounded(text, LIMITS);
        if (fault.isPresent()) {
            throw faults.fatal("", "is not acceptable JSON: " + fault.get());
        }
        if (JsonTree.read(text) instanceof LinkedHashMap<?, ?> members) {
            return new SpecObject(faults, "", members);
        }
        throw faults.fatal("", "must be an object");
    }

    /** This object, which is to have no other members. */
    SpecObject only(List<String> names) {
        members.keySet().forEach(name -> {
            if (!names.contains(name.toString())) {
                wrong(
                        JsonTree.escaped(name.toString()),
                        "is unknown; remove it, the members here are " + String.join(", ", names));
            }
        });
        return this;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    boolean isText(String name) {
        return members.get(name) instanceof String;
    }

    /** Whether a member is there that must be. */
    boolean require(String name) {
        boolean there = members.containsKey(name);
        if (!there) {
            wrong(name, "is missing; add it");
        }
        return there;
    }

    SpecObject object(String name) {
        if (require(name) && members.get(name) instanceof Map<?, ?> inside) {
            return new SpecObject(faults, pointer + "/" + name, new LinkedHashMap<>(inside));
        }
        wrong(name, "must be an object");
        return empty(name);
    }

    /** Stands for an object that was left out. */
    SpecObject empty(String name) {
        return new SpecObject(faults, pointer + "/" + name, new LinkedHashMap<>());
    }

    String text(String name, int lengthMax) {
        if (!require(name) || !(members.get(name) instanceof String text)) {
            wrong(name, "must be a text");
            return "";
        }
        if (text.length() > lengthMax) {
            wrong(name, "must not be longer than " + lengthMax);
        }
        return text;
    }

    List<String> texts(String name, int countMax) {
        List<String> texts = new ArrayList<>();
        if (!(members.get(name) instanceof List<?> list) || list.size() > countMax) {
            wrong(name, "must be a list of at most " + countMax);
            return texts;
        }
        for (Object item : list) {
            if (!(item instanceof String)) {
                wrong(name + "/" + texts.size(), "must be a text");
            }
            texts.add(item instanceof String text ? text : "");
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
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        wrong(name, "must be a whole number of " + least + " to " + most + " but is " + value);
        return least;
    }

    /** The member as it was read; it must be there. */
    Object value(String name) {
        return require(name) ? members.get(name) : Optional.empty();
    }

    /** 64 hexadecimal digits. */
    Hash hash(String name) {
        Optional<Hash> hash = Hash.parse(text(name, 64));
        if (hash.isEmpty()) {
            wrong(name, "must be 64 hexadecimal digits");
        }
        return hash.orElse(Hash.ZERO);
    }

    /** Notes what is wrong with a member, or with something inside it. */
    void wrong(String name, String problem) {
        faults.add(pointer + "/" + name, problem);
    }

    /** Notes what is wrong with the object as a whole. */
    void wrong(String problem) {
        faults.add(pointer, problem);
    }
}
