package io.qbc.api.audit;

import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Operation;
import io.qbc.access.SameChain;
import java.util.List;
import java.util.Optional;

/**
 * What somebody is about to do, as the audit trail tells it: never what is in a body, and no secret.
 *
 * @param by {@code rest} or {@code bus}
 * @param role the grant that permits it, empty if none does
 * @param address from which it is asked, empty over the event bus
 * @param target the chain or other thing that the request names, as it names it
 */
public record Act(Operation operation, String by, Caller caller, String role, String address, String target) {

    /** Where a request comes from. */
    public record Origin(String by, Caller caller, String address) {}

    /**
     * The act of a request.
     *
     * @param chains what the request calls the chains that it is about
     */
    public static Act of(Operation operation, Origin origin, List<String> chains, String target, SameChain same) {
        Optional<Grant> grant = origin.caller().grant(operation.role(), chains, same);
        return new Act(
                operation, origin.by(), origin.caller(), grant.map(Grant::text).orElse(""), origin.address(), target);
    }

    /**
     * How an act ended.
     *
     * @param status of the answer by REST, or what that would be
     * @param code {@link #OK}, or the code of the problem that was answered
     * @param made the address of what it made, empty if it made nothing
     * @param count how many ended so
     */
    public record Outcome(int status, String code, String made, long count) {
        /** The code of what was done. */
        public static final String OK = "ok";

        /** The outcome of one request. */
        public static Outcome of(int status, String code, String made) {
            return new Outcome(status, code, made, 1);
        }
    }
}
