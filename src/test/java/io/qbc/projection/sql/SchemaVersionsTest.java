package io.qbc.projection.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.NodeConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node leaves behind that ends while it makes its own tables: H2 commits each statement of a script. */
class SchemaVersionsTest {
    @TempDir
    Path directory;

    private EmbeddedDatabase open() throws SQLException {
        return new EmbeddedDatabase(directory.resolve("tables"), "any", NodeConfig.Projections.USUAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP SCHEMA qbc CASCADE",
                "DROP TABLE qbc.qbc_dead, qbc.qbc_rows, qbc.qbc_progress, qbc.qbc_schema_version",
                "DROP TABLE qbc.qbc_dead, qbc.qbc_rows, qbc.qbc_progress; DELETE FROM qbc.qbc_schema_version",
                "DROP TABLE qbc.qbc_dead, qbc.qbc_rows, qbc.qbc_progress;"
                        + " DELETE FROM qbc.qbc_schema_version WHERE \"version\" = '1'",
                "DROP TABLE qbc.qbc_dead, qbc.qbc_rows; DELETE FROM qbc.qbc_schema_version WHERE \"version\" = '1'",
                "DROP TABLE qbc.qbc_dead; DELETE FROM qbc.qbc_schema_version WHERE \"version\" = '1'",
                "DELETE FROM qbc.qbc_schema_version WHERE \"version\" = '1'",
                "DROP TABLE qbc.qbc_dead; UPDATE qbc.qbc_schema_version SET \"success\" = FALSE WHERE \"version\" = '1'"
            })
    void isMadeWhole(String undone) throws Exception {
        try (EmbeddedDatabase database = open();
                Connection connection = database.writer();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(undone.split(";", -1))) {
                statement.execute(sql);
            }
            connection.commit();
        }
        try (EmbeddedDatabase database = open();
                Connection connection = database.writer()) {
            assertThat(ProgressTable.load(connection, "any")).isEmpty();
        }
    }

    @Test
    void whatIsWholeStays() throws Exception {
        try (EmbeddedDatabase database = open();
                Connection connection = database.writer();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO qbc.qbc_rows VALUES ('any', 1, 'a', 7)");
            connection.commit();
        }
        try (EmbeddedDatabase database = open();
                Connection connection = database.writer();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT row_count FROM qbc.qbc_rows")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(7);
        }
    }
}
