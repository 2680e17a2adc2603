package io.qbc.api.jwt;

import io.qbc.access.Caller;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A judgement of a credential.
 *
 * @param caller whose it is; empty if it is not valid, or not yet known to be
 * @param pending present if that cannot be said before this is complete
 */
public record Judgement(Optional<Caller> caller, Optional<Future<Void>> pending) {
    /** Of what is no valid credential. */
    public static final Judgement WRONG = new Judgement(Optional.empty(), Optional.empty());

    public static Judgement of(Caller caller) {
        return new Judgement(Optional.of(caller), Optional.empty());
    }

    static Judgement after(Future<Void> pending) {
        return new Judgement(Optional.empty(), Optional.of(pending));
    }
}
