package io.qbc.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A grant of a role.
 *
 * @param chain the name or id of the one chain that it holds for; empty for all of them and the node itself
 */
public record Grant(Role role, Optional<String> chain) {
    private static final Pattern CHAIN = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** Reads {@code ROLE} or {@code ROLE@CHAIN}; nothing if it is neither. */
    public static Optional<Grant> parse(String text) {
        int at = text.indexOf('@');
        Optional<Role> role = Role.of(at < 0 ? text : text.substring(0, at));
        if (at < 0) {
            return role.map(Grant::everywhere);
        }
        String chain = text.substring(at + 1);
        return role.filter(found -> CHAIN.matcher(chain).matches()).map(found -> new Grant(found, Optional.of(chain)));
    }

    public static Grant everywhere(Role role) {
        return new Grant(role, Optional.empty());
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return chain.map(name -> role.word() + "@" + name).orElse(role.word());
    }
}
