package io.qbc.subscription;

import io.qbc.follow.Position;
import io.qbc.subscription.SubscriptionState.Replay;
import io.qbc.subscription.SubscriptionState.Revert;
import io.qbc.subscription.SubscriptionState.Secret;
import io.qbc.subscription.SubscriptionState.Standing;
import java.util.List;
import java.util.Optional;

/** Makes a state that differs from another one in some of its parts. */
final class StateBuilder {
    private Standing standing;
    private Position offset;
    private Optional<Replay> replay;
    private Optional<Position> offered;
    private Optional<Revert> revert;
    private long generation;
    private long attempts;
    private long nextAttempt;
    private long triedEnd;
    private long failingSince;
    private Optional<String> lastError;
    private long acknowledged;
    private long deadNext;
    private long dead;
    private List<Secret> secrets;
    private LeafRanges beyond;
    private List<Retry> retries;

    StateBuilder(SubscriptionState from) {
        standing = from.standing();
        offset = from.offset();
        replay = from.replay();
        offered = from.offered();
        revert = from.revert();
        generation = from.generation();
        attempts = from.attempts();
        nextAttempt = from.nextAttempt();
        triedEnd = from.triedEnd();
        failingSince = from.failingSince();
        lastError = from.lastError();
        acknowledged = from.acknowledged();
        deadNext = from.deadNext();
        dead = from.dead();
        secrets = from.secrets();
        beyond = from.beyond();
        retries = from.retries();
    }

    StateBuilder standing(Standing value) {
        standing = value;
        return this;
    }

    StateBuilder offset(Position value) {
        offset = value;
        return this;
    }

    StateBuilder replay(Optional<Replay> value) {
        replay = value;
        return this;
    }

    StateBuilder offered(Optional<Position> value) {
        offered = value;
        return this;
    }

    StateBuilder revert(Optional<Revert> value) {
        revert = value;
        return this;
    }

    StateBuilder generation(long value) {
        generation = value;
        return this;
    }

    /** Without any attempt in vain, nothing fails. */
    StateBuilder attempts(long value) {
        attempts = value;
        failingSince = value == 0 ? 0 : failingSince;
        return this;
    }

    StateBuilder nextAttempt(long value) {
        nextAttempt = value;
        return this;
    }

    /** An attempt failed. */
    StateBuilder failed(long now) {
        failingSince = failingSince == 0 ? now : failingSince;
        return this;
    }

    StateBuilder triedEnd(long value) {
        triedEnd = value;
        return this;
    }

    StateBuilder lastError(Optional<String> value) {
        lastError = value;
        return this;
    }

    StateBuilder acknowledged(long value) {
        acknowledged = value;
        return this;
    }

    StateBuilder dead(long next, long count) {
        deadNext = next;
        dead = count;
        return this;
    }

    StateBuilder secrets(List<Secret> value) {
        secrets = value;
        return this;
    }

    StateBuilder beyond(LeafRanges value) {
        beyond = value;
        return this;
    }

    StateBuilder retries(List<Retry> value) {
        retries = value;
        return this;
    }

    SubscriptionState made() {
        return new SubscriptionState(
                standing,
                offset,
                replay,
                offered,
                revert,
                generation,
                attempts,
                nextAttempt,
                triedEnd,
                failingSince,
                lastError,
                acknowledged,
                deadNext,
                dead,
                secrets,
                beyond,
                retries);
    }
}
