package io.qbc.projection.query;

import io.qbc.bus.Failure;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A place between two rows: after the one of this value and this key, whatever rows come meanwhile.
 *
 * @param order by which column; empty for the order of keys
 * @param value of that column; nothing for null
 */
record RowCursor(String order, boolean descending, Optional<String> value, List<String> key) {
    private static final int CHARS_MAX = 8192;
    private static final JsonLimits LIMITS = new JsonLimits(CHARS_MAX, 2);

    RowCursor {
        key = List.copyOf(key);
    }

    String text() {
        List<Object> parts = new ArrayList<>(
                List.of(order, descending, value.map(Object.class::cast).orElse(Optional.empty())));
        parts.addAll(key);
        byte[] json = JsonTree.write(parts).getBytes(StandardCharsets.UTF_8);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(json);
        if (text.length() > CHARS_MAX) {
            throw ColumnValues.invalid("values of " + order + " are too long for an order by them");
        }
        return text;
    }

    static RowCursor parse(String text) {
        if (text.length() > CHARS_MAX) {
            throw wrong();
        }
        try {
            Bytes json = Bytes.wrap(Base64.getUrlDecoder().decode(text));
            if (StrictJson.checkBounded(json, LIMITS).isEmpty() && JsonTree.read(json) instanceof List<?> parts) {
                return of(parts);
            }
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
        throw wrong();
    }

    private static RowCursor of(List<?> parts) {
        boolean plain = parts.size() > 3
                && parts.get(0) instanceof String
                && parts.get(1) instanceof Boolean
                && parts.subList(3, parts.size()).stream().allMatch(String.class::isInstance);
        if (!plain) {
            throw wrong();
        }
        Optional<String> value = parts.get(2) instanceof String text ? Optional.of(text) : Optional.empty();
        List<String> key =
                parts.subList(3, parts.size()).stream().map(String.class::cast).toList();
        return new RowCursor((String) parts.get(0), (Boolean) parts.get(1), value, key);
    }

    private static Failure wrong() {
        return ColumnValues.invalid("after must be what next of the page before says, with the same order");
    }
}
