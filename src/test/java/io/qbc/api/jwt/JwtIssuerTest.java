package io.qbc.api.jwt;

import static io.qbc.api.jwt.TokenMaker.EC;
import static io.qbc.api.jwt.TokenMaker.NEXT;
import static io.qbc.api.jwt.TokenMaker.RSA;
import static io.qbc.api.jwt.TokenMaker.encoded;
import static io.qbc.api.jwt.TokenMaker.signed;
import static io.qbc.api.jwt.TokenMaker.signedByEd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.qbc.Patience;
import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Proof;
import io.qbc.config.ConfigException;
import io.qbc.config.JwtConfig;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which tokens are believed, and what their senders can make the node do. */
class JwtIssuerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final String ED_HEADER = "{\"alg\":\"EdDSA\",\"kid\":\"ed\"}";

    private final Vertx vertx = Vertx.vertx();
    private final FakeJwks source = new FakeJwks(Duration.ofMinutes(1), shown(RSA));
    private long now = 1_800_000_000_000L;
    private JwtIssuer issuer;

    private static Bytes shown(RSAKey rsa) {
        return TokenMaker.document(
                Stream.of(rsa.toPublicJWK().toJSONString(), EC.toPublicJWK().toJSONString(), TokenMaker.ed("ed")));
    }

    @BeforeEach
    void begin() {
        begin(TokenMaker.config("roles"));
    }

    @AfterEach
    void end() throws Exception {
        Patience.outcome(vertx.close());
    }

    private void begin(JwtConfig config) {
        issuer = new JwtIssuer(config, () -> Instant.ofEpochMilli(now));
        Patience.get(issuer.begin(vertx, source, 0));
    }

    private JWTClaimsSet.Builder claims() {
        return TokenMaker.claims(now, "shop", "writer@orders", "reader");
    }

    private Caller caller(String token) {
        Judgement judged = issuer.judge(token, SECOND);
        assertThat(judged.caller()).as(issuer.state().results().toString()).isPresent();
        return judged.caller().get();
    }

    private void assertRefused(TokenFault fault, String token) {
        long before = issuer.state().results().get(fault.word());
        Judgement judged = issuer.judge(token, SECOND);
        assertThat(judged.caller()).as(token).isEmpty();
        assertThat(judged.pending()).as(token).isEmpty();
        assertThat(issuer.state().results().get(fault.word())).as(token).isEqualTo(before + 1);
    }

    @Test
    void tokensOfEachAlgorithmNameTheirCaller() {
        Caller caller = caller(signed(RSA, claims()));
        assertThat(caller.name()).isEqualTo("shop");
        assertThat(caller.grants()).extracting(Grant::text).containsExactly("writer@orders", "reader");
        assertThat(caller.proof()).isEqualTo(Proof.TOKEN);
        // The same caller, however it is proved; nobody else, and no API key, is taken for it.
        assertThat(caller(signed(EC, claims()))).isEqualTo(caller);
        assertThat(caller(signedByEd(ED_HEADER, claims()))).isEqualTo(caller);
        assertThat(caller(signedByEd("{\"alg\":\"Ed25519\",\"kid\":\"ed\",\"typ\":\"at+JWT\"}", claims())))
                .isEqualTo(caller);
        Caller other = caller(signed(RSA, TokenMaker.claims(now, "shop2", "reader")));
        assertThat(other.scope()).isNotEqualTo(caller.scope()).startsWith("jwt:");
        assertThat(other.id()).isEqualTo(other.scope()).doesNotContain("shop");
        assertThat(issuer.state().results()).containsEntry("accepted", 5L);
    }

    @Test
    void whatIsNoSignedTokenInTheCompactFormIsRefused() {
        String token = signed(RSA, claims());
        String[] parts = token.split("\\.", -1);
        String claims = new Base64URL(parts[1]).decodeToString();
        for (String wrong : List.of(
                "",
                ".",
                "..",
                "...",
                parts[0] + "." + parts[1],
                token + ".",
                token + "." + parts[2],
                "." + token,
                token + "=",
                token.replace('.', '|'),
                parts[0] + "=." + parts[1] + "." + parts[2],
                // Both signatures of the general JSON form, and the flattened one.
                "{\"payload\":\"" + parts[1] + "\",\"signatures\":[{\"protected\":\"" + parts[0] + "\",\"signature\":\""
                        + parts[2] + "\"},{\"protected\":\"" + parts[0] + "\",\"signature\":\"" + parts[2] + "\"}]}",
                "{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\",\"signature\":\"" + parts[2]
                        + "\"}",
                // Five parts are an encrypted token.
                parts[0] + ".." + parts[1] + "." + parts[2] + ".",
                signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"alg\":\"EdDSA\"}", claims),
                signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"k\\u0069d\":\"ed\"}", claims),
                signedByEd(ED_HEADER, claims.replace("{\"", "{\"sub\":\"admin\",\"")),
                signedByEd(ED_HEADER, "[" + claims + "]"),
                signedByEd(ED_HEADER, claims + " {}"),
                signedByEd(ED_HEADER, claims.replace("}", ",}")),
                signedByEd(ED_HEADER, "{\"a\":".repeat(9) + "1" + "}".repeat(9)),
                signedByEd(ED_HEADER, claims.replace("{\"", "{\"x\":1e1000000000,\"")),
                signedByEd("\"EdDSA\"", claims),
                signedByEd("{\"alg\":\"EdDSA\",\"kid\":7}", claims),
                signedByEd("{\"alg\":\"EdDSA\",\"kid\":null}", claims),
                signed(RSA, claims().claim("padding", "x".repeat(20_000))))) {
            assertRefused(TokenFault.MALFORMED, wrong);
        }
        caller(signedByEd(ED_HEADER, claims));
    }

    /** The last letter of 64 or 256 bytes has bits to spare: there is one text of a token, not several. */
    @Test
    void aTokenHasOneSpelling() {
        String token = signedByEd(ED_HEADER, claims());
        caller(token);
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = letters.indexOf(token.charAt(token.length() - 1));
        assertRefused(TokenFault.MALFORMED, token.substring(0, token.length() - 1) + letters.charAt(last + 1));
    }

    @Test
    void onlyTheAlgorithmsThatWereChosenCount() throws JOSEException {
        String claims = claims().build().toString();
        for (String alg : List.of("none", "None", "NONE", "nOnE", "", "HS256", "RS512", "PS256", "ES384", "ES256K")) {
            String header = "{\"alg\":\"" + alg + "\",\"kid\":\"rsa\"}";
            assertRefused(TokenFault.ALGORITHM, encoded(header) + "." + encoded(claims) + ".");
            assertRefused(TokenFault.ALGORITHM, signedByEd(header, claims));
        }
        assertRefused(TokenFault.ALGORITHM, encoded("{}") + "." + encoded(claims) + ".");
        assertRefused(TokenFault.ALGORITHM, signedByEd("{\"alg\":[\"EdDSA\"],\"kid\":\"ed\"}", claims));
        // The public key, which everybody has, as the secret of HMAC.
        for (byte[] secret : List.of(
                RSA.toRSAPublicKey().getEncoded(),
                Bytes.utf8(RSA.toPublicJWK().toJSONString()).toArray())) {
            JWSHeader header =
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build();
            assertRefused(TokenFault.ALGORITHM, signed(header, new MACSigner(secret), claims()));
        }
        JwtConfig one = TokenMaker.config("roles");
        begin(new JwtConfig(
                one.issuer(),
                one.audience(),
                one.keys(),
                "",
                List.of("ES256"),
                one.skew(),
                one.refresh(),
                "sub",
                "roles",
                List.of()));
        assertRefused(TokenFault.ALGORITHM, signed(RSA, claims()));
        caller(signed(EC, claims()));
    }

    @Test
    void aKeyOfOneKindChecksNoSignatureOfAnother() {
        String claims = claims().build().toString();
        assertRefused(TokenFault.KEY, signedByEd("{\"alg\":\"RS256\",\"kid\":\"ed\"}", claims));
        assertRefused(TokenFault.KEY, signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"rsa\"}", claims));
        assertRefused(TokenFault.SIGNATURE, signedByEd("{\"alg\":\"RS256\",\"kid\":\"rsa\"}", claims));
        assertRefused(TokenFault.SIGNATURE, signedByEd("{\"alg\":\"ES256\",\"kid\":\"ec\"}", claims));
        // A signature of zeros was once good for everything.
        String head = encoded("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + encoded(claims) + ".";
        assertRefused(TokenFault.SIGNATURE, head + "A".repeat(86));
        assertRefused(TokenFault.SIGNATURE, head);
    }

    @Test
    void tokensOfOthersAndForOthersAreRefused() {
        assertRefused(TokenFault.ISSUER, signed(RSA, claims().issuer("https://id.example/other")));
        assertRefused(TokenFault.ISSUER, signed(RSA, claims().issuer(TokenMaker.ISSUER + "/")));
        assertRefused(TokenFault.ISSUER, signed(RSA, claims().issuer(null)));
        assertRefused(TokenFault.AUDIENCE, signed(RSA, claims().audience("shop")));
        assertRefused(TokenFault.AUDIENCE, signed(RSA, claims().audience(List.of("shop", "QBC"))));
        assertRefused(TokenFault.AUDIENCE, signed(RSA, claims().audience((String) null)));
        caller(signed(RSA, claims().audience(List.of("shop", "qbc"))));
    }

    @Test
    void aTokenCountsInItsTimeGiveOrTakeTheSkew() {
        assertRefused(TokenFault.EXPIRED, signed(RSA, claims().expirationTime(null)));
        assertRefused(TokenFault.EXPIRED, signed(RSA, claims().expirationTime(TokenMaker.date(now - 30_000))));
        assertRefused(TokenFault.EXPIRED, signedByEd(ED_HEADER, text("\"exp\":-1e400")));
        assertRefused(TokenFault.EXPIRED, signedByEd(ED_HEADER, text("\"exp\":\"2100000000\"")));
        assertRefused(TokenFault.EARLY, signed(RSA, claims().notBeforeTime(TokenMaker.date(now + 31_000))));
        assertRefused(TokenFault.EARLY, signedByEd(ED_HEADER, text("\"exp\":2100000000,\"nbf\":\"0\"")));
        caller(signed(RSA, claims().expirationTime(TokenMaker.date(now - 29_000))));
        caller(signed(RSA, claims().notBeforeTime(TokenMaker.date(now + 30_000))));
        caller(signedByEd(ED_HEADER, text("\"exp\":2100000000.5,\"nbf\":1e9")));
        caller(signedByEd(ED_HEADER, text("\"exp\":9223372036854775807,\"nbf\":-9223372036854775808")));
    }

    private static String text(String times) {
        return "{\"iss\":\"" + TokenMaker.ISSUER + "\",\"aud\":\"qbc\",\"sub\":\"a\",\"roles\":\"reader\"," + times
                + "}";
    }

    @Test
    void whatIsRememberedEndsWithTheToken() {
        String token = signed(RSA, claims());
        Caller caller = caller(token);
        now += 329_999;
        assertThat(caller(token)).isSameAs(caller);
        now += 1;
        assertRefused(TokenFault.EXPIRED, token);
    }

    @Test
    void tokensForSomethingElseAreRefused() {
        for (String type : List.of("dpop+jwt", "logout+jwt", "JWE", "")) {
            JWSHeader.Builder header =
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").type(new JOSEObjectType(type));
            assertRefused(TokenFault.TYPE, signed(header, RSA, claims()));
        }
        JWSHeader.Builder critical =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").criticalParams(Set.of("exp"));
        assertRefused(TokenFault.TYPE, signed(critical, RSA, claims()));
        String claims = claims().build().toString();
        assertRefused(TokenFault.TYPE, signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"crit\":[]}", claims));
        assertRefused(TokenFault.TYPE, signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"b64\":false}", claims));
        assertRefused(TokenFault.TYPE, signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"typ\":7}", claims));
    }

    @Test
    void aTokenMustSayWhoseItIsAndForWhat() {
        assertRefused(TokenFault.NAME, signed(RSA, claims().subject(null)));
        assertRefused(TokenFault.NAME, signed(RSA, claims().subject(" ")));
        assertRefused(TokenFault.NAME, signed(RSA, claims().subject("a\nb")));
        assertRefused(TokenFault.NAME, signed(RSA, claims().subject("a".repeat(256))));
        assertRefused(TokenFault.NAME, signed(RSA, claims().claim("sub", 7)));
        assertRefused(TokenFault.ROLES, signed(RSA, claims().claim("roles", null)));
        assertRefused(TokenFault.ROLES, signed(RSA, claims().claim("roles", List.of())));
        assertRefused(TokenFault.ROLES, signed(RSA, claims().claim("roles", List.of("king", "ADMIN", "reader@", 7))));
        assertRefused(TokenFault.ROLES, signed(RSA, claims().claim("roles", Map.of("admin", true))));
    }

    @Test
    void rolesComeFromTheClaimThatWasNamed() {
        begin(TokenMaker.config("scope"));
        JWTClaimsSet.Builder words = claims().claim("scope", "openid reader@orders  sealer");
        assertThat(caller(signed(RSA, words)).grants())
                .extracting(Grant::text)
                .containsExactly("reader@orders", "sealer");
        begin(TokenMaker.config("realm_access.roles", "ops=admin", "a=b=writer@orders", "a=b=reader@orders"));
        JWTClaimsSet.Builder nested = claims().claim("realm_access", Map.of("roles", List.of("admin", "a=b", "x")));
        assertThat(caller(signed(RSA, nested)).grants())
                .extracting(Grant::text)
                .containsExactly("writer@orders", "reader@orders");
        JWTClaimsSet.Builder whole = claims().claim("realm_access.roles", "ops");
        assertThat(caller(signed(RSA, whole)).grants()).extracting(Grant::text).containsExactly("admin");
        assertThatThrownBy(() -> begin(TokenMaker.config("roles", "ops=king")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("access.jwt.map must have for each VALUE one of reader, ");
    }

    @Test
    void whereKeysAreIsNothingThatATokenSays() throws JOSEException {
        RSAKey own = TokenMaker.rsa("own", 2048);
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(own.toPublicJWK())
                .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                .x509CertURL(URI.create("file:///etc/passwd"));
        JWSHeader named = header.keyID("rsa").build();
        assertRefused(TokenFault.SIGNATURE, signed(named, new RSASSASigner(own), claims()));
        assertRefused(TokenFault.KEY, signed(header.keyID("own").build(), new RSASSASigner(own), claims()));
        caller(signed(named, new RSASSASigner(RSA), claims()));
        assertThat(source.reads()).isEqualTo(1);
    }

    @Test
    void aKeyIsFoundByItsNameAlone() {
        String claims = claims().build().toString();
        for (String id : List.of(
                "../../../../etc/passwd",
                "/dev/null",
                "https://evil.example/keys",
                "' or '1'='1",
                "rsa\\u0000",
                "RSA",
                " rsa",
                "${jndi:ldap://evil.example/a}",
                "",
                "x".repeat(5_000))) {
            assertRefused(TokenFault.KEY, signedByEd("{\"alg\":\"RS256\",\"kid\":\"" + id + "\"}", claims));
        }
        assertThat(source.reads()).isEqualTo(1);
        // Without a name it must be the only one of its kind.
        caller(signedByEd("{\"alg\":\"EdDSA\"}", claims));
        source.shows(TokenMaker.keys(RSA, NEXT));
        begin(TokenMaker.config("roles"));
        assertRefused(TokenFault.KEY, signed(new JWSHeader.Builder(JWSAlgorithm.RS256), RSA, claims()));
    }

    @Test
    void aNewKeyIsReadWhenATokenNamesItAndAnOldOneEndsWithThat() {
        String old = signed(RSA, claims());
        caller(old);
        String token = signed(NEXT, claims());
        assertRefused(TokenFault.KEY, token);
        source.shows(shown(NEXT));
        Judgement judged = issuer.judge(token, 60 * SECOND);
        assertThat(judged.caller()).isEmpty();
        Patience.get(judged.pending().orElseThrow());
        assertThat(caller(token).name()).isEqualTo("shop");
        assertRefused(TokenFault.KEY, old);
        assertThat(source.reads()).isEqualTo(2);
    }

    @Test
    void howManyUnknownKeysAreNamedTheIssuerIsAskedOnceAMinute() {
        Promise<Bytes> answer = source.hold();
        for (int i = 0; i < 100; i++) {
            String unknown = signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"" + i + "\"}", claims());
            assertThat(issuer.judge(unknown, 59 * SECOND + i)).isSameAs(Judgement.WRONG);
        }
        assertThat(source.reads()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            String unknown = signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"" + i + "\"}", claims());
            assertThat(issuer.judge(unknown, 60 * SECOND + i).pending()).isPresent();
        }
        assertThat(source.reads()).isEqualTo(2);
        String unknown = signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"x\"}", claims());
        Judgement waiting = issuer.judge(unknown, 61 * SECOND);
        // What is known counts meanwhile.
        caller(signed(RSA, claims()));
        answer.complete(shown(RSA));
        Patience.get(waiting.pending().orElseThrow());
        for (int i = 62; i < 120; i++) {
            assertThat(issuer.judge(unknown, i * SECOND)).isSameAs(Judgement.WRONG);
        }
        assertThat(source.reads()).isEqualTo(2);
        // What is wrong in another way asks for nothing.
        String late = signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"y\"}", claims().expirationTime(TokenMaker.date(0)));
        assertThat(issuer.judge(late, 200 * SECOND).pending()).isEmpty();
        assertThat(source.reads()).isEqualTo(2);
    }

    @Test
    void anIssuerThatIsAwayIsAskedAgainAndItsKeysCountForADay() {
        source.fails("no way");
        issuer.look(599 * SECOND);
        assertThat(source.reads()).isEqualTo(1);
        issuer.look(600 * SECOND);
        assertThat(source.reads()).isEqualTo(2);
        assertThat(issuer.state().lastError()).contains("no way");
        assertThat(issuer.state().failures()).isEqualTo(1);
        issuer.look(659 * SECOND);
        assertThat(source.reads()).isEqualTo(2);
        issuer.look(660 * SECOND);
        assertThat(source.reads()).isEqualTo(3);
        String token = signed(RSA, claims());
        caller(token);
        long day = Duration.ofDays(1).toNanos();
        issuer.look(day);
        caller(token);
        issuer.look(day + 1);
        assertThat(issuer.state().keys()).isZero();
        assertThat(issuer.judge(token, day + 2).caller()).isEmpty();
        source.shows(shown(RSA));
        issuer.look(2 * day);
        Patience.get(issuer.judge(token, 2 * day).pending().orElseGet(Future::succeededFuture));
        assertThat(issuer.state().lastError()).isEmpty();
        assertThat(issuer.state().refreshedAt()).contains(now);
        caller(token);
    }

    @Test
    void whatIsNoSetOfKeysLeavesThoseThatAreKnown() {
        long at = 0;
        String twice = "{\"keys\":[],\"keys\":[]}";
        for (String wrong : List.of("", "<html>", "{}", "{\"keys\":{}}", "{\"keys\":[]}", twice)) {
            source.shows(Bytes.utf8(wrong));
            at += 600 * SECOND;
            String unknown = signedByEd("{\"alg\":\"EdDSA\",\"kid\":\"x\"}", claims());
            Patience.get(issuer.judge(unknown, at).pending().orElseThrow());
            assertThat(issuer.state().lastError()).as(wrong).isPresent();
            assertThat(issuer.state().keys()).isEqualTo(3);
            caller(signed(RSA, claims()));
        }
    }
}
