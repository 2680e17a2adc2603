package io.qbc.eventbus.bridge;

import io.qbc.eventbus.PublicAddresses;
import java.util.Optional;
import java.util.regex.Pattern;

/** The addresses of the bus that callers of a bridge may send to: those that are public, and no other. */
final class BridgeAddresses {
    static final int LONGEST = 256;
    private static final Pattern CHAIN = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}|[0-9a-f]{64}");
    private static final Pattern NODE = Pattern.compile("[0-9a-f]{64}");
    private static final int USUAL_LENGTH = "qbc.v1".length();

    private final String base;
    private final boolean clustered;
    private final String node;
    private final PermittedVerbs permitted;

    /**
     * The addresses of a node.
     *
     * @param base with what its addresses begin
     * @param clustered whether other members of a cluster answer too
     * @param node its public key, in hexadecimal digits
     * @param permitted what callers may ask for
     */
    BridgeAddresses(String base, boolean clustered, String node, PermittedVerbs permitted) {
        this.base = base;
        this.clustered = clustered;
        this.node = node;
        this.permitted = permitted;
    }

    /**
     * Where a message goes.
     *
     * @param address on the bus
     * @param verb the public address of what is asked for
     * @param here whether this node answers it
     */
    record Target(String address, String verb, boolean here) {}

    /** Where a message to this address goes; empty if it may not be sent there. */
    Optional<Target> find(String address) {
        if (address.length() > LONGEST || !address.startsWith(base)) {
            return Optional.empty();
        }
        String rest = address.substring(base.length());
        if (permitted.has("qbc.v1" + rest)) {
            String own = clustered ? base + "@" + node + rest : address;
            return Optional.of(new Target(own, "qbc.v1" + rest, true));
        }
        return clustered ? elsewhere(address, rest) : Optional.empty();
    }

    /** The addresses of a chain, {@code .CHAIN.verb}, or of a node, {@code @KEY.verb}. */
    private Optional<Target> elsewhere(String address, String rest) {
        int dot = rest.indexOf('.', 1);
        if (dot < 0) {
            return Optional.empty();
        }
        String name = rest.substring(1, dot);
        String verb = "qbc.v1" + rest.substring(dot);
        boolean known = rest.charAt(0) == '@'
                ? NODE.matcher(name).matches()
                : rest.charAt(0) == '.' && CHAIN.matcher(name).matches() && PublicAddresses.isOfChains(verb);
        boolean here = rest.startsWith("@" + node + ".");
        return known && permitted.has(verb) ? Optional.of(new Target(address, verb, here)) : Optional.empty();
    }

    /** Whether this is the address at which events of all chains are published, and it may be listened at. */
    boolean isEvents(String address) {
        return permitted.hasEvents() && address.equals(base + PublicAddresses.EVENTS.substring(USUAL_LENGTH));
    }
}
