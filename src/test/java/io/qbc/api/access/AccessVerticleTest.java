package io.qbc.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.config.AccessMode;
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
}
