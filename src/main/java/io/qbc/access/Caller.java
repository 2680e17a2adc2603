package io.qbc.access;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A caller, and what it may do.
 *
 * @param id of its credential; empty without one
 * @param name what people call it
 * @param scope what its idempotency keys belong to, the same on every node
 * @param endsAt when its credential ends, in milliseconds since 1970, if that can be told from the credential alone
 */
public record Caller(String id, String name, List<Grant> grants, String scope, Proof proof, OptionalLong endsAt) {
    private static final List<Grant> ALL = List.of(Grant.everywhere(Role.ADMIN));

    /** A caller on the node's own machine, where that is enough. */
    public static final Caller LOCAL = new Caller("", "local", ALL, "", Proof.LOOPBACK);

    /** A caller of a node that is open to everybody. */
    public static final Caller ANYBODY = new Caller("", "anybody", ALL, "", Proof.NONE);

    /** A caller that showed no credential where one is required. */
    public static final Caller NOBODY = new Caller("", "nobody", List.of(), "", Proof.NONE);

    public Caller {
        grants = List.copyOf(grants);
    }

    /** By a credential that does not tell when it ends. */
    public Caller(String id, String name, List<Grant> grants, String scope, Proof proof) {
        this(id, name, grants, scope, proof, OptionalLong.empty());
    }

    /** The same, by a credential that ends then, in milliseconds since 1970. */
    public Caller until(long end) {
        return new Caller(id, name, grants, scope, proof, OptionalLong.of(end));
    }

    /** Whether it may do what a role may, at all chains and at the node itself. */
    public boolean mayEverywhere(Role role) {
        for (Grant grant : grants) {
            if (grant.chain().isEmpty() && grant.role().includes(role)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it may do what a role may, at least at one chain. */
    boolean maySomewhere(Role role) {
        return grants.stream().anyMatch(grant -> grant.role().includes(role));
    }

    /** Whether it may do what a role may at a chain. */
    public boolean may(Role role, String chain, SameChain same) {
        return grants.stream()
                .filter(grant -> grant.role().includes(role))
                .anyMatch(grant -> holds(grant, chain, same));
    }

    /** Whether it has any role at a chain, and so knows that the chain exists. */
    boolean knows(String chain, SameChain same) {
        return grants.stream().anyMatch(grant -> holds(grant, chain, same));
    }

    /** The grant by which it may do what a role may at one of these chains, or at all; empty if none lets it. */
    public Optional<Grant> grant(Role role, List<String> chains, SameChain same) {
        return grants.stream()
                .filter(grant -> grant.role().includes(role))
                .filter(grant ->
                        grant.chain().isEmpty() || chains.stream().anyMatch(chain -> holds(grant, chain, same)))
                .findFirst();
    }

    private static boolean holds(Grant grant, String chain, SameChain same) {
        return grant.chain().isEmpty()
                || grant.chain().get().equals(chain)
                || same.same(grant.chain().get(), chain);
    }
}
