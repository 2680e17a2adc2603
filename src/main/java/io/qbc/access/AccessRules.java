package io.qbc.access;

import io.qbc.access.Operation.Reach;
import io.qbc.model.AuditChain;
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
            case ANYONE, WHOEVER, PEERS -> true;
            case KNOWN -> !caller.grants().isEmpty();
            case CALLERS ->
                caller.mayEverywhere(operation.role())
                        && (!mayShowTheTrail(operation) || caller.mayEverywhere(Role.AUDITOR));
        };
    }

    /** Whether a caller may read a chain; the audit trail is for auditors. */
    public static boolean mayRead(Caller caller, String chain, SameChain same) {
        return caller.may(isTrail(chain, same) ? Role.AUDITOR : Role.READER, chain, same);
    }

    /** Whether an operation reads a chain that it names, which may be the audit trail. */
    private static boolean mayShowTheTrail(Operation operation) {
        return operation.role() == Role.READER && operation.reach() != Reach.NODE && operation.reach() != Reach.LISTED;
    }

    private static boolean isTrail(String chain, SameChain same) {
        return chain.equals(AuditChain.NAME) || same.same(AuditChain.NAME, chain);
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
        if (chains.isEmpty() && caller.mayEverywhere(role)) {
            // What is missing is told by whoever needs it.
            return Optional.empty();
        }
        if (operation.reach() == Reach.LISTED || operation.reach() == Reach.NODE || chains.isEmpty()) {
            return Optional.of(missing(role, "all chains"));
        }
        for (String asked : chains) {
            String chain = present(asked);
            Role needed = mayShowTheTrail(operation) && isTrail(chain, same) ? Role.AUDITOR : role;
            if (!caller.may(needed, chain, same)) {
                return Optional.of(
                        caller.knows(chain, same)
                                ? missing(needed, "the chain " + chain)
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
