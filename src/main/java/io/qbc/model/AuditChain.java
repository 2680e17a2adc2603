package io.qbc.model;

/**
 * The chain of a node's own in which it keeps its audit trail, who did what that changed something. Peers are not told
 * of it, and it takes what the node's own key signed.
 */
public final class AuditChain {
    /** Its name, which no other chain is given. */
    public static final String NAME = "audit";

    /** By which it is told from a chain of that name that was made before the name meant anything. */
    public static final String DESCRIPTION = "The audit trail of one node, which peers are not told of";

    private AuditChain() {}

    /** Whether a chain is an audit trail: this node's, or that of an identity that it had before. */
    public static boolean is(ChainSpec spec) {
        return spec.name().equals(NAME)
                && spec.description().equals(DESCRIPTION)
                && spec.consensus().engine().equals("dbc");
    }
}
