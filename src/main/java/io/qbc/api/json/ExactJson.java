package io.qbc.api.json;

import io.qbc.json.JsonEvents;
import io.qbc.json.JsonNumber;
import io.qbc.json.JsonWalk;
import io.qbc.model.Bytes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * JSON of an answer as the event bus carries it, every number with its value: whole ones are integers of any size,
 * others doubles where nothing is lost, else decimals. A number that is not bounded is the text of its spelling.
 */
public final class ExactJson implements JsonEvents {
    private static final int INT_DIGITS = 9;

    private final Deque<Object> open = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private JsonObject last = new JsonObject();

    private ExactJson() {}

    /** Reads a text that is one strict JSON object. */
    public static JsonObject object(Bytes text) {
        ExactJson reader = new ExactJson();
        JsonWalk.walk(text, reader);
        return reader.last;
    }

    @Override
    public void openObject() {
        open.push(new JsonObject());
    }

    @Override
    public void name(String name) {
        names.push(name);
    }

    @Override
    public void closeObject() {
        JsonObject object = (JsonObject) open.pop();
        last = object;
        put(Optional.of(object));
    }

    @Override
    public void openArray() {
        open.push(new JsonArray());
    }

    @Override
    public void endItem() {}

    @Override
    public void closeArray() {
        put(Optional.of(open.pop()));
    }

    @Override
    public void text(String text) {
        put(Optional.of(text));
    }

    @Override
    public void number(String text) {
        put(Optional.of(JsonNumber.of(text).map(ExactJson::value).orElse(text)));
    }

    private static Object value(JsonNumber number) {
        if (number.isInteger() && !(number.isZero() && number.isNegative())) {
            return whole(number.text());
        }
        OptionalDouble same = Doubles.of(number);
        return same.isPresent() ? (Object) same.getAsDouble() : new BigDecimal(number.significand(), -number.scale());
    }

    private static Object whole(String digits) {
        if (digits.length() <= INT_DIGITS) {
            return Integer.valueOf(digits);
        }
        BigInteger value = new BigInteger(digits);
        return value.bitLength() < Integer.SIZE
                ? (Object) value.intValue()
                : value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    @Override
    public void flag(boolean flag) {
        put(Optional.of(flag));
    }

    @Override
    public void nothing() {
        put(Optional.empty());
    }

    private void put(Optional<Object> value) {
        if (open.peek() instanceof JsonArray array) {
            array.add(value.orElse(null));
        } else if (open.peek() instanceof JsonObject object) {
            object.put(names.pop(), value.orElse(null));
        }
    }
}
