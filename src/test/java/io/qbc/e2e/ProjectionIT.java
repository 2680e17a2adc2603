package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.e2e.Jar.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A chain kept as tables")
class ProjectionIT {
    private static final int ROUNDS = 4;
    private static final String MAPPING = """
            {"chain":"main","depth":0,"tables":[{"table":"number","mode":"append",
              "columns":{"n":{"pointer":"/n","type":"bigint","required":true}}}]}""";

    @Test
    @DisplayName("has each transaction once after kills amid injects and rebuilds, and shows a row that was forged")
    void exactlyOnce(@TempDir Path home) throws Exception {
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "50");
        Path mapping = Files.writeString(home.resolve("mapping.json"), MAPPING);
        try (NodeProcess node = NodeProcess.start(plan)) {
            assertThat(run(plan, "put", "numbers", "--file", mapping.toString()).code())
                    .isZero();
            for (int round = 0; round < ROUNDS; round++) {
                ChainClient main = new ChainClient(node.client(), "main");
                try (Load load = Load.on(List.of(main, main))) {
                    load.awaitMore(150);
                    if (round % 2 == 1) {
                        assertThat(run(plan, "rebuild", "numbers").code()).isZero();
                        load.awaitMore(50);
                    }
                    node.kill9();
                }
                node.restart();
            }
            ChainClient main = new ChainClient(node.client(), "main");
            String last = main.injected("{\"n\":0}");
            main.leap();
            assertComplete(node, main, last);
            Finished sound = run(plan, "verify", "numbers");
            assertThat(sound.output()).contains("0 rows changed, 0 added, 0 removed");
            assertThat(sound.code()).isZero();
            node.terminate();
            forge(plan.data());
            node.restart();
            Await.until(
                    "the tables are open",
                    () -> run(plan, "rows", "numbers", "number").code() == 0);
            Finished forged = run(plan, "verify", "numbers");
            assertThat(forged.output()).contains("changed  number  1/0  n", "1 rows changed, 0 added, 1 removed");
            assertThat(forged.code()).isEqualTo(1);
        }
    }

    private static void assertComplete(NodeProcess node, ChainClient main, String last) {
        String at = "?at=" + last + "&wait=60s";
        node.client().get("/v1/projections/numbers" + at).expect(200);
        JsonNode counted = query(node, "select count(*), count(distinct _tx), max(_leaf) from number");
        List<String> ids = main.ids();
        assertThat(counted.get(0).longValue()).isEqualTo(ids.size());
        assertThat(counted.get(1).longValue()).isEqualTo(ids.size());
        assertThat(counted.get(2).longValue()).isEqualTo(ids.size() - 1);
        JsonNode newest = node.client()
                .get("/v1/projections/numbers/tables/number/rows" + at + "&order=-_leaf&limit=1")
                .expect(200)
                .json();
        assertThat(newest.at("/rows/0/_tx").textValue()).isEqualTo(ids.get(ids.size() - 1));
        assertThat(Set.copyOf(ids)).hasSize(ids.size());
    }

    private static JsonNode query(NodeProcess node, String sql) {
        return node.client()
                .post("/v1/projections/numbers/query", "{\"sql\":\"" + sql + "\"}")
                .expect(200)
                .json()
                .at("/rows/0");
    }

    /** What somebody does who has the files and the password beside them. */
    static void forge(Path data) throws IOException, SQLException {
        Path file;
        try (Stream<Path> all = Files.walk(data)) {
            file = all.filter(path -> path.getFileName().toString().equals("tables.mv.db"))
                    .findFirst()
                    .orElseThrow();
        }
        String password = Files.readString(file.resolveSibling("password")).strip();
        String url = "jdbc:h2:file:" + file.toString().replace(".mv.db", "")
                + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=FALSE";
        try (Connection connection = DriverManager.getConnection(url, "qbc_owner", password);
                Statement statement = connection.createStatement()) {
            String schema;
            try (var found = statement.executeQuery(
                    "SELECT table_schema FROM information_schema.tables WHERE table_name = 'number'")) {
                found.next();
                schema = found.getString(1);
            }
            statement.execute("UPDATE \"" + schema + "\".\"number\" SET \"n\" = 4711 WHERE \"_leaf\" = 1");
            statement.execute("DELETE FROM \"" + schema + "\".\"number\" WHERE \"_leaf\" = 2");
            // Else this process would keep it open, and the node would wait for its lock.
            statement.execute("SHUTDOWN");
        }
    }

    private static Finished run(Plan plan, String... arguments) {
        String[] all = Stream.concat(
                        Stream.of("projection"), Stream.concat(Stream.of(arguments), Stream.of("--url", plan.url())))
                .toArray(String[]::new);
        return Jar.run(plan, all);
    }
}
