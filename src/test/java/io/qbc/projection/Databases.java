package io.qbc.projection;

import io.qbc.SharedPostgres;
import io.qbc.config.NodeConfig;
import io.qbc.projection.sql.EmbeddedDatabase;
import io.qbc.projection.sql.PostgresDatabase;
import io.qbc.projection.sql.TableDatabase;
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
 * The databases that the tests of a class keep tables in: H2, and one of a real PostgreSQL where one can be
 * started, which ends with the class.
 */
final class Databases implements BeforeAllCallback, AfterAllCallback {
    private Optional<String> postgres = Optional.empty();
    private String why = "";

    enum Kind {
        H2,
        POSTGRESQL
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            postgres = Optional.of(SharedPostgres.newDatabase());
        } catch (SQLException | LinkageError | RuntimeException e) {
            why = e.toString();
        }
    }

    /** The class's own database of PostgreSQL. */
    String postgres() {
        Assumptions.assumeTrue(postgres.isPresent(), "no PostgreSQL starts here: " + why);
        return postgres.orElseThrow();
    }

    TableDatabase open(Kind kind, Path directory, String schema) throws SQLException {
        return open(kind, directory, schema, Optional.empty());
    }

    /** One that PostgreSQL lets a role read that there must be. */
    TableDatabase open(Kind kind, Path directory, String schema, Optional<String> reader) throws SQLException {
        if (kind == Kind.H2) {
            return new EmbeddedDatabase(directory.resolve(schema), schema, NodeConfig.Projections.USUAL);
        }
        return new PostgresDatabase(
                SharedPostgres.url(postgres()),
                new PostgresDatabase.Login("postgres", "", reader),
                schema,
                schema,
                NodeConfig.Projections.USUAL);
    }

    /** Executes a statement of the operator's own in PostgreSQL. */
    void execute(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connection(postgres());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws SQLException {
        if (postgres.isPresent()) {
            SharedPostgres.drop(postgres.get());
        }
    }
}
