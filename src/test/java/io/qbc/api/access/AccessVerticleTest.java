package io.qbc.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.api.jwt.TokenMaker;
import io.qbc.config.AccessMode;
import io.qbc.config.JwtConfig;
import io.qbc.config.NodeConfig;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessVerticleTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path data;

    @AfterEach
    void end() throws Exception {
        Patience.outcome(vertx.close());
    }

    private NodeConfig config() {
        return Samples.with(Samples.config(data, 0), new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1));
    }

    @Test
    void aRunningNodeHeedsWhatTheCommandLineChanges() throws Exception {
        Access access = new Access(config(), InstantSource.system());
        Patience.outcome(vertx.deployVerticle(new AccessVerticle(config(), access)));
        ApiKeyFile commandLine = new ApiKeyFile(data);
        ApiKey.Token token = commandLine.add(
                new ApiKey.Request("shop", List.of(Grant.everywhere(Role.READER)), OptionalLong.empty()), 0);
        Optional<String> shown = Optional.of("Bearer " + token.text());
        await().until(() -> access.identify(shown, 0).refusal().isEmpty());
        assertThat(access.identify(shown, 0).caller().name()).isEqualTo("shop");
        commandLine.revoke(token.id());
        await().until(() -> access.identify(shown, 0).refusal().isPresent());
    }

    @Test
    void keysThatOthersMayChangeKeepTheNodeFromStarting() throws Exception {
        Path file = Files.createFile(data.resolve("access.json"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        Access access = new Access(config(), InstantSource.system());
        assertThatThrownBy(() -> Patience.outcome(vertx.deployVerticle(new AccessVerticle(config(), access))))
                .hasMessageContaining("chmod 600");
    }

    private NodeConfig config(String keys, String trust) {
        JwtConfig base = TokenMaker.config("roles");
        JwtConfig jwt = new JwtConfig(
                base.issuer(),
                base.audience(),
                keys,
                trust,
                base.algorithms(),
                base.skew(),
                base.refresh(),
                base.name(),
                base.roles(),
                base.map());
        return Samples.with(
                Samples.config(data, 0), new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1, jwt));
    }

    private Access begun(NodeConfig config) throws Exception {
        Access access = new Access(config, InstantSource.system());
        Patience.outcome(vertx.deployVerticle(new AccessVerticle(config, access)));
        return access;
    }

    private static Optional<String> token(RSAKey key) {
        long now = System.currentTimeMillis();
        return Optional.of("Bearer " + TokenMaker.signed(key, TokenMaker.claims(now, "shop", "reader")));
    }

    @Test
    void aRunningNodeHeedsTheFileOfTheIssuersKeys() throws Exception {
        Path file = Files.write(
                data.resolve("keys.json"), TokenMaker.keys(TokenMaker.RSA).toArray());
        Access access = begun(config(file.toString(), ""));
        Optional<String> shown = token(TokenMaker.RSA);
        Optional<String> next = token(TokenMaker.NEXT);
        assertThat(access.identify(shown, System.nanoTime()).caller().name()).isEqualTo("shop");
        Files.write(file, TokenMaker.keys(TokenMaker.NEXT).toArray());
        await().until(() -> access.identify(next, System.nanoTime()).refusal().isEmpty());
        assertThat(access.identify(shown, System.nanoTime()).refusal()).isPresent();
        Files.delete(file);
        await().until(() -> access.jwt().orElseThrow().state().lastError().isPresent());
        assertThat(access.identify(next, System.nanoTime()).refusal()).isEmpty();
    }

    @Test
    void filesForTokensThatAreNotThereKeepTheNodeFromStarting() {
        assertThatThrownBy(() -> begun(config(data.resolve("none.json").toString(), "")))
                .hasMessageContaining("access.jwt.keys cannot be used")
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> begun(config("https://localhost:1/keys", "none.pem")))
                .hasMessageContaining("access.jwt.trust must be a file that can be read");
    }

    @Test
    void anIssuerThatIsAwayDoesNot() throws Exception {
        Access access = begun(config("https://localhost:1/keys", ""));
        await().until(() -> access.jwt().orElseThrow().state().lastError().isPresent());
        assertThat(access.identify(token(TokenMaker.RSA), System.nanoTime()).refusal())
                .isPresent();
    }

    @Test
    void tokensCountInModeRequiredAlone() {
        NodeConfig.Access open = new NodeConfig.Access(AccessMode.OPEN, false, 0, 1, 0, 1, TokenMaker.config("roles"));
        assertThat(new Access(Samples.with(Samples.config(data, 0), open), InstantSource.system()).jwt())
                .isEmpty();
    }
}
