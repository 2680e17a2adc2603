package io.qbc.api.access;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.model.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * Who calls, or why that does not get any further.
 *
 * @param refusal present if the call is refused, whatever it is about
 * @param excess present if that is because of a limit
 * @param pending present if the call is refused as long as this is not complete, and is to be judged once more then
 */
public record Identified(
        Caller caller, Optional<Refusal> refusal, Optional<Excess> excess, Optional<Future<Void>> pending) {
    static final Identified LOCAL = as(Caller.LOCAL);
    static final Identified ANYBODY = as(Caller.ANYBODY);
    static final Identified NOBODY = as(Caller.NOBODY);
    static final Identified UNPROVED = refused(AccessRules.noCredential());

    static Identified as(Caller caller) {
        return new Identified(caller, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Identified refused(Refusal refusal) {
        return new Identified(Caller.NOBODY, Optional.of(refusal), Optional.empty(), Optional.empty());
    }

    static Identified over(Excess excess) {
        return new Identified(Caller.NOBODY, Optional.of(excess.refusal()), Optional.of(excess), Optional.empty());
    }

    /** Not known before something is complete. */
    static Identified after(Future<Void> pending) {
        return new Identified(Caller.NOBODY, UNPROVED.refusal(), Optional.empty(), Optional.of(here(pending)));
    }

    /** The same, but complete in a turn of the context that waits for it and not of the one that completes it. */
    private static Future<Void> here(Future<Void> work) {
        Context context = Vertx.currentContext();
        if (context == null) {
            return work;
        }
        Promise<Void> promise = Promise.promise();
        work.onComplete(done -> context.runOnContext(turn -> promise.complete()));
        return promise.future();
    }
}
