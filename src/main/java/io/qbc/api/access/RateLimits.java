package io.qbc.api.access;

import io.qbc.api.limits.AddressKey;
import io.qbc.config.NodeConfig;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of requests a second, of each API key, of each owner of tokens and of each address. */
final class RateLimits {
    private final NodeConfig.Access limits;
    private final Map<String, RateLimit> byCredential = new ConcurrentHashMap<>();
    private final Crowd<String> byToken;
    private final Crowd<AddressKey> byAddress;

    RateLimits(NodeConfig.Access limits, long nowNanos) {
        this.limits = limits;
        this.byToken = new Crowd<>(limits.callerRate(), limits.callerBurst(), nowNanos);
        this.byAddress = new Crowd<>(limits.addressRate(), limits.addressBurst(), nowNanos);
    }

    /** Limits of all who come, whose number nobody knows. */
    private static final class Crowd<K> {
        /** Kept apart at most; those beyond share one limit until others have been quiet. */
        private static final int APART_MAX = 16_384;

        private final int rate;
        private final int burst;
        private final Map<K, RateLimit> apart = new ConcurrentHashMap<>();
        private final RateLimit others;

        Crowd(int rate, int burst, long nowNanos) {
            this.rate = rate;
            this.burst = burst;
            this.others = new RateLimit(Math.max(1, rate), burst, nowNanos);
        }

        RateLimit of(K key, long nowNanos) {
            RateLimit found = apart.get(key);
            if (found != null) {
                return found;
            }
            if (apart.size() >= APART_MAX) {
                apart.values().removeIf(limit -> limit.isWhole(nowNanos));
            }
            return apart.size() >= APART_MAX
                    ? others
                    : apart.computeIfAbsent(key, unused -> new RateLimit(rate, burst, nowNanos));
        }
    }

    /** Takes a request of a credential; why not, if it has none left. */
    Optional<Excess> ofCredential(String id, long nowNanos) {
        if (limits.callerRate() == 0) {
            return Optional.empty();
        }
        RateLimit limit = byCredential.get(id);
        if (limit == null) {
            limit = byCredential.computeIfAbsent(
                    id, unused -> new RateLimit(limits.callerRate(), limits.callerBurst(), nowNanos));
        }
        return excess(limit.take(nowNanos), "key", limits.callerRate(), limits.callerBurst());
    }

    /** Takes a request of whom tokens name, whichever of them it shows; why not, if it has none left. */
    Optional<Excess> ofToken(String id, long nowNanos) {
        if (limits.callerRate() == 0) {
            return Optional.empty();
        }
        RateLimit limit = byToken.of(id, nowNanos);
        return excess(limit.take(nowNanos), "token", limits.callerRate(), limits.callerBurst());
    }

    /** Takes a request of an address; why not, if it has none left. */
    Optional<Excess> ofAddress(InetAddress address, long nowNanos) {
        if (limits.addressRate() == 0 || address.isLoopbackAddress()) {
            return Optional.empty();
        }
        RateLimit limit = byAddress.of(AddressKey.of(address), nowNanos);
        return excess(limit.take(nowNanos), "address", limits.addressRate(), limits.addressBurst());
    }

    /** Forgets keys that are no more. */
    void retain(Iterable<String> ids) {
        Map<String, RateLimit> kept = new ConcurrentHashMap<>();
        ids.forEach(id -> Optional.ofNullable(byCredential.get(id)).ifPresent(limit -> kept.put(id, limit)));
        byCredential.keySet().retainAll(kept.keySet());
    }

    private static Optional<Excess> excess(long waitNanos, String of, int rate, int burst) {
        return waitNanos == 0 ? Optional.empty() : Optional.of(Excess.of(of, waitNanos, rate, burst));
    }
}
