package io.qbc.projection.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qbc.bus.Catalogue.QueryAnswer;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedReaderTest {
    private static final QueryLimits LIMITS = new QueryLimits(Duration.ofSeconds(1), 1000, 100_000);
    private static final String NEST = "SELECT x || x x FROM (";

    private final QueryWatch watch = new QueryWatch();
    private final GuardedReader reader = new GuardedReader(watch, LIMITS);

    @TempDir
    Path directory;

    private ShopTables tables;

    @BeforeEach
    void open() throws SQLException {
        tables = new ShopTables(directory);
    }

    @AfterEach
    void close() throws SQLException {
        tables.close();
        watch.close();
    }

    @Test
    void aQueryIsAnswered() throws SQLException {
        QueryAnswer answer = ask(
                "select \"sku\", count(*) n, sum(\"total\") from \"line\" where \"_leaf\" < ?"
                        + " group by \"sku\" order by 1;",
                "[20]",
                2);
        assertThat(answer.columns().toString())
                .contains("sku", "character varying")
                .contains("bigint");
        assertThat(texts(answer)).containsExactly("[\"sku-0\",2,5]", "[\"sku-1\",2,6]");
        assertThat(answer.more()).isTrue();
        assertThat(answer.leaf()).isEqualTo(10_000);
        assertThat(texts(ask("select * from \"line\" where \"sku\" like '%-3' and \"_leaf\" = 3", "[]", 10)))
                .containsExactly("[3,0,\"0aff\",\"sku-3\",1.5,{\"a\":1.50}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with t(a) as (select 1) select a from t",
                "values (1, 'a'), (2, 'b')",
                "(select 1) union all (select 2)",
                "select c.\"name\" || ' ' || l.\"sku\" from \"line\" l join \"customer\" c"
                        + " on c.\"_leaf\" = l.\"_leaf\"",
                "select cast(\"total\" as numeric(30, 2)), replace(\"sku\", 'sku-', '') from \"line\"",
                "select row_number() over (partition by \"sku\" order by \"_leaf\") from \"line\"",
                "select case when not \"_leaf\" between 1 and 5 then null else (\"_leaf\" + 1) end from \"line\"",
                "select exists(select 1 from \"customer\" where \"_key\" in ('7')), coalesce(null, 1.5e3), -1",
                "select count(distinct \"sku\") filter (where \"_leaf\" > 3) from \"line\" having count(*) > 1"
            })
    void whatReportsNeedIsAnswered(String sql) throws SQLException {
        assertThat(ask(sql, "[]", 1000).rows()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Writing.
                "insert into \"customer\" values ('9', 1, null, 'Eve')",
                "update \"customer\" set \"name\" = 'Eve'",
                "delete from \"customer\"",
                "select * from final table (insert into \"customer\" values ('9', 1, null, 'Eve'))",
                "with x as (delete from \"customer\") select 1",
                "select 1; delete from \"customer\"",
                "select * from \"customer\" for update",
                "create table mine(a int)",
                "create alias quit for 'java.lang.System.exit'",
                "drop all objects",
                "set query_timeout 0",
                "set @a = 1",
                "select @a := 1",
                "select set(@a, 1)",
                "shutdown immediately",
                "call 1",
                "explain analyze delete from \"customer\"",
                "table \"customer\"",
                // Files.
                "select file_read('/etc/passwd')",
                "select file_write('a', '/etc/passwd')",
                "select * from csvread('/etc/passwd')",
                "select csvwrite('out.csv', 'select 1')",
                "script to 'out.sql'",
                "backup to 'out.zip'",
                "runscript from '/etc/passwd'",
                "select * from link_schema('a', '', 'jdbc:h2:mem:a', 'sa', '', 'public')",
                "select database_path()",
                // What is not of this projection.
                "select * from information_schema.users",
                "select * from qbc.qbc_progress",
                "select * from \"qbc\" . \"qbc_dead\"",
                "select * from \"INFORMATION_SCHEMA\".\"USERS\"",
                "select * from u&\"\\0049NFORMATION_SCHEMA\".users",
                "select * from pg_catalog.pg_user",
                "select * from \"other\".\"secret\"",
                // Time.
                "select hash('SHA256', 'x', 2000000000)",
                "select \"HASH\"('SHA256', 'x', 2000000000)",
                "select regexp_like(\"sku\", '(a+)+$') from \"line\"",
                "select \"sku\" regexp '(a+)+$' from \"line\"",
                "select * from \"line\" where \"sku\" like '%a%a%a%b'",
                "select * from \"line\" where \"sku\" like \"sku\"",
                "select * from \"line\" where 'a' like '%a' || '%b'",
                "select count(*) from system_range(1, 1000000000000)",
                "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
                // Memory.
                "select repeat('a', 2000000000)",
                "select space(2000000000)",
                "select rpad('a', 2000000000, 'b')",
                "select cast('a' as char(1000000000))",
                "select cast('1e99999' as numeric)",
                "select 1e99999",
                "select expand(X'00')",
                "select listagg(\"sku\") from \"line\"",
                "select secure_rand(2000000000)",
                // Spelling that one may read so and another thus.
                "select /* */ 1",
                "select 1 -- one",
                "select $$a$$",
                "select {fn database()}",
                "select ?1",
                "select `a`",
                "select 'a",
                "select (1",
                "select 1)",
                ""
            })
    void whatDoesMoreThanReadIsRefused(String sql) throws Exception {
        Refusal refusal = refusal(sql);
        assertThat(refusal.reason()).isEqualTo(Reason.QUERY_INVALID);
        assertThat(refusal.detail()).doesNotContain(directory.toString());
        assertThat(texts(ask("select * from \"customer\" order by 1", "[]", 10)))
                .containsExactly("[\"7\",3,\"01\",\"Ann\"]", "[\"8\",4,\"02\",null]");
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).allMatch(name -> name.startsWith("tables"));
        }
    }

    static List<String> heavy() {
        String all = "\"line\" a, \"line\" b, \"line\" c, \"line\" d";
        return List.of(
                "select count(*) from " + all,
                "select a.\"_leaf\", b.\"_leaf\", count(*) from " + all + " group by a.\"_leaf\", b.\"_leaf\"",
                "select * from \"line\" a, \"line\" b order by a.\"sku\" || b.\"sku\", a.\"_leaf\", b.\"total\"",
                "select count(distinct a.\"_leaf\" * 100000 + b.\"_leaf\") from " + all,
                "with r(n) as (select 1 union all select n + 1 from r) select count(*) from r");
    }

    @ParameterizedTest
    @MethodSource("heavy")
    void whatTakesTooLongIsEnded(String sql) throws SQLException {
        long begin = System.nanoTime();
        assertThat(refusal(sql).reason()).isIn(Reason.TIMED_OUT, Reason.QUERY_INVALID);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        assertThat(ask("select 1", "[]", 1).rows()).hasSize(1);
    }

    @Test
    void textsDoNotGrowWithoutEnd() {
        String sql = NEST.repeat(20) + "SELECT \"sku\" x FROM \"line\"" + ") q".repeat(20);
        assertThat(refusal(sql).detail()).contains("put together too often");
    }

    @Test
    void whatIsNestedTooDeepIsRefused() {
        assertThat(refusal("select " + "(".repeat(60) + "1" + ")".repeat(60)).reason())
                .isEqualTo(Reason.QUERY_INVALID);
        assertThat(refusal("select " + "case when 1 = 1 then ".repeat(200) + "1" + " end".repeat(200))
                        .reason())
                .isEqualTo(Reason.QUERY_INVALID);
        assertThat(refusal("select 1" + " + 1".repeat(2000)).reason()).isEqualTo(Reason.QUERY_INVALID);
    }

    @Test
    void asManyTermsAsAreTakenDoNoHarm() throws SQLException {
        assertThat(ask("select 1" + " + \"_leaf\"".repeat(990) + " from \"line\"", "[]", 1)
                        .rows())
                .hasSize(1);
        assertThat(ask("select " + "case when 1 = 1 then ".repeat(100) + "1" + " end".repeat(100), "[]", 1)
                        .rows())
                .hasSize(1);
    }

    @Test
    void answersHaveALimit() throws SQLException {
        QueryAnswer answer = ask("select * from \"line\"", "[]", 1_000_000);
        assertThat(answer.rows()).hasSize(1000);
        QueryAnswer large = ask(
                "select \"sku\", \"raw\", \"raw\", \"raw\", \"raw\", \"raw\", \"raw\", \"raw\","
                        + " \"raw\", \"raw\", \"raw\", \"raw\", \"raw\", \"raw\" from \"line\"",
                "[]",
                1_000_000);
        assertThat(large.more()).isTrue();
        assertThat(large.rows().stream().mapToInt(Bytes::size).sum()).isLessThanOrEqualTo(LIMITS.bytes());
    }

    @Test
    void anErrorOfTheCallerSaysWhatIsWrong() {
        assertThat(refusal("select nosuch from \"line\"").detail())
                .contains("NOSUCH")
                .doesNotContain("SQL statement");
        assertThat(refusal("select 1 / 0").detail()).contains("zero");
        assertThat(refusal("select * from \"line\" where \"_leaf\" = ?").detail())
                .contains("parameters");
    }

    @Test
    void aDatabaseThatIsGoneIsNotTheCallersFault() throws SQLException {
        tables.execute("SHUTDOWN IMMEDIATELY");
        assertThat(refusal("select 1").reason()).isEqualTo(Reason.TABLES_UNAVAILABLE);
    }

    @Test
    void aQueryWhoseCallerLeftEnds() throws Exception {
        ScheduledExecutorService leaving = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> leaves =
                    leaving.scheduleWithFixedDelay(() -> watch.abandon("ticket"), 50, 50, TimeUnit.MILLISECONDS);
            assertThat(refusal(heavy().get(0)).reason()).isEqualTo(Reason.STOPPING);
            assertThat(leaves.isDone()).as("it failed").isFalse();
        } finally {
            leaving.shutdownNow();
        }
    }

    @Test
    void aQueryWhoseCallerLeftIsNotBegun() throws SQLException {
        watch.abandon("ticket");
        assertThat(ask("select 1", "[]", 1).rows()).hasSize(1);
        watch.asked("ticket");
        watch.abandon("ticket");
        assertThat(refusal("select 1").reason()).isEqualTo(Reason.STOPPING);
        watch.done("ticket");
        assertThat(ask("select 1", "[]", 1).rows()).hasSize(1);
    }

    private Refusal refusal(String sql) {
        Throwable thrown = catchThrowable(() -> ask(sql, "[]", 1000));
        assertThat(thrown).describedAs(sql).isInstanceOf(Failure.class);
        return ((Failure) thrown).refusal();
    }

    private QueryAnswer ask(String sql, String parameters, int limit) throws SQLException {
        return reader.query(
                tables.view(),
                new QueryTables("shop", sql, Bytes.utf8(parameters), limit, Optional.empty(), Duration.ZERO, "ticket"));
    }

    private static List<String> texts(QueryAnswer answer) {
        return answer.rows().stream().map(Bytes::text).toList();
    }
}
