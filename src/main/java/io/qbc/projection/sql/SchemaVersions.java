package io.qbc.projection.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the node's own tables in a database to the version that this node knows. */
final class SchemaVersions {
    /** The schema of these tables. */
    static final String SCHEMA = "qbc";

    private SchemaVersions() {}

    static void migrate(DataSource source, Dialect dialect) throws SQLException {
        try {
            Flyway flyway = Flyway.configure(SchemaVersions.class.getClassLoader())
                    .dataSource(source)
                    .schemas(SCHEMA)
                    .defaultSchema(SCHEMA)
                    .createSchemas(true)
                    .table("qbc_schema_version")
                    .failOnMissingLocations(true)
                    .resourceProvider(new SchemaScripts(dialect))
                    .javaMigrationClassProvider(List::of)
                    .load();
            if (dialect == Dialect.H2) {
                dropBegun(source, flyway.info().all());
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw new SQLException("the node's own tables cannot be brought to their version: " + e.getMessage(), e);
        }
    }

    /**
     * H2 commits each statement of a script, so that a node which ends amid the first one leaves some of the tables.
     * Nothing was stored in them then, and they are made anew. A later script must be one that can be repeated.
     */
    private static void dropBegun(DataSource source, MigrationInfo... migrations) throws SQLException {
        boolean first = Arrays.stream(migrations)
                .filter(migration -> migration.getVersion() != null)
                .noneMatch(migration -> migration.getState() == MigrationState.SUCCESS);
        if (first) {
            try (Connection connection = source.getConnection()) {
                OldTables.dropSchema(connection, SCHEMA);
            }
        }
    }
}
