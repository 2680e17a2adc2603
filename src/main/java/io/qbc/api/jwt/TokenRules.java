package io.qbc.api.jwt;

import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Proof;
import io.qbc.config.JwtConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules that a token must keep to count here, but for its signature. */
final class TokenRules {
    /** Types of tokens that grant access; a token that ends a session or proves a key looks the same otherwise. */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

    private static final int NAME_CHARS_MAX = 255;
    private static final int ID_DIGITS = 32;
    /** With a sign that ids and names of API keys never have, so that neither kind is taken for the other. */
    private static final String ID_PREFIX = "jwt:";

    private final JwtConfig config;
    private final Set<TokenAlgorithm> algorithms;
    private final RoleMap roles;
    private final long skewMillis;

    TokenRules(JwtConfig config) {
        this.config = config;
        this.algorithms = config.algorithms().stream()
                .flatMap(name -> TokenAlgorithm.of(name).stream())
                .collect(Collectors.toUnmodifiableSet());
        this.roles = new RoleMap(config);
        this.skewMillis = config.skew().toMillis();
    }

    Set<TokenAlgorithm> algorithms() {
        return algorithms;
    }

    /** Which rule a token breaks; empty if none. */
    Optional<TokenFault> fault(Jwt token, long nowMillis) {
        Optional<TokenFault> found = ofHeader(token.header());
        return found.isPresent() ? found : ofClaims(token.claims(), nowMillis);
    }

    /** Whose keys sign, and where they are to be found, is configured; what a header says of that is not looked at. */
    private Optional<TokenFault> ofHeader(Map<?, ?> header) {
        if (algorithm(header).isEmpty()) {
            return Optional.of(TokenFault.ALGORITHM);
        }
        if (header.containsKey("crit") || header.containsKey("b64") || !isTyped(header)) {
            return Optional.of(TokenFault.TYPE);
        }
        return header.containsKey("kid") && keyId(header).isEmpty()
                ? Optional.of(TokenFault.MALFORMED)
                : Optional.empty();
    }

    private Optional<TokenFault> ofClaims(Map<?, ?> claims, long nowMillis) {
        OptionalLong expires = Claims.millis(claims, "exp");
        OptionalLong begins = Claims.millis(claims, "nbf");
        if (!config.issuer().equals(claims.get("iss"))) {
            return Optional.of(TokenFault.ISSUER);
        }
        if (!Claims.names(claims, "aud", config.audience())) {
            return Optional.of(TokenFault.AUDIENCE);
        }
        if (expires.isEmpty() || nowMillis >= expires.getAsLong() + skewMillis) {
            return Optional.of(TokenFault.EXPIRED);
        }
        if (claims.containsKey("nbf") && (begins.isEmpty() || nowMillis < begins.getAsLong() - skewMillis)) {
            return Optional.of(TokenFault.EARLY);
        }
        if (name(claims).isEmpty()) {
            return Optional.of(TokenFault.NAME);
        }
        return roles.grants(claims).isEmpty() ? Optional.of(TokenFault.ROLES) : Optional.empty();
    }

    /** The algorithm of a token, if tokens may be signed by it. */
    Optional<TokenAlgorithm> algorithm(Map<?, ?> header) {
        return TokenAlgorithm.of(header.get("alg")).filter(algorithms::contains);
    }

    /** The key that a token names. */
    static Optional<String> keyId(Map<?, ?> header) {
        return header.get("kid") instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Until when a token that keeps the rules counts. */
    long endsAt(Jwt token) {
        return Claims.millis(token.claims(), "exp").orElseThrow() + skewMillis;
    }

    /**
     * The caller of a token that keeps the rules. What it is known by is the same on every node that believes this
     * issuer, and tells nobody else who it is.
     */
    Caller caller(Jwt token) {
        String name = name(token.claims()).orElseThrow();
        List<Grant> grants = roles.grants(token.claims());
        byte[] issuer = Bytes.utf8(config.issuer()).toArray();
        String digest =
                Sha256.of(issuer, new byte[1], Bytes.utf8(name).toArray()).hex();
        String id = ID_PREFIX + digest.substring(0, ID_DIGITS);
        return new Caller(id, name, grants, id, Proof.TOKEN, OptionalLong.of(endsAt(token)));
    }

    private Optional<String> name(Map<?, ?> claims) {
        return Claims.find(claims, config.name())
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isBlank() && text.length() <= NAME_CHARS_MAX)
                .filter(text -> text.chars().noneMatch(Character::isISOControl));
    }

    private static boolean isTyped(Map<?, ?> header) {
        return !header.containsKey("typ")
                || (header.get("typ") instanceof String type && TYPES.contains(type.toLowerCase(Locale.ROOT)));
    }
}
