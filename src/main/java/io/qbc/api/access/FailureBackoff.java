package io.qbc.api.access;

import io.qbc.api.limits.AddressKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A count of wrong credentials by address, and the pause that follows. Whoever shows a right one is let through all the
 * same: a secret of 256 bits is not found by trying, and others behind the same address must not be shut out.
 */
final class FailureBackoff {
    /** Mistakes that cost nothing. */
    private static final int FREE = 5;

    private static final int DOUBLINGS_MAX = 6;
    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long FORGET_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int ADDRESSES_MAX = 16_384;

    private final Map<AddressKey, Failures> byAddress = new ConcurrentHashMap<>();

    private record Failures(int count, long lastNanos, long untilNanos) {
        static final int LIMIT = FREE + DOUBLINGS_MAX;

        Failures next(long nowNanos) {
            int more = Math.min(count + 1, LIMIT);
            long pause = more < FREE ? 0 : FIRST_NANOS << (more - FREE);
            return new Failures(more, nowNanos, nowNanos + pause);
        }
    }

    /** Counts a wrong credential; how long the address has to wait, if it should not have tried yet. */
    Optional<Excess> failed(InetAddress address, long nowNanos) {
        AddressKey key = AddressKey.of(address);
        Failures before = byAddress.get(key);
        if (before != null && before.untilNanos() - nowNanos > 0) {
            return Optional.of(Excess.of("failures", before.untilNanos() - nowNanos, 0, 1));
        }
        if (before == null && byAddress.size() >= ADDRESSES_MAX) {
            byAddress.values().removeIf(failures -> isOld(failures, nowNanos));
            if (byAddress.size() >= ADDRESSES_MAX) {
                return Optional.of(Excess.of("failures", FIRST_NANOS, 0, 1));
            }
        }
        byAddress.compute(
                key,
                (unused, failures) -> failures == null || isOld(failures, nowNanos)
                        ? new Failures(1, nowNanos, nowNanos)
                        : failures.next(nowNanos));
        return Optional.empty();
    }

    private static boolean isOld(Failures failures, long nowNanos) {
        return nowNanos - failures.lastNanos() > FORGET_NANOS;
    }
}
