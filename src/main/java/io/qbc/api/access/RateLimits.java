package io.qbc.api.access;

import io.qbc.access.Caller;
import io.qbc.api.limits.AddressKey;
import io.qbc.config.NodeConfig;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of requests a second, of each API key, of each owner of tokens and of each address. */
final class RateLimits {
    private static final String KEY = "key";
    private static final String TOKEN = "token";
    private static final String ADDRESS = "address";

    private final NodeConfig.Access limits;
    private final Map<String, RateLimit> byCredential = new ConcurrentHashMap<>();
    private final Crowd<String> byToken;
    private final Crowd<AddressKey> byAddress;
    private final String keyPolicy;
    private final String tokenPolicy;
    private final String addressPolicy;

    RateLimits(NodeConfig.Access limits, long nowNanos) {
        this.limits = limits;
        this.byToken = new Crowd<>(limits.callerRate(), limits.callerBurst(), nowNanos);
        this.byAddress = new Crowd<>(limits.addressRate(), limits.addressBurst(), nowNanos);
        int callerRate = Math.max(1, limits.callerRate());
        this.keyPolicy = Quota.policy(KEY, callerRate, limits.callerBurst());
        this.tokenPolicy = Quota.policy(TOKEN, callerRate, limits.callerBurst());
        this.addressPolicy = Quota.policy(ADDRESS, Math.max(1, limits.addressRate()), limits.addressBurst());
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

        /** The limit of one that has come, without making one. */
        RateLimit known(K key) {
            return apart.getOrDefault(key, others);
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
        return excess(limit.take(nowNanos), KEY, limits.callerRate(), limits.callerBurst());
    }

    /** Takes a request of whom tokens name, whichever of them it shows; why not, if it has none left. */
    Optional<Excess> ofToken(String id, long nowNanos) {
        if (limits.callerRate() == 0) {
            return Optional.empty();
        }
        RateLimit limit = byToken.of(id, nowNanos);
        return excess(limit.take(nowNanos), TOKEN, limits.callerRate(), limits.callerBurst());
    }

    /** Takes a request of an address; why not, if it has none left. */
    Optional<Excess> ofAddress(InetAddress address, long nowNanos) {
        if (limits.addressRate() == 0 || address.isLoopbackAddress()) {
            return Optional.empty();
        }
        RateLimit limit = byAddress.of(AddressKey.of(address), nowNanos);
        return excess(limit.take(nowNanos), ADDRESS, limits.addressRate(), limits.addressBurst());
    }

    /** What a caller's credential, if it has one, and its address have left, of those of the two that are limited. */
    Optional<Quota> left(Caller caller, InetAddress address, long nowNanos) {
        Optional<Quota> ofCaller = limits.callerRate() == 0 ? Optional.empty() : left(caller, nowNanos);
        if (limits.addressRate() == 0 || address.isLoopbackAddress()) {
            return ofCaller;
        }
        Quota ofAddress = quota(ADDRESS, byAddress.known(AddressKey.of(address)), addressPolicy, nowNanos);
        return Optional.of(ofCaller.map(quota -> quota.and(ofAddress)).orElse(ofAddress));
    }

    private Optional<Quota> left(Caller caller, long nowNanos) {
        return switch (caller.proof()) {
            case KEY, CERTIFICATE ->
                Optional.ofNullable(byCredential.get(caller.id())).map(limit -> quota(KEY, limit, keyPolicy, nowNanos));
            case TOKEN -> Optional.of(quota(TOKEN, byToken.known(caller.id()), tokenPolicy, nowNanos));
            case LOOPBACK, NONE -> Optional.empty();
        };
    }

    private static Quota quota(String of, RateLimit limit, String policy, long nowNanos) {
        return new Quota(Quota.field(of, limit.left(nowNanos), limit.wholeInSeconds(nowNanos)), policy);
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
