package io.qbc.api.jwt;

import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.config.ConfigException;
import io.qbc.config.JwtConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the values of a claim mean: to each its grants. What it does not know means nothing. */
final class RoleMap {
    /** Grants of one caller at most; each request of it looks at them. */
    private static final int GRANTS_MAX = 100;

    private final String claim;
    /** Empty where values are read as grants themselves. */
    private final Map<String, List<Grant>> byValue = new HashMap<>();

    RoleMap(JwtConfig config) {
        claim = config.roles();
        for (String mapping : config.map()) {
            int at = mapping.lastIndexOf('=');
            Grant grant = Grant.parse(mapping.substring(at + 1))
                    .orElseThrow(() -> new ConfigException(
                            "access.jwt.map must have for each VALUE one of " + String.join(", ", Role.words())
                                    + ", and perhaps @ and a chain, but has '" + mapping + "'"));
            byValue.computeIfAbsent(mapping.substring(0, at), value -> new ArrayList<>())
                    .add(grant);
        }
    }

    /** The grants in a token's claims. */
    List<Grant> grants(Map<?, ?> claims) {
        return values(claims).flatMap(this::grants).distinct().limit(GRANTS_MAX).toList();
    }

    private Stream<Grant> grants(String value) {
        return byValue.isEmpty() ? Grant.parse(value).stream() : byValue.getOrDefault(value, List.of()).stream();
    }

    /** The texts of a list, or the words of one text, as scopes are written (RFC 6749 section 3.3). */
    private Stream<String> values(Map<?, ?> claims) {
        Object found = Claims.find(claims, claim).orElse("");
        if (found instanceof List<?> items) {
            return items.stream().filter(String.class::isInstance).map(String.class::cast);
        }
        return found instanceof String text ? Arrays.stream(text.split(" ", -1)) : Stream.empty();
    }
}
