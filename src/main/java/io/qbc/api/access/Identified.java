package io.qbc.api.access;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.model.Refusal;
import java.util.Optional;

/**
 * Who calls, or why that does not get any further.
 *
 * @param refusal present if the call is refused, whatever it is about
 * @param excess present if that is because of a limit
 */
public record Identified(Caller caller, Optional<Refusal> refusal, Optional<Excess> excess) {
    static final Identified LOCAL = as(Caller.LOCAL);
    static final Identified ANYBODY = as(Caller.ANYBODY);
    static final Identified NOBODY = as(Caller.NOBODY);
    static final Identified UNPROVED = refused(AccessRules.noCredential());

    static Identified as(Caller caller) {
        return new Identified(caller, Optional.empty(), Optional.empty());
    }

    static Identified refused(Refusal refusal) {
        return new Identified(Caller.NOBODY, Optional.of(refusal), Optional.empty());
    }

    static Identified over(Excess excess) {
        return new Identified(Caller.NOBODY, Optional.of(excess.refusal()), Optional.of(excess));
    }
}
