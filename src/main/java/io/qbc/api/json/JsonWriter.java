package io.qbc.api.json;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A writer of JSON objects that sets its own commas. Members stand in the order in which they are written, and an empty
 * {@link Optional} stands as null.
 *
 * <p>Jackson's generator escapes control characters in another way than {@link JsonBuffer#text}, which would change the
 * bytes of answers.
 */
public final class JsonWriter {
    private static final int USUAL_BYTES = 512;

    private final JsonBuffer out;
    private boolean first = true;

    private JsonWriter(JsonBuffer out) {
        this.out = out;
    }

    /** A buffer with one object. */
    public static JsonBuffer object(Consumer<JsonWriter> members) {
        return object(new JsonBuffer(USUAL_BYTES), members);
    }

    /** Writes an object behind what is in a buffer, and gives the buffer back. */
    public static JsonBuffer object(JsonBuffer out, Consumer<JsonWriter> members) {
        new JsonWriter(out).braces(members);
        return out;
    }

    /** A buffer with one array of strings. */
    public static JsonBuffer texts(Iterable<String> values) {
        JsonBuffer out = new JsonBuffer(USUAL_BYTES);
        new JsonWriter(out).strings(values);
        return out;
    }

    public JsonWriter text(String name, String value) {
        name(name).text(value);
        return this;
    }

    public JsonWriter text(String name, Optional<String> value) {
        return value.isPresent() ? text(name, value.get()) : nothing(name);
    }

    public JsonWriter number(String name, long value) {
        name(name).number(value);
        return this;
    }

    public JsonWriter number(String name, OptionalLong value) {
        return value.isPresent() ? number(name, value.getAsLong()) : nothing(name);
    }

    public JsonWriter flag(String name, boolean value) {
        name(name).raw(Boolean.toString(value));
        return this;
    }

    /** A string of hexadecimal digits. */
    public JsonWriter hex(String name, Hash value) {
        name(name).hex(value);
        return this;
    }

    /** A string of hexadecimal digits. */
    public JsonWriter hex(String name, Bytes value) {
        name(name).hex(value);
        return this;
    }

    /** A value that is well-formed JSON already, byte for byte. */
    public JsonWriter json(String name, Bytes value) {
        name(name).raw(value);
        return this;
    }

    public JsonWriter object(String name, Consumer<JsonWriter> members) {
        name(name);
        braces(members);
        return this;
    }

    public <T> JsonWriter object(String name, Optional<T> value, BiConsumer<JsonWriter, T> members) {
        return value.isPresent() ? object(name, object -> members.accept(object, value.get())) : nothing(name);
    }

    /** An array with an object for each value. */
    public <T> JsonWriter objects(String name, Iterable<T> values, BiConsumer<JsonWriter, T> members) {
        name(name).u8('[');
        first = true;
        for (T value : values) {
            separate();
            braces(object -> members.accept(object, value));
        }
        out.u8(']');
        first = false;
        return this;
    }

    /** An array of strings. */
    public JsonWriter texts(String name, Iterable<String> values) {
        name(name);
        strings(values);
        return this;
    }

    /** An array of numbers, with null for what is not there. */
    public JsonWriter numbers(String name, Stream<OptionalLong> values) {
        name(name).u8('[');
        first = true;
        values.forEach(value -> {
            separate();
            value.ifPresentOrElse(out::number, () -> out.raw("null"));
        });
        out.u8(']');
        first = false;
        return this;
    }

    private JsonWriter nothing(String name) {
        name(name).raw("null");
        return this;
    }

    private void strings(Iterable<String> values) {
        out.u8('[');
        first = true;
        for (String value : values) {
            separate();
            out.text(value);
        }
        out.u8(']');
        first = false;
    }

    private void braces(Consumer<JsonWriter> members) {
        out.u8('{');
        first = true;
        members.accept(this);
        out.u8('}');
        first = false;
    }

    private JsonBuffer name(String name) {
        separate();
        return out.text(name).u8(':');
    }

    private void separate() {
        if (!first) {
            out.u8(',');
        }
        first = false;
    }
}
