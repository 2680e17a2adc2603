package io.qbc.json;

import io.qbc.model.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value in memory, with numbers as they are spelled. */
public sealed interface JsonValue {
    /**
     * A string.
     *
     * @param length in characters, which are code points
     */
    record Text(String text, int length) implements JsonValue {
        static Text of(String text) {
            return new Text(text, text.codePointCount(0, text.length()));
        }
    }

    /**
     * A number of any length.
     *
     * @param exact the value; nothing if it is not bounded, as {@link JsonNumber} has it
     */
    record Numeral(String spelling, Optional<JsonNumber> exact) implements JsonValue {}

    /** True or false. */
    record Flag(boolean on) implements JsonValue {}

    /** JSON's null. */
    record Nothing() implements JsonValue {}

    /** An array. */
    record Items(List<JsonValue> items) implements JsonValue {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** An object, its members in the order of the text. */
    final class Members implements JsonValue {
        private final List<Member> members;
        private final Map<String, Integer> places;
        /** Made when it is asked for first; whoever asks at once makes the same. */
        private List<Member> sorted = List.of();

        private Members(List<Member> members) {
            this.members = List.copyOf(members);
            this.places = new HashMap<>(2 * members.size());
            for (int i = 0; i < members.size(); i++) {
                places.put(members.get(i).name().text(), i);
            }
        }

        public List<Member> members() {
            return members;
        }

        /** The members in the order of their names. */
        public List<Member> sorted() {
            if (sorted.isEmpty() && !members.isEmpty()) {
                List<Member> order = new ArrayList<>(members);
                order.sort(Comparator.comparing(member -> member.name().text()));
                sorted = order;
            }
            return sorted;
        }

        /** The place of a member among the others; below 0 if there is none of this name. */
        public int place(String name) {
            return places.getOrDefault(name, -1);
        }

        public Optional<JsonValue> value(String name) {
            int place = place(name);
            return place < 0 ? Optional.empty() : Optional.of(members.get(place).value());
        }
    }

    /** A member of an object. */
    record Member(Text name, JsonValue value) {}

    /** Reads a text that the strict reader has passed. */
    static JsonValue read(Bytes strict) {
        Builder builder = new Builder();
        JsonWalk.walk(strict, builder);
        return builder.last;
    }

    /** Builds values from the inside out. */
    final class Builder implements JsonEvents {
        private final Deque<List<JsonValue>> items = new ArrayDeque<>();
        private final Deque<List<Member>> members = new ArrayDeque<>();
        private final Deque<Text> names = new ArrayDeque<>();
        /** Whether each open value is an object. */
        private final Deque<Boolean> objects = new ArrayDeque<>();

        private JsonValue last = new Nothing();

        private Builder() {}

        @Override
        public void openObject() {
            objects.push(true);
            members.push(new ArrayList<>());
        }

        @Override
        public void name(String name) {
            names.push(Text.of(name));
        }

        @Override
        public void closeObject() {
            objects.pop();
            put(new Members(members.pop()));
        }

        @Override
        public void openArray() {
            objects.push(false);
            items.push(new ArrayList<>());
        }

        @Override
        public void endItem() {}

        @Override
        public void closeArray() {
            objects.pop();
            put(new Items(items.pop()));
        }

        @Override
        public void text(String text) {
            put(Text.of(text));
        }

        @Override
        public void number(String text) {
            put(new Numeral(text, JsonNumber.of(text)));
        }

        @Override
        public void flag(boolean flag) {
            put(new Flag(flag));
        }

        @Override
        public void nothing() {
            put(new Nothing());
        }

        private void put(JsonValue value) {
            last = value;
            if (objects.isEmpty()) {
                return;
            }
            if (objects.peek()) {
                members.peek().add(new Member(names.pop(), value));
            } else {
                items.peek().add(value);
            }
        }
    }
}
