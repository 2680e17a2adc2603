package io.qbc.projection;

import io.qbc.config.NodeConfig;
import io.qbc.projection.sql.EmbeddedDatabase;
import io.qbc.projection.sql.PostgresDatabase;
import io.qbc.projection.sql.TableDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The databases that the tests of a class keep tables in: H2, and a real PostgreSQL where one can be started, which
 * ends with the class.
 */
final class Databases implements BeforeAllCallback, AfterAllCallback {
    private Optional<EmbeddedPostgres> postgres = Optional.empty();
    private String why = "";

    enum Kind {
        H2,
        POSTGRESQL
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            postgres = Optional.of(EmbeddedPostgres.builder().start());
        } catch (IOException | RuntimeException e) {
            why = e.toString();
        }
    }

    TableDatabase open(Kind kind, Path directory, String schema) throws SQLException {
        return open(kind, directory, schema, Optional.empty());
    }

    /** One that PostgreSQL lets a role read that there must be. */
    TableDatabase open(Kind kind, Path directory, String schema, Optional<String> reader) throws SQLException {
        if (kind == Kind.H2) {
            return new EmbeddedDatabase(directory.resolve(schema), schema, NodeConfig.Projections.USUAL);
        }
        Assumptions.assumeTrue(postgres.isPresent(), "no PostgreSQL starts here: " + why);
        return new PostgresDatabase(
                postgres.orElseThrow().getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""),
                new PostgresDatabase.Login("postgres", "", reader),
                schema,
                schema,
                NodeConfig.Projections.USUAL);
    }

    /** Executes a statement of the operator's own in PostgreSQL. */
    void execute(String sql) throws SQLException {
        Assumptions.assumeTrue(postgres.isPresent(), "no PostgreSQL starts here: " + why);
        try (Connection connection =
                        postgres.orElseThrow().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (postgres.isPresent()) {
            postgres.get().close();
        }
    }
}
