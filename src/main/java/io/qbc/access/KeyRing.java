package io.qbc.access;

import io.qbc.access.ApiKey.Former;
import io.qbc.access.ApiKey.Token;
import io.qbc.model.Hash;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All API keys of a node, as they are at one time. */
public final class KeyRing {
    public static final KeyRing EMPTY = new KeyRing(List.of());

    private final SortedMap<String, Held> byId = new TreeMap<>();

    private record Held(ApiKey key, Caller caller) {}

    public KeyRing(Collection<ApiKey> keys) {
        keys.forEach(key -> byId.put(key.id(), new Held(key, key.caller())));
    }

    /** All keys by id. */
    public List<ApiKey> keys() {
        return byId.values().stream().map(Held::key).toList();
    }

    public Optional<ApiKey> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(Held::key);
    }

    /**
     * The caller whose key a token is; nothing if it is none, a wrong one or one that has expired. It takes as long for
     * an unknown id as for a wrong secret.
     */
    public Optional<Caller> prove(String text, long now) {
        Optional<Token> token = Token.parse(text);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        byte[] shown = token.get().digest().bytes();
        Held held = byId.get(token.get().id());
        Hash digest = held == null ? Hash.ZERO : held.key().digest();
        Optional<Former> former = held == null ? Optional.empty() : held.key().former();
        Hash before = former.map(Former::digest).orElse(Hash.ZERO);
        // Both are compared in any case, before it matters whether there is such a key.
        boolean current = MessageDigest.isEqual(digest.bytes(), shown);
        boolean replaced = MessageDigest.isEqual(before.bytes(), shown);
        if (held == null || held.key().isExpired(now)) {
            return Optional.empty();
        }
        boolean counts = replaced && former.filter(kept -> kept.until() > now).isPresent();
        return current || counts ? Optional.of(held.caller()) : Optional.empty();
    }

    /** The same with a key more, or with another one in the place of that with its id. */
    public KeyRing with(ApiKey key) {
        SortedMap<String, ApiKey> keys = copy();
        keys.put(key.id(), key);
        return new KeyRing(keys.values());
    }

    public KeyRing without(String id) {
        SortedMap<String, ApiKey> keys = copy();
        keys.remove(id);
        return new KeyRing(keys.values());
    }

    /** The same with another secret for a key that is here. */
    public KeyRing rotated(Token token, long now, long graceMillis) {
        return find(token.id())
                .map(key -> with(key.rotated(token, now, graceMillis)))
                .orElse(this);
    }

    private SortedMap<String, ApiKey> copy() {
        SortedMap<String, ApiKey> keys = new TreeMap<>();
        byId.forEach((id, held) -> keys.put(id, held.key()));
        return keys;
    }
}
