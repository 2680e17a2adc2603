package io.qbc.api.access;

import io.qbc.access.ApiKey;
import io.qbc.access.Caller;
import io.qbc.access.KeyRing;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The API keys of a running node, as their file has them. */
public final class ApiKeys {
    private static final long USED_STEP_MILLIS = 1000;

    private final ApiKeyFile file;
    private final InstantSource clock;
    private final Map<String, Long> used = new ConcurrentHashMap<>();
    private volatile KeyRing ring = KeyRing.EMPTY;
    private Optional<ApiKeyFile.Stamp> seen = Optional.empty();
    private Map<String, Long> written = Map.of();

    ApiKeys(ApiKeyFile file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The caller whose key a token is, if it is one. */
    Optional<Caller> prove(String token) {
        long now = clock.millis();
        Optional<Caller> caller = ring.prove(token, now);
        if (caller.isPresent()) {
            String id = caller.get().id();
            Long before = used.get(id);
            if (before == null || now - before >= USED_STEP_MILLIS) {
                used.put(id, now);
            }
        }
        return caller;
    }

    /** Whether there is a key with this id that has not ended. */
    boolean isValid(String id) {
        long now = clock.millis();
        return ring.find(id).filter(key -> !key.isExpired(now)).isPresent();
    }

    public KeyRing ring() {
        return ring;
    }

    /** When a key was last used, in milliseconds since 1970. */
    public OptionalLong usedAt(String id) {
        Long at = used.get(id);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    /** Reads the file if it has changed; whether it has. Blocks. */
    public synchronized boolean refresh() throws IOException {
        Optional<ApiKeyFile.Stamp> now = file.stamp();
        if (now.equals(seen)) {
            return false;
        }
        ring = file.read();
        seen = now;
        return true;
    }

    /** What is remembered of earlier runs. Blocks. */
    public synchronized void remember() throws IOException {
        file.used().forEach(used::putIfAbsent);
    }

    /** Keeps when keys were used for later runs. Blocks. */
    public synchronized void keepUsed() throws IOException {
        used.keySet().removeIf(id -> ring.find(id).isEmpty());
        Map<String, Long> now = Map.copyOf(used);
        if (!now.equals(written)) {
            file.writeUsed(now);
            written = now;
        }
    }

    /** Blocks. */
    public synchronized ApiKey.Token add(ApiKey.Request request) throws IOException {
        ApiKey.Token token = file.add(request, clock.millis());
        refresh();
        return token;
    }

    /** Blocks. */
    public synchronized Optional<ApiKey> revoke(String id) throws IOException {
        Optional<ApiKey> gone = file.revoke(id);
        refresh();
        return gone;
    }

    /** Blocks. */
    public synchronized Optional<ApiKey.Token> rotate(String id, Duration grace) throws IOException {
        Optional<ApiKey.Token> token = file.rotate(id, clock.millis(), grace);
        refresh();
        return token;
    }
}
