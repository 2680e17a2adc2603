package io.qbc.api.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import io.qbc.model.Bytes;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of the keys that an issuer shows can be used. */
class JwkSetTest {
    private static final Set<TokenAlgorithm> ALL = Set.of(TokenAlgorithm.values());
    private static final String RSA = TokenMaker.RSA.toPublicJWK().toJSONString();
    private static final String EC = TokenMaker.EC.toPublicJWK().toJSONString();

    private static int usable(String... keys) {
        return JwkSet.parse(TokenMaker.document(Stream.of(keys)), ALL).size();
    }

    private static String with(String key, String members) {
        return key.substring(0, key.length() - 1) + "," + members + "}";
    }

    @Test
    void keysOfTheRightKindAreTaken() {
        assertThat(usable(RSA, EC, TokenMaker.ed("ed"))).isEqualTo(3);
        assertThat(usable(with(RSA, "\"use\":\"sig\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"],\"x5c\":[\"?\"]")))
                .isEqualTo(1);
        assertThat(usable(with(TokenMaker.ed("ed"), "\"alg\":\"Ed25519\""))).isEqualTo(1);
        assertThat(JwkSet.parse(TokenMaker.keys(TokenMaker.RSA, TokenMaker.EC), Set.of(TokenAlgorithm.ES256))
                        .size())
                .isEqualTo(1);
    }

    @Test
    void othersAreLeftOut() {
        assertThat(usable(
                        "7",
                        "{}",
                        "{\"kty\":\"oct\",\"kid\":\"secret\",\"k\":\"AAAA\"}",
                        "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQAB\"}",
                        "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
                        "{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
                        "{\"kty\":\"OKP\",\"kid\":\"a\",\"crv\":\"Ed25519\",\"x\":\"AQ\"}",
                        TokenMaker.ed("x").replace("Ed25519", "X25519"),
                        TokenMaker.rsa("short", 1024).toPublicJWK().toJSONString(),
                        RSA.replace("\"AQAB\"", "\"AQ\""),
                        RSA.replace("\"AQAB\"", "\"Ag\""),
                        RSA.replace("\"AQAB\"", "\"" + "A_".repeat(20) + "\""),
                        TokenMaker.ec("other", Curve.P_384).toPublicJWK().toJSONString(),
                        with(RSA, "\"use\":\"enc\""),
                        with(RSA, "\"alg\":\"RS512\""),
                        with(RSA, "\"key_ops\":[\"encrypt\"]")))
                .isZero();
    }

    @Test
    void whatIsNotPublicIsNotRead() {
        RSAKey key = TokenMaker.RSA;
        assertThat(usable(key.toJSONString())).isEqualTo(1);
        assertThat(usable(with(RSA, "\"d\":7"))).isEqualTo(1);
    }

    @Test
    void ofTwoOfOneNameTheFirstCounts() {
        String other = TokenMaker.NEXT.toPublicJWK().toJSONString().replace("\"next\"", "\"rsa\"");
        Bytes document = TokenMaker.document(Stream.of(RSA, other));
        assertThat(JwkSet.parse(document, ALL).size()).isEqualTo(1);
        assertThat(JwkSet.parse(document, ALL).find(Optional.of("rsa"), TokenAlgorithm.RS256))
                .isPresent();
    }

    @Test
    void aDocumentWithoutEndIsRefused() {
        Bytes many = TokenMaker.document(IntStream.range(0, 101).mapToObj(i -> "{}"));
        assertThatThrownBy(() -> JwkSet.parse(many, ALL)).isInstanceOf(IllegalArgumentException.class);
        Bytes deep = Bytes.utf8("{\"keys\":" + "[".repeat(50) + "]".repeat(50) + "}");
        assertThatThrownBy(() -> JwkSet.parse(deep, ALL)).isInstanceOf(IllegalArgumentException.class);
        Bytes twice = Bytes.utf8("{\"keys\":[{\"kty\":\"RSA\",\"kty\":\"oct\"}]}");
        assertThatThrownBy(() -> JwkSet.parse(twice, ALL)).isInstanceOf(IllegalArgumentException.class);
    }
}
