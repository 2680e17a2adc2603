package io.qbc.consensus.engine;

import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The members of an operation's payload, which must be exactly those that its type has. */
public final class Fields {
    private static final JsonLimits LIMITS = new JsonLimits(32 * 1024, 2);
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,15}");
    private static final long NUMBER_MAX = (1L << 53) - 1;

    private final JsonObjectText object;

    private Fields(JsonObjectText object) {
        this.object = object;
    }

    /** Reads a payload; nothing if it is not an object with these names and no others. */
    public static Optional<Fields> of(Bytes payload, String... names) {
        JsonObjectText object = StrictJson.object(payload, LIMITS);
        boolean fits = object.fault().isEmpty() && new TreeSet<>(object.names()).equals(new TreeSet<>(List.of(names)));
        return fits ? Optional.of(new Fields(object)) : Optional.empty();
    }

    /** A whole number from 0 to 2^53 - 1. */
    public Optional<Long> number(String name) {
        return object.member(name)
                .map(Bytes::text)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(Long::parseLong)
                .filter(value -> value <= NUMBER_MAX);
    }

    public Optional<Boolean> flag(String name) {
        return object.member(name)
                .map(Bytes::text)
                .filter(text -> text.equals("true") || text.equals("false"))
                .map(Boolean::parseBoolean);
    }

    /** 32 bytes in 64 hexadecimal digits. */
    public Optional<Hash> hash(String name) {
        return object.string(name).flatMap(Hash::parse);
    }

    /** A public key in 64 hexadecimal digits. */
    public Optional<Bytes> key(String name) {
        return hash(name).map(hash -> Bytes.wrap(hash.bytes()));
    }

    /** Any bytes in hexadecimal digits. */
    public Optional<Bytes> bytes(String name) {
        return object.string(name)
                .filter(text -> text.length() % 2 == 0 && text.chars().allMatch(HexFormat::isHexDigit))
                .map(Bytes::hex);
    }
}
