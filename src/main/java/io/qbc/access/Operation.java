package io.qbc.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An operation of the API, and who may do it.
 *
 * @param id its name in the API document
 * @param role which callers need; without meaning for another audience
 * @param reach what the role must hold for
 * @param trail what the audit trail has of it
 */
public record Operation(String id, Audience audience, Role role, Reach reach, Trail trail) {
    /** What a route without an entry in the document is: for admins of the whole node. */
    public static final Operation UNLISTED = new Operation("unlisted", Audience.CALLERS, Role.ADMIN, Reach.NODE);

    /** The verbs between nodes. */
    public static final Operation PEERS = new Operation("callPeer", Audience.PEERS, Role.ADMIN, Reach.NODE);

    /** The questions after a node's health. */
    public static final Operation HEALTH = new Operation("health", Audience.ANYONE, Role.ADMIN, Reach.NODE);

    /** A file of a page for people, which holds no data; it has no place in the document, as no program calls it. */
    public static final Operation PAGE = new Operation("page", Audience.ANYONE, Role.ADMIN, Reach.NODE);

    /** What is at no route: whoever may call at all is told that. */
    public static final Operation NOTHING = new Operation("nothing", Audience.KNOWN, Role.ADMIN, Reach.NODE);

    /** An operation that the audit trail has nothing of. */
    public Operation(String id, Audience audience, Role role, Reach reach) {
        this(id, audience, role, reach, Trail.NONE);
    }

    /** For the same callers, with what another one is called and leaves in the audit trail. */
    public Operation recordedAs(Operation other) {
        return new Operation(other.id(), audience, role, other.reach(), other.trail());
    }

    /** What the audit trail has of an operation. */
    public enum Trail {
        /** Nothing: it changes nothing. */
        NONE,
        /** Who injected how much. */
        INJECT,
        /** An entry before it is done, and one with its outcome. */
        CHANGE;

        static Optional<Trail> of(String word) {
            return Arrays.stream(values())
                    .filter(trail -> trail.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
        }
    }

    /** Whom an operation is for. */
    public enum Audience {
        /** Whoever comes, without a credential. */
        ANYONE,
        /** Whoever comes too, but a credential that is shown must be valid. */
        WHOEVER,
        /** Other nodes, which prove themselves by the peers' protocol; no browser. */
        PEERS,
        /** Callers with any role at all. */
        KNOWN,
        /** Callers with a role. */
        CALLERS
    }

    /** What an operation is about. */
    public enum Reach {
        /** The node itself, or all its chains. */
        NODE,
        /** A list of chains, of which each caller is shown its own. */
        LISTED,
        /** The chain that is named. */
        CHAIN,
        /** Two chains that are named. */
        PAIR,
        /** The chain that is named, or the one of the routes at the root. */
        ROOT;

        static Optional<Reach> of(String word) {
            return Arrays.stream(values())
                    .filter(reach -> reach.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
        }
    }

    /** The members of a message or a request that name the chains that it is about. */
    public List<String> chainNames() {
        return switch (reach) {
            case NODE, LISTED -> List.of();
            case CHAIN, ROOT -> List.of("chain");
            case PAIR -> List.of("chain", "with");
        };
    }
}
