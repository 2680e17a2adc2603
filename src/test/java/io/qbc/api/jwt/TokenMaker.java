package io.qbc.api.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.qbc.Samples;
import io.qbc.config.JwtConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An identity provider in the test's own hands: its keys, and tokens that the library signs. */
public final class TokenMaker {
    public static final String ISSUER = "https://id.example/realm";
    public static final String AUDIENCE = "qbc";

    public static final RSAKey RSA = rsa("rsa", 2048);
    public static final RSAKey NEXT = rsa("next", 2048);
    public static final ECKey EC = ec("ec", Curve.P_256);
    public static final Signer ED = Samples.SIGNER;

    private TokenMaker() {}

    /** What a node believes of it; the keys come from the test. */
    public static JwtConfig config(String roles, String... map) {
        return new JwtConfig(
                ISSUER,
                AUDIENCE,
                "keys.json",
                "",
                List.of("RS256", "ES256", "EdDSA"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                "sub",
                roles,
                List.of(map));
    }

    static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static ECKey ec(String id, Curve curve) {
        try {
            return new ECKeyGenerator(curve).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public half of {@link #ED} as a key of a set. */
    static String ed(String id) {
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(ED.key().toArray()))
                .keyID(id)
                .build()
                .toJSONString();
    }

    /** The keys as the provider shows them. */
    public static Bytes keys(JWK... keys) {
        return document(Stream.of(keys).map(key -> key.toPublicJWK().toJSONString()));
    }

    static Bytes document(Stream<String> keys) {
        return Bytes.utf8("{\"keys\":[" + keys.collect(Collectors.joining(",")) + "]}");
    }

    /** Claims that are right at a time. */
    public static JWTClaimsSet.Builder claims(long nowMillis, String name, String... roles) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(name)
                .claim("roles", List.of(roles))
                .notBeforeTime(date(nowMillis))
                .expirationTime(date(nowMillis + 300_000));
    }

    static Date date(long millis) {
        return Date.from(Instant.ofEpochMilli(millis));
    }

    public static String signed(RSAKey key, JWTClaimsSet.Builder claims) {
        return signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()), key, claims);
    }

    static String signed(JWSHeader.Builder header, RSAKey key, JWTClaimsSet.Builder claims) {
        try {
            return signed(header.build(), new RSASSASigner(key), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String signed(ECKey key, JWTClaimsSet.Builder claims) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(key.getKeyID())
                    .build();
            return signed(header, new ECDSASigner(key), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet.Builder claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By {@link #ED}, whose signatures the library makes only with another one. */
    static String signedByEd(String header, JWTClaimsSet.Builder claims) {
        return signedByEd(header, claims.build().toString());
    }

    static String signedByEd(String header, String claims) {
        String signed = encoded(header) + "." + encoded(claims);
        return signed + "."
                + Base64URL.encode(ED.sign(Bytes.utf8(signed).toArray()).toArray());
    }

    static String encoded(String text) {
        return Base64URL.encode(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
