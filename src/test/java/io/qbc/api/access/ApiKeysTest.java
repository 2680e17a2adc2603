package io.qbc.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.access.ApiKey;
import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
    private static final ApiKey.Request READER =
            new ApiKey.Request("shop", List.of(Grant.everywhere(Role.READER)), OptionalLong.empty());

    @TempDir
    Path data;

    private ApiKeys keys() {
        return new ApiKeys(new ApiKeyFile(data), () -> NOW);
    }

    @Test
    void aChangeFromOutsideIsSeen() throws IOException {
        ApiKeys keys = keys();
        assertThat(keys.refresh()).isFalse();
        ApiKeyFile outside = new ApiKeyFile(data);
        ApiKey.Token token = outside.add(READER, NOW.toEpochMilli());
        assertThat(keys.prove(token.text())).isEmpty();
        assertThat(keys.refresh()).isTrue();
        assertThat(keys.prove(token.text()).map(Caller::name)).contains("shop");
        assertThat(keys.refresh()).isFalse();
        ApiKey.Token next =
                outside.rotate(token.id(), NOW.toEpochMilli(), Duration.ZERO).orElseThrow();
        assertThat(keys.refresh()).isTrue();
        assertThat(keys.prove(token.text())).isEmpty();
        assertThat(keys.prove(next.text())).isPresent();
        assertThat(outside.revoke(token.id())).isPresent();
        assertThat(outside.revoke(token.id())).isEmpty();
        assertThat(outside.rotate(token.id(), 0, Duration.ZERO)).isEmpty();
        assertThat(keys.refresh()).isTrue();
        assertThat(keys.prove(next.text())).isEmpty();
    }

    @Test
    void manyChangesAtOnceAllHold() {
        List<CompletableFuture<ApiKey.Token>> made = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return new ApiKeyFile(data).add(READER, n);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        made.forEach(CompletableFuture::join);
        assertThat(made).extracting(CompletableFuture::join).allMatch(token -> {
            ApiKeys keys = keys();
            try {
                keys.refresh();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return keys.prove(token.text()).isPresent();
        });
    }

    @Test
    void theFilesAreTheOwnersAlone() throws IOException {
        ApiKeys keys = keys();
        ApiKey.Token token = keys.add(READER);
        assertThat(keys.prove(token.text())).isPresent();
        keys.keepUsed();
        for (String name : List.of("access.json", "access-used.json", "access.lock")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(data.resolve("access.json"))).doesNotContain(token.secret());
        Files.setPosixFilePermissions(data.resolve("access.json"), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> keys().refresh())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aDamagedFileChangesNothingWhileTheNodeRuns() throws IOException {
        ApiKeys keys = keys();
        ApiKey.Token token = keys.add(READER);
        Path file = data.resolve("access.json");
        Files.writeString(file, Files.readString(file).replace("shop", "shot"));
        assertThatThrownBy(keys::refresh).isInstanceOf(IOException.class).hasMessageContaining("checksum");
        assertThat(keys.prove(token.text())).isPresent();
    }

    @Test
    void whenAKeyWasUsedIsKept() throws IOException {
        ApiKeys keys = keys();
        ApiKey.Token token = keys.add(READER);
        assertThat(keys.usedAt(token.id())).isEmpty();
        keys.prove(token.text());
        keys.keepUsed();
        ApiKeys later = keys();
        later.remember();
        assertThat(later.usedAt(token.id())).hasValue(NOW.toEpochMilli());
        assertThat(new ApiKeyFile(data).used()).containsEntry(token.id(), NOW.toEpochMilli());
        assertThat(keys.revoke(token.id())).isPresent();
        keys.keepUsed();
        assertThat(new ApiKeyFile(data).used()).doesNotContainKey(token.id());
    }
}
