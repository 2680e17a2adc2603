package io.qbc.api.access;

import io.qbc.api.limits.AddressKey;
import io.qbc.config.NodeConfig;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of requests a second, of each API key and of each address. */
final class RateLimits {
    /** Addresses kept apart at most; those beyond share one limit until others have been quiet. */
    private static final int ADDRESSES_MAX = 16_384;

    private static final String KEY = "key";
    private static final String ADDRESS = "address";

    private final NodeConfig.Access limits;
    private final Map<String, RateLimit> byCredential = new ConcurrentHashMap<>();
    private final Map<AddressKey, RateLimit> byAddress = new ConcurrentHashMap<>();
    private final RateLimit others;
    private final String keyPolicy;
    private final String addressPolicy;

    RateLimits(NodeConfig.Access limits, long nowNanos) {
        this.limits = limits;
        this.others = new RateLimit(Math.max(1, limits.addressRate()), limits.addressBurst(), nowNanos);
        this.keyPolicy = Quota.policy(KEY, Math.max(1, limits.callerRate()), limits.callerBurst());
        this.addressPolicy = Quota.policy(ADDRESS, Math.max(1, limits.addressRate()), limits.addressBurst());
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

    /** Takes a request of an address; why not, if it has none left. */
    Optional<Excess> ofAddress(InetAddress address, long nowNanos) {
        if (limits.addressRate() == 0 || address.isLoopbackAddress()) {
            return Optional.empty();
        }
        RateLimit limit = limit(AddressKey.of(address), nowNanos);
        return excess(limit.take(nowNanos), ADDRESS, limits.addressRate(), limits.addressBurst());
    }

    /**
     * What a credential and an address have left, of those of the two that are limited.
     *
     * @param id of the credential; empty without one
     */
    Optional<Quota> left(String id, InetAddress address, long nowNanos) {
        Optional<Quota> ofKey = limits.callerRate() == 0 || id.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(byCredential.get(id)).map(limit -> quota(KEY, limit, keyPolicy, nowNanos));
        if (limits.addressRate() == 0 || address.isLoopbackAddress()) {
            return ofKey;
        }
        RateLimit limit = byAddress.getOrDefault(AddressKey.of(address), others);
        Quota ofAddress = quota(ADDRESS, limit, addressPolicy, nowNanos);
        return Optional.of(ofKey.map(quota -> quota.and(ofAddress)).orElse(ofAddress));
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

    private RateLimit limit(AddressKey address, long nowNanos) {
        RateLimit found = byAddress.get(address);
        if (found != null) {
            return found;
        }
        if (byAddress.size() >= ADDRESSES_MAX) {
            byAddress.values().removeIf(limit -> limit.isWhole(nowNanos));
        }
        return byAddress.size() >= ADDRESSES_MAX
                ? others
                : byAddress.computeIfAbsent(
                        address, unused -> new RateLimit(limits.addressRate(), limits.addressBurst(), nowNanos));
    }

    private static Optional<Excess> excess(long waitNanos, String of, int rate, int burst) {
        return waitNanos == 0 ? Optional.empty() : Optional.of(Excess.of(of, waitNanos, rate, burst));
    }
}
