package io.qbc.access;

import io.qbc.access.ApiKey.Former;
import io.qbc.access.KeyChange.KeyMark;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The JSON form in which API keys are stored; what is not as it is written there is an illegal argument. */
public final class KeyRingText {
    private static final long VERSION = 1;

    private KeyRingText() {}

    public static String write(KeyRing ring) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("keys", ring.keys().stream().map(KeyRingText::key).toList());
        return JsonTree.write(document);
    }

    /** The keys as they are remembered to notice changes, ordered by id; no secret can be told from it. */
    public static List<KeyMark> marks(KeyRing ring) {
        return ring.keys().stream()
                .map(key -> new KeyMark(
                        key.id(),
                        key.name(),
                        key.grants().stream().map(Grant::text).toList(),
                        key.expiresAt(),
                        Sha256.of(Bytes.utf8(JsonTree.write(key(key))).toArray())
                                .hex()))
                .toList();
    }

    /** Reads the members of the document. */
    public static KeyRing read(Map<String, Object> document) {
        if (!Long.valueOf(VERSION).equals(document.get("version"))) {
            throw new IllegalArgumentException("its version is not " + VERSION);
        }
        List<ApiKey> keys = new ArrayList<>();
        for (Object each : list(document.get("keys"))) {
            if (!(each instanceof Map<?, ?> members)) {
                throw new IllegalArgumentException("a key is no object");
            }
            keys.add(key(members));
        }
        return new KeyRing(keys);
    }

    private static Map<String, Object> key(ApiKey key) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", key.id());
        members.put("name", key.name());
        members.put("roles", key.grants().stream().map(Grant::text).toList());
        members.put("scope", key.scope());
        members.put("made", key.madeAt());
        key.expiresAt().ifPresent(at -> members.put("expires", at));
        members.put("digest", key.digest().hex());
        key.former().ifPresent(former -> {
            members.put("formerDigest", former.digest().hex());
            members.put("formerUntil", former.until());
        });
        return members;
    }

    private static ApiKey key(Map<?, ?> members) {
        List<Grant> grants = new ArrayList<>();
        for (Object each : list(members.get("roles"))) {
            grants.add(Grant.parse(String.valueOf(each))
                    .orElseThrow(() -> new IllegalArgumentException(each + " is no role")));
        }
        Optional<Former> former = members.containsKey("formerDigest")
                ? Optional.of(new Former(hash(members, "formerDigest"), number(members, "formerUntil")))
                : Optional.empty();
        return new ApiKey(
                text(members, "id"),
                text(members, "name"),
                grants,
                text(members, "scope"),
                number(members, "made"),
                members.containsKey("expires") ? OptionalLong.of(number(members, "expires")) : OptionalLong.empty(),
                hash(members, "digest"),
                former);
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> items) {
            return items;
        }
        throw new IllegalArgumentException("a list is missing");
    }

    private static String text(Map<?, ?> members, String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("a key has no " + name);
    }

    private static long number(Map<?, ?> members, String name) {
        if (members.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("a key has no " + name);
    }

    private static Hash hash(Map<?, ?> members, String name) {
        return Hash.parse(text(members, name))
                .orElseThrow(() -> new IllegalArgumentException("a key's " + name + " is no digest"));
    }
}
