package io.qbc.client.answer;

import io.qbc.json.JsonItems;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A reader of one JSON object of a node's answer, which leaves the data in it as the bytes that came. */
public final class AnswerReader {
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 1000);
    private static final String NULL = "null";

    private final Bytes whole;
    private final JsonObjectText text;

    private AnswerReader(Bytes whole, JsonObjectText text) {
        this.whole = whole;
        this.text = text;
    }

    /**
     * A reader of this object.
     *
     * @throws IllegalArgumentException if the text is no JSON object
     */
    public static AnswerReader of(Bytes text) {
        JsonObjectText read = StrictJson.object(text, LIMITS);
        read.fault().ifPresent(fault -> {
            throw new IllegalArgumentException("the answer is no JSON object: " + fault);
        });
        return new AnswerReader(text, read);
    }

    /** The text of the whole object. */
    public String json() {
        return whole.text();
    }

    /** Whether there is a member of this name that is not null. */
    public boolean has(String name) {
        return json(name).isPresent();
    }

    /** The exact text of a member; nothing if it is absent or null. */
    public Optional<Bytes> json(String name) {
        return text.member(name).filter(value -> !value.text().equals(NULL));
    }

    /** A string that may be absent. */
    public Optional<String> optionalText(String name) {
        return text.string(name);
    }

    /** A string that must be there. */
    public String text(String name) {
        return text.string(name).orElseThrow(() -> missing(name, "a string"));
    }

    /** A whole number that may be absent. */
    public OptionalLong optionalNumber(String name) {
        return json(name).map(value -> OptionalLong.of(whole(name, value))).orElseGet(OptionalLong::empty);
    }

    /** A whole number that must be there. */
    public long number(String name) {
        return optionalNumber(name).orElseThrow(() -> missing(name, "a whole number"));
    }

    /** Whether a member is true. */
    public boolean flag(String name) {
        return json(name).filter(value -> value.text().equals("true")).isPresent();
    }

    /** A hash that may be absent. */
    public Optional<Hash> optionalHash(String name) {
        return optionalText(name).flatMap(Hash::parse);
    }

    /** A hash that must be there. */
    public Hash hash(String name) {
        return optionalHash(name).orElseThrow(() -> missing(name, "a hash"));
    }

    /** Bytes in hexadecimal digits; empty if there are none. */
    public Bytes bytes(String name) {
        return Bytes.hex(optionalText(name).orElse(""));
    }

    /** An object that may be absent. */
    public Optional<AnswerReader> optionalObject(String name) {
        return json(name).map(AnswerReader::of);
    }

    /** An object that must be there. */
    public AnswerReader object(String name) {
        return optionalObject(name).orElseThrow(() -> missing(name, "an object"));
    }

    /** The objects of an array; none if it is absent. */
    public List<AnswerReader> objects(String name) {
        return items(name).stream().map(AnswerReader::of).toList();
    }

    /** The strings of an array; none if it is absent. */
    public List<String> texts(String name) {
        return items(name).stream().map(item -> JsonTree.read(item).toString()).toList();
    }

    /** The texts of the items of an array; none if it is absent. */
    List<Bytes> items(String name) {
        return json(name)
                .map(array -> JsonItems.of(array).orElseThrow(() -> missing(name, "an array")))
                .orElse(List.of());
    }

    private static long whole(String name, Bytes value) {
        try {
            return Long.parseLong(value.text());
        } catch (NumberFormatException e) {
            throw missing(name, "a whole number");
        }
    }

    private static IllegalArgumentException missing(String name, String kind) {
        return new IllegalArgumentException("the answer has no member " + name + " that is " + kind);
    }
}
