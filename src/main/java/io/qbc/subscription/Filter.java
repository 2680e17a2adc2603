package io.qbc.subscription;

import io.qbc.follow.Leaf;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which transactions a subscription is about; all conditions must hold.
 *
 * @param types the names of types, each with {@code *} for any characters; none for all
 * @param authors public keys; none for all
 * @param keyPrefix how the idempotency key begins
 * @param at what the data has somewhere
 */
public record Filter(List<String> types, List<Bytes> authors, Optional<String> keyPrefix, Optional<At> at) {
    public static final Filter ALL = new Filter(List.of(), List.of(), Optional.empty(), Optional.empty());
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 512);
    /** Numbers are compared by value while that costs little. */
    private static final int SCALE_MAX = 1000;

    public Filter {
        types = List.copyOf(types);
        authors = List.copyOf(authors);
    }

    /**
     * A value in the data.
     *
     * @param pointer where, as a JSON pointer (RFC 6901)
     * @param equal what it is to be, as {@link JsonTree} reads it; nothing for anything
     */
    public record At(String pointer, Optional<Object> equal) {}

    public boolean matches(Leaf leaf) {
        return (types.isEmpty() || matchesType(leaf.body().type().text()))
                && (authors.isEmpty() || authors.contains(leaf.body().author()))
                && (keyPrefix.isEmpty() || begins(leaf.body().key(), Bytes.utf8(keyPrefix.get())))
                && (at.isEmpty() || leaf.payload().map(this::matchesData).orElse(false));
    }

    private boolean matchesType(String type) {
        for (String pattern : types) {
            if (matches(pattern, type)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text fits a pattern in which {@code *} stands for any characters, in time of their product. */
    static boolean matches(String pattern, String text) {
        int star = -1;
        int mark = 0;
        int p = 0;
        int t = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean begins(Bytes bytes, Bytes prefix) {
        return bytes.size() >= prefix.size() && bytes.slice(0, prefix.size()).equals(prefix);
    }

    private boolean matchesData(Bytes payload) {
        if (StrictJson.checkBounded(payload, LIMITS).isPresent()) {
            return false;
        }
        Optional<Object> found = pointed(JsonTree.read(payload), at.get().pointer());
        return found.isPresent()
                && (at.get().equal().isEmpty()
                        || same(found.get(), at.get().equal().get()));
    }

    /** What a pointer names in a value; nothing if there is no such place. */
    static Optional<Object> pointed(Object value, String pointer) {
        Object at = value;
        if (pointer.isEmpty()) {
            return Optional.of(at);
        }
        for (String part : pointer.substring(1).split("/", -1)) {
            String name = part.replace("~1", "/").replace("~0", "~");
            if (at instanceof Map<?, ?> members && members.containsKey(name)) {
                at = members.get(name);
            } else if (at instanceof List<?> items && name.matches("0|[1-9][0-9]{0,8}")) {
                int index = Integer.parseInt(name);
                if (index >= items.size()) {
                    return Optional.empty();
                }
                at = items.get(index);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    /** Whether two values are the same, whatever way their numbers are spelled. */
    static boolean same(Object one, Object other) {
        if (one instanceof Number && other instanceof Number) {
            BigDecimal a = decimal(one);
            BigDecimal b = decimal(other);
            boolean cheap = Math.abs((long) a.scale()) <= SCALE_MAX && Math.abs((long) b.scale()) <= SCALE_MAX;
            return cheap
                    ? a.compareTo(b) == 0
                    : a.scale() == b.scale() && a.unscaledValue().equals(b.unscaledValue());
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.keySet().stream().allMatch(name -> b.containsKey(name) && same(a.get(name), b.get(name)));
        }
        return one.equals(other);
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(((Number) number).longValue());
    }
}
