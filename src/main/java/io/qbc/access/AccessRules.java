package io.qbc.access;

import io.qbc.access.Operation.Reach;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;

/** The decision whether a caller may do an operation, the same by REST and over the event bus. */
public final class AccessRules {
    private static final Refusal NO_CREDENTIAL = Reason.CREDENTIAL_REQUIRED.refusal(
            "a valid key is required, in the field Authorization: Bearer qbc_ID_SECRET; qbc access add makes one");

    private AccessRules() {}

    /** The one refusal of who shows no credential, an unknown one, a wrong one and one that has expired. */
    public static Refusal noCredential() {
        return NO_CREDENTIAL;
    }

    /** Whether nothing about the chains needs to be known to let this pass. */
    public static boolean passes(Caller caller, Operation operation) {
        return switch (operation.audience()) {
            case ANYONE, PEERS -> true;
            case KNOWN -> !caller.grants().isEmpty();
            case CALLERS -> caller.mayEverywhere(operation.role());
        };
    }

    /**
     * Why a caller may not do an operation; empty if it may. Without any role at a chain it is told what it would be
     * told if there were no such chain, and that depends on its own grants alone.
     *
     * @param chains what the request calls the chains that it is about
     */
    public static Optional<Refusal> refusal(Caller caller, Operation operation, List<String> chains, SameChain same) {
        if (passes(caller, operation)) {
            return Optional.empty();
        }
        if (caller.grants().isEmpty()) {
            return Optional.of(NO_CREDENTIAL);
        }
        Role role = operation.role();
        if (operation.reach() == Reach.LISTED && caller.maySomewhere(role)) {
            return Optional.empty();
        }
        if (operation.reach() == Reach.LISTED || operation.reach() == Reach.NODE || chains.isEmpty()) {
            return Optional.of(missing(role, "all chains"));
        }
        for (String asked : chains) {
            String chain = present(asked);
            if (!caller.may(role, chain, same)) {
                return Optional.of(
                        caller.knows(chain, same)
                                ? missing(role, "the chain " + chain)
                                : Reason.CHAIN_UNKNOWN.refusal("no chain has the name or id " + chain));
            }
        }
        return Optional.empty();
    }

    private static Refusal missing(Role role, String where) {
        return Reason.ROLE_MISSING.refusal("this needs the role " + role.word() + " for " + where);
    }

    /** The name or id alone, without the height from which the chain is seen. */
    private static String present(String asked) {
        int at = asked.lastIndexOf('@');
        return at < 0 ? asked : asked.substring(0, at);
    }
}
