package io.qbc.eventbus.bridge;

import io.qbc.config.ConfigException;
import io.qbc.eventbus.PublicAddresses;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The verbs of the event bus that callers of the bridges may use, and whether they may hear of all chains. */
public final class PermittedVerbs {
    private static final String USUAL = "qbc.v1.";
    private static final String ALL = "*";
    private static final PermittedVerbs EVERYTHING = new PermittedVerbs(PublicAddresses.verbs(), true);

    private final Set<String> verbs;
    private final boolean events;

    private PermittedVerbs(Set<String> verbs, boolean events) {
        this.verbs = verbs;
        this.events = events;
    }

    /**
     * What a node is configured to permit; all that is public where nothing is listed.
     *
     * @throws ConfigException if something is listed that is no public verb
     */
    public static PermittedVerbs of(List<String> listed) {
        if (listed.isEmpty()) {
            return EVERYTHING;
        }
        Set<String> verbs = new HashSet<>();
        boolean events = false;
        for (String each : listed) {
            if (PublicAddresses.EVENTS.equals(USUAL + each)) {
                events = true;
            } else {
                verbs.addAll(meant(each));
            }
        }
        return new PermittedVerbs(Set.copyOf(verbs), events);
    }

    private static Set<String> meant(String listed) {
        String address = USUAL + listed;
        boolean family = address.endsWith(ALL);
        String start = family ? address.substring(0, address.length() - ALL.length()) : address;
        Set<String> found = PublicAddresses.verbs().stream()
                .filter(verb -> family ? verb.startsWith(start) : verb.equals(address))
                .collect(Collectors.toSet());
        if (found.isEmpty()) {
            throw new ConfigException("bridges.permitted has '" + listed + "', but no address of the event bus that"
                    + " callers may reach is " + address + "; src/docs/event-bus.md lists them");
        }
        return found;
    }

    /** Whether callers may use a verb, by its usual address. */
    boolean has(String verb) {
        return verbs.contains(verb);
    }

    /** Whether callers may listen where the events of all chains are published. */
    boolean hasEvents() {
        return events;
    }
}
