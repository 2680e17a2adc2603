package io.qbc.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * Tokens of an identity provider (JWT) as credentials.
 *
 * @param issuer who makes them; empty for none
 * @param audience for whom they must be made
 * @param keys the issuer's public keys (JWK Set): a file, or an https address
 * @param trust a PEM file of the authorities that vouch for that address; empty for those of the JVM
 * @param algorithms by which they may be signed
 * @param skew how far the issuer's clock may be from this node's
 * @param refresh how often the keys are read again
 * @param name the claim that is the caller's name, and by it the scope of its idempotency keys
 * @param roles the claim that has its roles
 * @param map what values of that claim mean, each {@code VALUE=ROLE} or {@code VALUE=ROLE@CHAIN}; without any they are
 *     roles as they are
 */
public record JwtConfig(
        String issuer,
        String audience,
        String keys,
        String trust,
        List<String> algorithms,
        Duration skew,
        Duration refresh,
        String name,
        String roles,
        List<String> map) {
    private static final List<String> ALGORITHMS = List.of("RS256", "ES256", "EdDSA");

    /** No tokens. */
    public static final JwtConfig NONE = new JwtConfig(
            "", "", "", "", ALGORITHMS, Duration.ofSeconds(30), Duration.ofMinutes(10), "sub", "roles", List.of());

    public JwtConfig {
        algorithms = List.copyOf(algorithms);
        map = List.copyOf(map);
        if (issuer.isEmpty() != audience.isEmpty()) {
            throw new ConfigException("access.jwt.audience must be set where access.jwt.issuer is, and only there");
        }
        if (issuer.isEmpty() != keys.isEmpty()) {
            throw new ConfigException("access.jwt.keys must be set where access.jwt.issuer is, and only there");
        }
        if (keys.contains("://") && !isSecure(keys)) {
            throw new ConfigException(
                    "access.jwt.keys must be a file or an address like https://id.example/keys but is '" + keys + "'");
        }
        Require.range("access.jwt.skew", skew.toMillis(), 0, 300_000);
        Require.range("access.jwt.refresh", refresh.toMillis(), 60_000, 86_400_000);
        Require.text("access.jwt.name", name);
        Require.text("access.jwt.roles", roles);
        checkAlgorithms(algorithms);
        map.forEach(JwtConfig::checkMapping);
    }

    /** Whether there are tokens that count. */
    public boolean isOn() {
        return !issuer.isEmpty();
    }

    /** Whether the issuer's keys are asked for over the network. */
    public boolean isRemote() {
        return keys.contains("://");
    }

    /** Over plain HTTP anybody on the way could put keys of his own in the place of the issuer's. */
    private static boolean isSecure(String address) {
        try {
            URI uri = new URI(address);
            return "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void checkAlgorithms(List<String> algorithms) {
        if (algorithms.isEmpty() || !ALGORITHMS.containsAll(algorithms)) {
            throw new ConfigException("access.jwt.algorithms must be some of RS256, ES256 and EdDSA but is '"
                    + String.join(", ", algorithms) + "'");
        }
    }

    private static void checkMapping(String mapping) {
        if (mapping.indexOf('=') < 1) {
            throw new ConfigException(
                    "access.jwt.map must have VALUE=ROLE or VALUE=ROLE@CHAIN but has '" + mapping + "'");
        }
    }
}
