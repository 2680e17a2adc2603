package io.qbc.mining;

import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Pool;
import io.qbc.model.Refusal;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leap policy: leaps when enough waits, or something waits long enough. Nothing waiting, nothing running. */
final class AutoLeap {
    private static final Logger LOG = LoggerFactory.getLogger(AutoLeap.class);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final NodeConfig.Leap policy;
    private final Pool pool;
    private final Leaps leaps;
    private final InstantSource clock;
    private long timer = NO_TIMER;
    private boolean leaping;
    private boolean frozen;
    private boolean stopped;

    AutoLeap(Vertx vertx, NodeConfig.Leap policy, Pool pool, Leaps leaps, InstantSource clock) {
        this.vertx = vertx;
        this.policy = policy;
        this.pool = pool;
        this.leaps = leaps;
        this.clock = clock;
    }

    /** Looks at the pool, which may have grown. */
    void look() {
        if (leaping || stopped || frozen) {
            return;
        }
        if (full()) {
            leap();
        } else if (timer == NO_TIMER) {
            pool.oldest().ifPresent(this::wake);
        }
    }

    /** Stops leaping by itself, or begins again. */
    void freeze(boolean shut) {
        frozen = shut;
        look();
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private boolean full() {
        return (policy.transactions() > 0 && pool.transactions() >= policy.transactions())
                || (policy.bytes() > 0 && pool.bytes() >= policy.bytes());
    }

    private void wake(long oldest) {
        if (!policy.age().isZero()) {
            long delay = oldest + policy.age().toMillis() - clock.millis();
            timer = vertx.setTimer(Math.max(1, delay), id -> ripe());
        }
    }

    private void ripe() {
        timer = NO_TIMER;
        Optional<Long> oldest = pool.oldest();
        if (oldest.isPresent() && clock.millis() - oldest.get() >= policy.age().toMillis()) {
            leap();
        } else {
            look();
        }
    }

    private void leap() {
        leaping = true;
        leaps.ripe()
                .onSuccess(leaped -> {
                    leaping = false;
                    look();
                })
                .onFailure(cause -> rest(Failure.of(cause)));
    }

    /** A leap that is refused now is tried again after the policy's age, not in a circle. */
    private void rest(Refusal refusal) {
        LOG.debug("no leap by itself: {} ({})", refusal.reason().code(), refusal.detail());
        if (!stopped) {
            vertx.setTimer(Math.max(1000, policy.age().toMillis()), id -> {
                leaping = false;
                look();
            });
        }
    }
}
