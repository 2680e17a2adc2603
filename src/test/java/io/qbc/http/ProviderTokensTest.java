package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.access.AccessVerticle;
import io.qbc.api.jwt.TokenMaker;
import io.qbc.config.AccessMode;
import io.qbc.config.JwtConfig;
import io.qbc.config.NodeConfig;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.http.Ssl;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that a provider gives to its clients over TLS, and a node that knows no more of it than it shows. */
class ProviderTokensTest {
    private static final String REALM = "shop";

    @TempDir
    Path directory;

    private final Ssl ssl = new Ssl();
    private final MockOAuth2Server provider = new MockOAuth2Server(
            new OAuth2Config(false, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper(ssl)));
    private HttpClient client;
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() throws Exception {
        provider.start();
        KeyStore keys = ssl.getSslKeystore().getKeyStore();
        Certificate certificate = keys.getCertificate(keys.aliases().nextElement());
        client = HttpClient.newBuilder().sslContext(trusting(certificate)).build();
        JsonObject shown =
                json(HttpRequest.newBuilder(provider.wellKnownUrl(REALM).uri()));
        JwtConfig base = TokenMaker.config("roles");
        JwtConfig jwt = new JwtConfig(
                shown.getString("issuer"),
                "qbc",
                shown.getString("jwks_uri"),
                Files.writeString(directory.resolve("provider.pem"), pem(certificate))
                        .toString(),
                base.algorithms(),
                base.skew(),
                base.refresh(),
                "sub",
                "realm_access.roles",
                List.of("backend=writer@main", "backend=reader@main"));
        NodeConfig.Access access = new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1, jwt);
        httpFixture = new HttpFixture(config -> Samples.with(config, access));
        HttpFixture.wait(httpFixture.vertx.deployVerticle(new AccessVerticle(httpFixture.config, httpFixture.access)));
    }

    @AfterEach
    void end() {
        httpFixture.close();
        provider.shutdown();
    }

    private static SSLContext trusting(Certificate certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("provider", certificate);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static String pem(Certificate certificate) throws Exception {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    private JsonObject json(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer =
                client.send(request.timeout(Patience.ANSWER).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    /** A token as a client of the provider gets it by its own secret. */
    private String token(String audience, String... roles) throws Exception {
        Map<String, Object> claims = Map.of("realm_access", Map.of("roles", List.of(roles)));
        provider.enqueueCallback(
                new DefaultOAuth2TokenCallback(REALM, "service-account-shop", "JWT", List.of(audience), claims, 300));
        URI endpoint = provider.tokenEndpointUrl(REALM).uri();
        return json(HttpRequest.newBuilder(endpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(
                                "grant_type=client_credentials&client_id=shop&client_secret=secret&scope=qbc")))
                .getString("access_token");
    }

    private HttpResponse<String> get(String token, String path) {
        return httpFixture.send(httpFixture.request(path).header("Authorization", "Bearer " + token));
    }

    @Test
    void aClientOfTheProviderIsACallerOfTheNode() throws Exception {
        String token = token("qbc", "backend", "offline_access");
        await().untilAsserted(() ->
                assertThat(get(token, "/v1/chains/main").statusCode()).isEqualTo(200));
        HttpResponse<String> injected = httpFixture.send(httpFixture
                .request("/v1/chains/main/transactions")
                .headers("Authorization", "Bearer " + token, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"data\":1}")));
        assertThat(injected.statusCode()).isEqualTo(202);
        assertThat(get(token, "/v1/peers").statusCode()).isEqualTo(403);
        assertThat(get(token("elsewhere", "backend"), "/v1/chains/main").statusCode())
                .isEqualTo(401);
        assertThat(get(token("qbc", "admin"), "/v1/chains/main").statusCode()).isEqualTo(401);
        assertThat(httpFixture.access.jwt().orElseThrow().state().lastError()).isEmpty();
    }
}
