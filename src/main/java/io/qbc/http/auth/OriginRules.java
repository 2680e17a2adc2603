package io.qbc.http.auth;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The pages that may call a node from a browser: its own, and those of configured origins (Fetch, section 3). */
public final class OriginRules {
    private static final Set<String> NEAR = Set.of("same-origin", "none");

    private final Set<String> origins;

    /** What a request is, by the fields that only browsers send. */
    public enum Source {
        /** No browser sent it. */
        PROGRAM,
        /** The node's own page, or a person who typed the address. */
        OWN,
        /** A page of a configured origin. */
        SHARED,
        /** Any other page. */
        FOREIGN
    }

    public OriginRules(Collection<String> origins) {
        this.origins = origins.stream().map(OriginRules::plain).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether pages of other origins may call at all. */
    public boolean any() {
        return !origins.isEmpty();
    }

    /**
     * What a request is.
     *
     * @param site the field Sec-Fetch-Site; a page on another port of the same machine is {@code same-site}
     * @param host the field Host
     */
    public Source source(Optional<String> origin, Optional<String> site, String host) {
        if (origin.isPresent()) {
            String from = plain(origin.get());
            if (origins.contains(from)) {
                return Source.SHARED;
            }
            String own = host.toLowerCase(Locale.ROOT);
            return from.equals("http://" + own) || from.equals("https://" + own) ? Source.OWN : Source.FOREIGN;
        }
        if (site.isEmpty()) {
            return Source.PROGRAM;
        }
        return NEAR.contains(site.get()) ? Source.OWN : Source.FOREIGN;
    }

    private static String plain(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
