package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two nodes with one PostgreSQL")
class ProjectionTakeoverIT {
    private static final int ROUNDS = 4;
    private static final int A_ROUND = 60;
    private static final String[] JSON = {"Content-Type", "application/json"};
    private static final String NUMBERS = "/v1/projections/numbers";

    @Test
    @DisplayName("keep its tables one after the other: whoever waits goes on when the other is killed amid a rebuild")
    void takeOver(@TempDir Path home) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                NodeProcess one = NodeProcess.start(plan(home, "1"));
                NodeProcess two = NodeProcess.start(plan(home, "2").peer(one.url()))) {
            String mapping = mapping(postgres.getPort());
            List<NodeProcess> nodes = List.of(one, two);
            grow(one, two, 0);
            put(one, mapping).expect(201);
            Await.until("the first one has the tables", () -> state(one).equals("following"));
            put(two, mapping).expect(201);
            for (int round = 0; round < ROUNDS; round++) {
                NodeProcess works = nodes.get(round % 2);
                NodeProcess waits = nodes.get((round + 1) % 2);
                Await.until("one keeps the tables", () -> state(works).equals("following"));
                Await.until("the other one waits", () -> state(waits).equals("waiting"));
                assertThat(waits.client()
                                .get(NUMBERS + "/tables/number/rows")
                                .expect(503)
                                .json()
                                .at("/code")
                                .textValue())
                        .isEqualTo("tables_unavailable");
                assertComplete(works, (round + 1) * A_ROUND);
                works.client().post(NUMBERS + "/rebuild", "").expect(202);
                works.kill9();
                Await.until("the other one goes on", () -> state(waits).equals("following"));
                assertComplete(waits, (round + 1) * A_ROUND);
                works.restart();
                grow(waits, works, (round + 1) * A_ROUND);
            }
        }
    }

    /** No node leaps by itself, so that each has what the other one has. */
    private static Plan plan(Path home, String node) {
        return Plan.in(home.resolve(node)).environment("QBC_LEAP_AGE", "0s");
    }

    private static String mapping(int port) {
        return "{\"chain\":\"main\",\"depth\":0,\"target\":{\"kind\":\"postgresql\",\"user\":\"postgres\","
                + "\"url\":\"jdbc:postgresql://localhost:" + port + "/postgres\"},\"tables\":[{\"table\":\"number\","
                + "\"columns\":{\"n\":{\"pointer\":\"/n\",\"type\":\"bigint\",\"required\":true}}}]}";
    }

    private static Answer put(NodeProcess node, String mapping) {
        return node.client().send(node.client().request("PUT", NUMBERS, BodyPublishers.ofString(mapping), JSON));
    }

    private static void grow(NodeProcess node, NodeProcess other, int from) {
        ChainClient main = new ChainClient(node.client(), "main");
        for (int n = from; n < from + A_ROUND; n++) {
            main.injected("{\"n\":" + n + "}");
        }
        main.leap();
        Await.until(
                "one head", () -> other.client().headHash().equals(node.client().headHash()));
    }

    private static String state(NodeProcess node) {
        return node.client().get(NUMBERS).expect(200).json().at("/state").textValue();
    }

    private static void assertComplete(NodeProcess node, int count) {
        node.client().get(NUMBERS + "?at=" + (count - 1) + "&wait=60s").expect(200);
        JsonNode row = node.client()
                .post(NUMBERS + "/query", "{\"sql\":\"select count(*), count(distinct n), max(n) from number\"}")
                .expect(200)
                .json()
                .at("/rows/0");
        assertThat(row.toString()).isEqualTo("[" + count + "," + count + "," + (count - 1) + "]");
        node.client().post(NUMBERS + "/verify", "").expect(202);
        Await.until(
                "the tables are compared",
                () -> verification(node).at("/finishedAt").isNumber());
        assertThat(verification(node).at("/found")).isEmpty();
        assertThat(verification(node).at("/leaf").intValue()).isEqualTo(count);
    }

    private static JsonNode verification(NodeProcess node) {
        return node.client().get(NUMBERS).expect(200).json().at("/verification");
    }
}
