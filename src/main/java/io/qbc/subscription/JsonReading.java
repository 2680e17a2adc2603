package io.qbc.subscription;

import io.qbc.bus.Failure;
import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One object of a document; what is wrong with it is noted under its JSON pointer, all faults together. */
final class JsonReading {
    private static final JsonLimits LIMITS = new JsonLimits(64 * 1024, 32);

    private final String pointer;
    private final Map<?, ?> members;
    private final Map<String, String> faults;

    private JsonReading(String pointer, Map<?, ?> members, Map<String, String> faults) {
        this.pointer = pointer;
        this.members = members;
        this.faults = faults;
    }

    static JsonReading of(Bytes text) {
        Optional<JsonFault> fault = StrictJson.checkBounded(text, LIMITS);
        if (fault.isPresent()) {
            throw new Failure(Reason.JSON_INVALID, fault.get().toString());
        }
        if (JsonTree.read(text) instanceof LinkedHashMap<?, ?> members) {
            return new JsonReading("", members, new LinkedHashMap<>());
        }
        throw new Failure(Reason.SUBSCRIPTION_INVALID, "an object is expected");
    }

    void only(List<String> names) {
        members.keySet().forEach(name -> {
            if (!names.contains(name.toString())) {
                wrong(
                        JsonTree.escaped(name.toString()),
                        "is unknown; the members here are " + String.join(", ", names));
            }
        });
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    Object value(String name) {
        return members.get(name);
    }

    /** A member that is an object; an empty one where it was left out. */
    JsonReading object(String name) {
        Object value = members.get(name);
        if (value != null && !(value instanceof Map<?, ?>)) {
            wrong(name, "must be an object");
        }
        Map<?, ?> inside = value instanceof Map<?, ?> found ? found : Map.of();
        return new JsonReading(pointer + "/" + name, inside, faults);
    }

    List<String> names() {
        return members.keySet().stream().map(Object::toString).toList();
    }

    Optional<String> text(String name, int lengthMax) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text && text.length() <= lengthMax) {
            return Optional.of(text);
        }
        wrong(name, "must be a text of up to " + lengthMax + " characters");
        return Optional.empty();
    }

    String word(String name, String absent, List<String> words) {
        String word = text(name, 32).orElse(absent);
        if (!words.contains(word)) {
            wrong(name, "must be one of " + String.join(", ", words));
            return absent;
        }
        return word;
    }

    List<String> texts(String name, int countMax, int lengthMax) {
        List<String> texts = new ArrayList<>();
        if (!has(name)) {
            return texts;
        }
        if (!(members.get(name) instanceof List<?> list) || list.size() > countMax) {
            wrong(name, "must be a list of at most " + countMax + " texts");
            return texts;
        }
        for (Object item : list) {
            if (item instanceof String text && text.length() <= lengthMax) {
                texts.add(text);
            } else {
                wrong(name + "/" + texts.size(), "must be a text of up to " + lengthMax + " characters");
                texts.add("");
            }
        }
        return texts;
    }

    long number(String name, long least, long most, long absent) {
        Object value = members.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        wrong(name, "must be a whole number of " + least + " to " + most);
        return absent;
    }

    boolean flag(String name, boolean absent) {
        Object value = members.get(name);
        if (value == null || value instanceof Boolean) {
            return value == null ? absent : (Boolean) value;
        }
        wrong(name, "must be true or false");
        return absent;
    }

    void wrong(String name, String problem) {
        faults.putIfAbsent(pointer + "/" + name, problem);
    }

    /** Refuses the document if anything is wrong with it. */
    void raise() {
        if (!faults.isEmpty()) {
            List<String> words = new ArrayList<>();
            faults.forEach((where, problem) -> words.add(where + " " + problem));
            throw new Failure(
                    new Refusal(Reason.SUBSCRIPTION_INVALID, String.join("; ", words), List.copyOf(faults.keySet())));
        }
    }
}
