package io.qbc.subscription;

import io.qbc.follow.Leaf;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Sha256;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What events have in common that must come in order, where others may come beside them.
 *
 * @param pointer where the key is in the data, as a JSON pointer (RFC 6901)
 */
public record EventKey(Kind kind, Optional<String> pointer) {
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 512);
    /** Longer keys are held as hashes. */
    private static final int LENGTH_MAX = 64;
    /** The key of all events together whose data has none. */
    private static final String NONE = "";

    /** Where the key is. */
    public enum Kind {
        /** The transaction's own key: no two transactions have the same one. */
        KEY,
        AUTHOR,
        TYPE,
        POINTER
    }

    /** The key of an event, the same for the same value; all events without one have one in common. */
    String of(Leaf leaf) {
        return switch (kind) {
            case KEY ->
                "k" + leaf.body().author().hex() + "/"
                        + bounded(leaf.body().key().hex());
            case AUTHOR -> "a" + leaf.body().author().hex();
            case TYPE -> "t" + bounded(leaf.body().type().text());
            case POINTER ->
                leaf.payload().flatMap(this::value).map(EventKey::word).orElse(NONE);
        };
    }

    private Optional<Object> value(Bytes payload) {
        return StrictJson.checkBounded(payload, LIMITS).isPresent()
                ? Optional.empty()
                : Filter.pointed(JsonTree.read(payload), pointer.orElseThrow());
    }

    /** Numbers are the same by their value, whatever way they are spelled. */
    private static String word(Object value) {
        if (value instanceof Long number) {
            return "n" + BigDecimal.valueOf(number).stripTrailingZeros();
        }
        if (value instanceof BigDecimal number) {
            return bounded("n" + number.stripTrailingZeros());
        }
        return value instanceof Map<?, ?> || value instanceof List<?>
                ? bounded("j" + JsonTree.write(value))
                : bounded("v" + JsonTree.write(value));
    }

    private static String bounded(String text) {
        if (text.length() <= LENGTH_MAX) {
            return text;
        }
        byte[] bytes = Bytes.utf8(text).toArray();
        return "h" + Sha256.of(bytes, 0, bytes.length).hex();
    }
}
