package io.qbc.api.json;

import io.qbc.bus.Failure;
import io.qbc.json.JsonObjectText;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The fields of a JSON object that was found well formed; each names itself when it is not as it must be. */
public final class JsonFields {
    private final JsonObjectText text;
    private final Reason malformed;

    /** Fields of this object; one that is missing or of another kind is refused as {@code malformed}. */
    public JsonFields(JsonObjectText text, Reason malformed) {
        this.text = text;
        this.malformed = malformed;
    }

    public static void refuseUnknown(JsonObjectText text, Set<String> known) {
        for (String name : text.names()) {
            if (!known.contains(name)) {
                throw new Failure(Reason.REQUEST_INVALID, "the member " + name + " is not known");
            }
        }
    }

    /**
     * The transaction that a complete JSON form stands for, with the commitment and the length that are stated.
     *
     * @throws Failure when a field is malformed, or the id stated is not its id
     */
    public static Transaction transaction(JsonObjectText text, Hash chain, Bytes data) {
        JsonFields fields = new JsonFields(text, Reason.TRANSACTION_MALFORMED);
        Bytes salt = fields.hex("salt");
        if (salt.size() != Transaction.SALT_BYTES) {
            throw new Failure(Reason.TRANSACTION_MALFORMED, "salt must have 16 bytes");
        }
        Body body = new Body(
                (int) fields.optional("version", Canonical.VERSION, Integer.MAX_VALUE),
                text.member("chain").isPresent() ? fields.hash("chain") : chain,
                fields.number("timestamp", Long.MAX_VALUE),
                fields.sized("key", Transaction.KEY_BYTES_MAX),
                fields.sized("author", 32),
                type(text),
                schema(text),
                text.member("commitment").isPresent() ? fields.hash("commitment") : Canonical.commitment(salt, data),
                (int) fields.optional("length", data.size(), Integer.MAX_VALUE));
        Transaction transaction = Transaction.of(body, salt, fields.sized("signature", 64), data);
        if (text.member("id").isPresent() && !fields.hash("id").equals(transaction.id())) {
            throw new Failure(Reason.TRANSACTION_ID, "the id of this body is " + transaction.id());
        }
        return transaction;
    }

    /** The name of the data's type; empty without one. */
    public static Bytes type(JsonObjectText text) {
        if (text.member("type").isEmpty()) {
            return Bytes.EMPTY;
        }
        Bytes type = Bytes.utf8(new JsonFields(text, Reason.TRANSACTION_MALFORMED).text("type"));
        if (type.size() > Transaction.TYPE_BYTES_MAX) {
            throw new Failure(Reason.TRANSACTION_MALFORMED, "type has up to 255 bytes");
        }
        return type;
    }

    public static int schema(JsonObjectText text) {
        return (int) new JsonFields(text, Reason.TRANSACTION_MALFORMED).optional("schema", 0, Integer.MAX_VALUE);
    }

    String text(String name) {
        return text.string(name).orElseThrow(() -> wrong(name, "must be a string"));
    }

    /** A string that need not be there. */
    public Optional<String> optionalText(String name) {
        return text.member(name).isEmpty() ? Optional.empty() : Optional.of(text(name));
    }

    /** Whether a member is true; false if it is absent. */
    public boolean flag(String name) {
        String value = text.member(name).map(Bytes::text).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw wrong(name, "must be true or false");
        }
        return value.equals("true");
    }

    Hash hash(String name) {
        return Hash.parse(text(name)).orElseThrow(() -> wrong(name, "must be 64 hexadecimal digits"));
    }

    /** Hexadecimal digits; empty bytes if the field is absent. */
    Bytes hex(String name) {
        if (text.member(name).isEmpty()) {
            return Bytes.EMPTY;
        }
        try {
            return Bytes.wrap(HexFormat.of().parseHex(text(name)));
        } catch (IllegalArgumentException e) {
            throw wrong(name, "must be hexadecimal digits, two a byte");
        }
    }

    Bytes sized(String name, int bytesMax) {
        Bytes bytes = hex(name);
        if (bytes.size() > bytesMax) {
            throw wrong(name, "has up to " + bytesMax + " bytes");
        }
        return bytes;
    }

    long optional(String name, long absent, long most) {
        return text.member(name).isEmpty() ? absent : number(name, most);
    }

    /** A whole number that is not negative. */
    public long number(String name, long most) {
        String digits = text.member(name).map(Bytes::text).orElse("");
        boolean whole =
                !digits.isEmpty() && digits.length() <= 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            long number = whole ? Long.parseLong(digits) : -1;
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, "must be a whole number up to " + most);
        }
        throw wrong(name, "must be a whole number up to " + most);
    }

    Optional<Bytes> member(String name) {
        return text.member(name);
    }

    private Failure wrong(String name, String rule) {
        return new Failure(malformed, "the member " + name + ' ' + rule);
    }
}
