package io.qbc.projection.sql;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the node's own tables in a database to the version that this node knows. */
final class SchemaVersions {
    /** The schema of these tables. */
    static final String SCHEMA = "qbc";

    private SchemaVersions() {}

    static void migrate(DataSource source, Dialect dialect) throws SQLException {
        try {
            Flyway.configure(SchemaVersions.class.getClassLoader())
                    .dataSource(source)
                    .schemas(SCHEMA)
                    .defaultSchema(SCHEMA)
                    .createSchemas(true)
                    .table("qbc_schema_version")
                    .failOnMissingLocations(true)
                    .resourceProvider(new SchemaScripts(dialect))
                    .javaMigrationClassProvider(List::of)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new SQLException("the node's own tables cannot be brought to their version: " + e.getMessage(), e);
        }
    }
}
