package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.projection.Databases.Kind;
import io.qbc.projection.ScriptedChain.Entry;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.query.TableReads;
import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.LiveTables;
import io.qbc.projection.sql.ProjectionTables;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableSets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What readers ask of tables that a chain was projected to, in each database. */
class TableQueriesTest {
    private static final String MAPPING = """
        {"chain":"orders","depth":0,"onError":"dead","tables":[{"table":"customer","when":{"type":"customer.*"},
         "mode":"latest","key":["/id"],"deleteWhen":{"type":"customer.gone"},
         "columns":{"name":{"pointer":"/name","type":"text"},"age":{"pointer":"/age","type":"bigint"}}}]}""";

    private static final List<String> DEEDS = List.of(
            "INSERT INTO customer (_key, _leaf, _n, _height, _tx, _at, _erased)"
                    + " VALUES ('x', 0, 0, 0, '', now(), false)",
            "UPDATE customer SET name = 'Eve'",
            "DELETE FROM customer",
            "WITH x AS (DELETE FROM customer RETURNING 1) SELECT * FROM x",
            "TRUNCATE customer",
            "DROP TABLE customer",
            "CREATE TABLE mine (a int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SELECT * INTO mine FROM customer",
            "SELECT * FROM customer FOR UPDATE",
            "LOCK TABLE customer",
            "SELECT nextval('public.counter')",
            "GRANT postgres TO looker",
            "ALTER ROLE looker SUPERUSER",
            "SELECT pg_read_file('/etc/hostname')",
            "SELECT pg_read_binary_file('/etc/hostname')",
            "SELECT * FROM pg_ls_dir('/')",
            "SELECT * FROM pg_stat_file('/etc/hostname')",
            "COPY customer TO '/customer'",
            "COPY customer TO PROGRAM 'cat'",
            "COPY customer FROM PROGRAM 'echo'",
            "SELECT lo_import('/etc/hostname')",
            "SELECT lo_from_bytea(0, 'a')",
            "SELECT lo_export(1, '/a')",
            "SELECT dblink_connect('dbname=postgres user=postgres')",
            "SELECT * FROM dblink('dbname=postgres user=postgres', 'SELECT 1') AS t (a int)",
            "DO 'BEGIN PERFORM 1; DELETE FROM customer; END'",
            "CALL mine()",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
            "SELECT pg_reload_conf()",
            "SELECT * FROM public.secret",
            "SELECT rolpassword FROM pg_authid",
            "SELECT pg_sleep(60)",
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT pg_advisory_lock(n) FROM r");

    /** What the user who reads an embedded database may not do, past the guard of queries. */
    private static final List<String> EMBEDDED_DEEDS = List.of(
            "INSERT INTO customer (_key, _leaf, _n, _height, _tx, _at, _erased)"
                    + " VALUES ('x', 0, 0, 0, X'00', CURRENT_TIMESTAMP, FALSE)",
            "UPDATE customer SET name = 'Eve'",
            "DELETE FROM customer",
            "MERGE INTO customer (_key, name) KEY (_key) VALUES ('b', 'Eve')",
            "SELECT * FROM FINAL TABLE (UPDATE customer SET name = 'Eve')",
            "TRUNCATE TABLE customer",
            "DROP TABLE customer",
            "ALTER TABLE customer ADD COLUMN more INT",
            "DELETE FROM qbc.qbc_progress",
            "UPDATE qbc.qbc_dead SET reason = 'none'",
            "CREATE TABLE mine (a INT)",
            "CREATE VIEW mine AS SELECT * FROM customer",
            "CREATE INDEX mine ON customer (name)",
            "CREATE SCHEMA mine",
            "CREATE USER eve PASSWORD 'eve' ADMIN",
            "ALTER USER qbc_reader ADMIN TRUE",
            "ALTER USER qbc_owner SET PASSWORD 'eve'",
            "GRANT ALL ON SCHEMA qbc TO qbc_reader",
            "CREATE ALIAS quit FOR 'java.lang.System.exit'",
            "CREATE TRIGGER mine BEFORE SELECT ON customer CALL 'io.qbc.Mine'",
            "SELECT FILE_READ('/etc/hostname')",
            "SELECT FILE_WRITE('a', 'written')",
            "SELECT * FROM CSVREAD('/etc/hostname')",
            "SELECT CSVWRITE('written.csv', 'SELECT 1')",
            "SCRIPT TO 'written.sql'",
            "BACKUP TO 'written.zip'",
            "RUNSCRIPT FROM '/etc/hostname'",
            "SELECT * FROM LINK_SCHEMA('a', '', 'jdbc:h2:mem:a', 'sa', '', 'PUBLIC')",
            "CREATE LINKED TABLE mine ('', 'jdbc:h2:mem:a', 'sa', '', 'a')",
            "SET CACHE_SIZE 1",
            "SET DB_CLOSE_DELAY 0",
            "SHUTDOWN");

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    private Vertx vertx;

    @TempDir
    Path directory;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        Bus.install(vertx);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /** What is done with the bus on which tables are read. */
    private interface Use {
        void with(Bus bus) throws Exception;
    }

    /** Tables in a database, and what reads them. */
    private record Reads(Vertx vertx, TableDatabase database, String schema) implements ProjectionTables {
        @Override
        public <T> Future<T> read(String projection, Optional<ReadPoint> at, Duration wait, Reading<T> reading) {
            return vertx.executeBlocking(() -> LiveTables.read(database, schema, Duration.ofSeconds(10), reading));
        }
    }

    private void use(Kind kind, String name, List<Entry> entries, Use use) throws Exception {
        use(kind, name, Optional.empty(), entries, use);
    }

    private void use(Kind kind, String name, Optional<String> reader, List<Entry> entries, Use use) throws Exception {
        Mapping mapping = Mapping.read(name, Bytes.utf8(MAPPING));
        ScriptedChain chain = new ScriptedChain();
        entries.forEach(entry -> chain.quant(List.of(entry)));
        try (TableDatabase database = DATABASES.open(kind, directory, name, reader);
                Connection connection = database.writer()) {
            assertThat(database.lock(connection)).isTrue();
            TableSet set = TableSets.load(database, connection, name)
                    .create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            Projector projector = new Projector(chain, NodeConfig.Projections.USUAL);
            while (((Projector.Step.Moved) projector.step(connection, set, ScriptedChain.ID)).more()) {
                assertThat(set.progress().position().leaf()).isPositive();
            }
            if (kind == Kind.POSTGRESQL) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE IF NOT EXISTS public.secret(word text)");
                    statement.execute("CREATE OR REPLACE VIEW public.veil AS SELECT * FROM public.secret");
                    connection.commit();
                }
            }
            Bus bus = new Bus(vertx, Duration.ofSeconds(30));
            try (TableReads reads = new TableReads(new Reads(vertx, database, name), NodeConfig.Projections.USUAL)) {
                reads.serve(bus).await(10, TimeUnit.SECONDS);
                use.with(bus);
            }
        }
    }

    private static List<Entry> customers() {
        return List.of(
                new Entry("customer.new", "{\"id\":\"a\",\"name\":\"Ann\",\"age\":1}"),
                new Entry("customer.new", "{\"id\":\"b\",\"name\":\"Bob\",\"age\":2}"),
                new Entry("other", "{\"id\":\"a\"}"),
                new Entry("customer.changed", "{\"id\":\"a\",\"name\":\"Anna\",\"age\":\"no number\"}"),
                new Entry("customer.changed", "{\"id\":\"a\",\"name\":\"Anne\",\"age\":3}"),
                new Entry("customer.gone", "{\"id\":\"a\"}"));
    }

    private static Rows history(Bus bus, String key, String after, int limit) throws Exception {
        return bus.ask(
                        Catalogue.FIND_HISTORY,
                        new FindHistory("any", "customer", key, false, after, limit, Optional.empty(), Duration.ZERO))
                .await(30, TimeUnit.SECONDS);
    }

    private static List<String> query(Bus bus, String sql) throws Exception {
        return bus
                .ask(
                        Catalogue.QUERY_TABLES,
                        new QueryTables("any", sql, Bytes.utf8("[]"), 100, Optional.empty(), Duration.ZERO, "t"))
                .await(30, TimeUnit.SECONDS)
                .rows()
                .stream()
                .map(Bytes::text)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aHistoryHasAllThatLedToARowWithItsDeletion(Kind kind) throws Exception {
        use(kind, "history", customers(), bus -> {
            Rows all = history(bus, "a", "", 10);
            assertThat(all.next()).isEmpty();
            assertThat(all.rows())
                    .extracting(Bytes::text)
                    .satisfiesExactly(
                            row -> assertThat(row).contains("\"leaf\":0,", "\"deleted\":false", "\"Ann\""),
                            row -> assertThat(row).contains("\"leaf\":4,", "\"deleted\":false", "\"Anne\""),
                            row -> assertThat(row).contains("\"leaf\":5,", "\"deleted\":true"));
            List<Bytes> paged = new ArrayList<>();
            String after = "";
            do {
                Rows page = history(bus, "a", after, 1);
                paged.addAll(page.rows());
                after = page.next().orElse("");
            } while (!after.isEmpty());
            assertThat(paged).isEqualTo(all.rows());
            assertThat(history(bus, "nobody", "", 10).rows()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aQueryReadsTheTablesOfItsProjectionAlone(Kind kind) throws Exception {
        use(kind, "queries", customers(), bus -> {
            assertThat(query(bus, "select name, age from customer")).containsExactly("[\"Bob\",2]");
            assertThat(query(bus, "select count(*) from qbc_transaction")).containsExactly("[6]");
            assertThat(query(bus, "with c as (select name from customer) select upper(name) from c"))
                    .containsExactly("[\"BOB\"]");
            for (String foreign : List.of(
                    "select * from qbc.qbc_progress",
                    "select * from public.secret",
                    "select name from customer where exists (select 1 from public.secret)",
                    "select * from public.veil",
                    "with c as (select * from public.secret) select 1 from c",
                    "select * from pg_catalog.pg_authid")) {
                assertThatThrownBy(() -> query(bus, foreign))
                        .as(foreign)
                        .satisfies(thrown ->
                                assertThat(Failure.of(thrown).reason()).isEqualTo(Reason.QUERY_INVALID));
            }
        });
    }

    /** What the guard of queries refuses anyway, PostgreSQL refuses too: the role that reads may do nothing else. */
    @Test
    void theRoleThatReadsMayDoNothingElse() throws Exception {
        DATABASES.execute("CREATE EXTENSION IF NOT EXISTS dblink");
        DATABASES.execute("CREATE ROLE looker");
        String name = "looked_at";
        use(Kind.POSTGRESQL, name, Optional.of("looker"), customers(), bus -> {
            assertThat(query(bus, "select name from customer")).containsExactly("[\"Bob\"]");
            assertThat(history(bus, "a", "", 10).rows()).hasSize(3);
            try (TableDatabase database = DATABASES.open(Kind.POSTGRESQL, directory, name, Optional.of("looker"))) {
                for (String sql : DEEDS) {
                    assertThatThrownBy(() -> attempt(database, name, sql))
                            .as(sql)
                            .isInstanceOf(SQLException.class);
                    assertThatThrownBy(() -> query(bus, sql))
                            .as(sql)
                            .satisfies(thrown ->
                                    assertThat(Failure.of(thrown).reason()).isEqualTo(Reason.QUERY_INVALID));
                }
                assertThat(attempt(database, name, "SELECT count(*) FROM customer"))
                        .isEqualTo("1");
                assertThat(attempt(database, name, "SELECT current_user")).isEqualTo("looker");
                assertThatThrownBy(
                                () -> attempt(database, name, "SET transaction_read_only = off; DELETE FROM customer"))
                        .isInstanceOf(SQLException.class);
                assertThatThrownBy(() -> attempt(database, name, "RESET ROLE; SELECT pg_read_file('/etc/hostname')"))
                        .hasMessageContaining("permission denied");
            }
        });
    }

    @Test
    void theUserWhoReadsEmbeddedTablesMayDoNothingElse() throws Exception {
        String name = "read_alone";
        use(Kind.H2, name, customers(), bus -> {
            List<String> before = query(bus, "select * from customer");
            // The same files: one process has them open.
            try (TableDatabase database = DATABASES.open(Kind.H2, directory, name)) {
                for (String sql : EMBEDDED_DEEDS) {
                    assertThatThrownBy(() -> attempt(database, name, sql))
                            .as(sql)
                            .isInstanceOf(SQLException.class);
                }
                assertThat(attempt(database, name, "SELECT count(*) FROM customer"))
                        .isEqualTo("1");
            }
            assertThat(before).hasSize(1);
        });
        try (TableDatabase database = DATABASES.open(Kind.H2, directory, name)) {
            assertThat(attempt(database, name, "SELECT name FROM customer")).isEqualTo("Bob");
        }
        assertThat(directory.toFile().list()).containsExactly(name);
    }

    /** As a query that went past the guard. */
    private static String attempt(TableDatabase database, String schema, String sql) throws SQLException {
        return LiveTables.read(database, schema, Duration.ZERO, view -> {
            try (Statement statement = view.connection().createStatement()) {
                if (view.dialect() == Dialect.POSTGRESQL) {
                    statement.execute("SET LOCAL statement_timeout = 300");
                }
                boolean rows = statement.execute(sql);
                if (!rows) {
                    return "";
                }
                try (ResultSet row = statement.getResultSet()) {
                    return row.next() ? row.getString(1) : "";
                }
            }
        });
    }

    @Test
    void aServerMustBeListedUnlessTheMappingIsAFileOfTheOperator() {
        assertThat(permits("db.example/a", "db.example")).isTrue();
        assertThat(permits("DB.example:5433/a", "db.example")).isTrue();
        assertThat(permits("db.example:5433/a", "db.example:5432")).isFalse();
        assertThat(permits("db.example/a", "db.example:5432")).isTrue();
        assertThat(permits("[::1]:5433/a", "[::1]")).isTrue();
        assertThat(permits("169.254.169.254/a", "*")).isTrue();
        assertThat(permits("db.example.evil/a", "db.example")).isFalse();
        assertThat(permits("127.1/a", "127.0.0.1")).isFalse();
    }

    private static boolean permits(String place, String host) {
        Mapping mapping = Mapping.read(
                "a",
                Bytes.utf8("{\"chain\":\"orders\",\"target\":{\"kind\":\"postgresql\","
                        + "\"user\":\"u\",\"url\":\"jdbc:postgresql://" + place + "\"}}"));
        return TargetOpener.permits(ProjectorTest.permitting(host), mapping.target());
    }
}
