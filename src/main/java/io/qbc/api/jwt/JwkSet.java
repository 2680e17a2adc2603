package io.qbc.api.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The public keys of an issuer (JWK Set, RFC 7517), of those that it shows the ones that can be used here. Only what
 * makes up a public key is read: certificates, addresses and secrets beside it are not.
 */
final class JwkSet {
    /** The longest document that is read; the largest issuers have some 20 KiB. */
    static final int BYTES_MAX = 256 << 10;

    static final JwkSet EMPTY = new JwkSet(Hash.ZERO, Map.of());

    private static final JsonLimits LIMITS = new JsonLimits(BYTES_MAX, 8);
    private static final int KEYS_MAX = 100;
    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 8192;
    /** A public exponent that is longer makes each check dear, and no issuer has one. */
    private static final int EXPONENT_BITS_MAX = 64;

    private final Hash digest;
    private final Map<Name, SignatureCheck> checks;

    /** What a key is found by. */
    private record Name(Optional<String> keyId, TokenAlgorithm algorithm) {}

    private JwkSet(Hash digest, Map<Name, SignatureCheck> checks) {
        this.digest = digest;
        this.checks = checks;
    }

    /**
     * Reads the keys in a document for these algorithms. Those that are of other kinds, for other uses or not sound are
     * left out; a document that is no set of keys is an illegal argument.
     */
    static JwkSet parse(Bytes document, Set<TokenAlgorithm> algorithms) {
        Optional<JsonFault> fault = StrictJson.checkBounded(document, LIMITS);
        if (fault.isPresent()) {
            throw new IllegalArgumentException("the keys are no JSON: " + fault.get());
        }
        if (!(JsonTree.read(document) instanceof Map<?, ?> members)
                || !(members.get("keys") instanceof List<?> keys)
                || keys.size() > KEYS_MAX) {
            throw new IllegalArgumentException("a set of at most " + KEYS_MAX + " keys is expected");
        }
        Map<Name, SignatureCheck> checks = new HashMap<>();
        for (Object each : keys) {
            if (each instanceof Map<?, ?> key) {
                TokenAlgorithm.ofKeyType(key.get("kty"))
                        .filter(algorithms::contains)
                        .filter(algorithm -> isForTokens(key, algorithm))
                        .ifPresent(algorithm -> check(key, algorithm)
                                .ifPresent(check ->
                                        checks.putIfAbsent(new Name(TokenRules.keyId(key), algorithm), check)));
            }
        }
        return new JwkSet(digest(document), Map.copyOf(checks));
    }

    /**
     * The key of a token that names it, or the only one for the algorithm of a token that names none. A key without a
     * name is never the one that a token names.
     */
    Optional<SignatureCheck> find(Optional<String> keyId, TokenAlgorithm algorithm) {
        if (keyId.isPresent()) {
            return Optional.ofNullable(checks.get(new Name(keyId, algorithm)));
        }
        List<Map.Entry<Name, SignatureCheck>> fitting = checks.entrySet().stream()
                .filter(entry -> entry.getKey().algorithm() == algorithm)
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.get(0).getValue()) : Optional.empty();
    }

    int size() {
        return checks.size();
    }

    boolean isOf(Bytes document) {
        return digest.equals(digest(document));
    }

    private static Hash digest(Bytes document) {
        return Sha256.of(document.array(), document.offset(), document.size());
    }

    private static boolean isForTokens(Map<?, ?> key, TokenAlgorithm algorithm) {
        boolean signs = !key.containsKey("use") || "sig".equals(key.get("use"));
        boolean verifies = !key.containsKey("key_ops") || Claims.names(key, "key_ops", "verify");
        return signs && verifies && (!key.containsKey("alg") || algorithm.isCalled(key.get("alg")));
    }

    private static Optional<SignatureCheck> check(Map<?, ?> key, TokenAlgorithm algorithm) {
        try {
            return switch (algorithm) {
                case RS256 -> rsa(key);
                case ES256 -> ec(key);
                case EDDSA -> ed25519(key);
            };
        } catch (JOSEException | IllegalArgumentException | IllegalStateException e) {
            // Whatever the library finds wrong with it.
            return Optional.empty();
        }
    }

    private static Optional<SignatureCheck> rsa(Map<?, ?> key) throws JOSEException {
        RSAPublicKey rsa =
                new RSAKey.Builder(value(key, "n"), value(key, "e")).build().toRSAPublicKey();
        int bits = rsa.getModulus().bitLength();
        boolean sound = bits >= RSA_BITS_MIN
                && bits <= RSA_BITS_MAX
                && rsa.getPublicExponent().testBit(0)
                && rsa.getPublicExponent().bitLength() > 1
                && rsa.getPublicExponent().bitLength() <= EXPONENT_BITS_MAX;
        return sound ? Optional.of(check(new RSASSAVerifier(rsa), JWSAlgorithm.RS256)) : Optional.empty();
    }

    /** The library refuses a point that is not on the curve. */
    private static Optional<SignatureCheck> ec(Map<?, ?> key) throws JOSEException {
        if (!Curve.P_256.getName().equals(key.get("crv"))) {
            return Optional.empty();
        }
        ECKey ec = new ECKey.Builder(Curve.P_256, value(key, "x"), value(key, "y")).build();
        return Optional.of(check(new ECDSAVerifier(ec.toECPublicKey()), JWSAlgorithm.ES256));
    }

    /** By the project's own verifier: that of the library needs another library, which is less strict. */
    private static Optional<SignatureCheck> ed25519(Map<?, ?> key) {
        Bytes point = Bytes.wrap(value(key, "x").decode());
        return Curve.Ed25519.getName().equals(key.get("crv")) && point.size() == Ed25519.KEY_BYTES
                ? Optional.of((signed, signature) -> Ed25519.VERIFIER.verify(point, signed.toArray(), signature))
                : Optional.empty();
    }

    private static SignatureCheck check(JWSVerifier verifier, JWSAlgorithm algorithm) {
        JWSHeader header = new JWSHeader(algorithm);
        return (signed, signature) -> {
            try {
                return verifier.verify(header, signed.toArray(), Base64URL.encode(signature.toArray()));
            } catch (JOSEException e) {
                return false;
            }
        };
    }

    private static Base64URL value(Map<?, ?> key, String name) {
        if (key.get(name) instanceof String text) {
            return new Base64URL(text);
        }
        throw new IllegalArgumentException("the key has no " + name);
    }
}
