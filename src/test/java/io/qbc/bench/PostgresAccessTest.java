package io.qbc.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.bench.scenario.PostgresAccess;
import io.qbc.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a bench makes of the URL of a database for the projection of a node. */
class PostgresAccessTest {
    @Test
    void aProjectionHasTheUserBesideTheUrl() {
        PostgresAccess access = new PostgresAccess(
                "jdbc:postgresql://127.0.0.1:5432/db?user=ann&sslmode=require&ApplicationName=x",
                Optional.of(Path.of("/secrets/ann")));
        assertThat(access.target())
                .isEqualTo(new JsonObject()
                        .put("kind", "postgresql")
                        .put("url", "jdbc:postgresql://127.0.0.1:5432/db?sslmode=require")
                        .put("user", "ann")
                        .put("passwordFile", "ann"));
    }

    @Test
    void withoutAPasswordNoFileIsNamed() {
        PostgresAccess access = new PostgresAccess("jdbc:postgresql://127.0.0.1/db?user=ann", Optional.empty());
        assertThat(access.target().getString("url")).isEqualTo("jdbc:postgresql://127.0.0.1/db");
        assertThat(access.target().containsKey("passwordFile")).isFalse();
    }

    @Test
    void aUserIsNeeded() {
        PostgresAccess access = new PostgresAccess("jdbc:postgresql://127.0.0.1/db", Optional.empty());
        assertThatThrownBy(access::target).isInstanceOf(ConfigException.class).hasMessageContaining("?user=");
    }
}
