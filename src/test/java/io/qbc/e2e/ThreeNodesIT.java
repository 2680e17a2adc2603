package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Three nodes")
class ThreeNodesIT {
    private static final int INJECTIONS = 500;
    private static final int CLIENTS = 32;

    @Test
    @DisplayName("hold the same head and exactly what 32 concurrent clients injected all over them")
    void agree(@TempDir Path home) throws Exception {
        try (NodeProcess one = NodeProcess.start(plan(home, "1"));
                NodeProcess two = NodeProcess.start(plan(home, "2").peer(one.url()));
                NodeProcess three = NodeProcess.start(plan(home, "3").peer(one.url()))) {
            List<NodeProcess> nodes = List.of(one, two, three);
            Await.asserted(
                    "all know each other",
                    () -> assertThat(nodes)
                            .allSatisfy(node -> assertThat(
                                            node.client().get("/discover").json())
                                    .hasSize(2)));
            inject(nodes);
            Await.asserted(
                    "every transaction is at every node",
                    () -> assertThat(nodes)
                            .allSatisfy(node -> assertThat(all(node)).isEqualTo(INJECTIONS)));
            two.client().leap().expect(201);
            Await.asserted(
                    "one head",
                    () -> assertThat(nodes)
                            .allSatisfy(node -> assertThat(node.client().headHash())
                                    .isEqualTo(two.client().headHash())));
            List<String> expected = IntStream.range(0, INJECTIONS)
                    .mapToObj(ThreeNodesIT::payload)
                    .toList();
            assertThat(nodes)
                    .allSatisfy(node ->
                            assertThat(Chains.payloads(node.client())).containsExactlyInAnyOrderElementsOf(expected));
        }
    }

    /** No node leaps by itself, however long the injections take. */
    private static Plan plan(Path home, String node) {
        return Plan.in(home.resolve(node)).environment("QBC_LEAP_AGE", "0s");
    }

    private static long all(NodeProcess node) {
        var chain = node.client().chain();
        return chain.at("/pool/transactions").longValue()
                + chain.at("/head/treeSize").longValue();
    }

    private static void inject(List<NodeProcess> nodes) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Answer>> calls = IntStream.range(0, INJECTIONS)
                    .<Callable<Answer>>mapToObj(i -> () -> nodes.get(i % nodes.size())
                            .client()
                            .inject(payload(i))
                            .expect(202))
                    .toList();
            for (Future<Answer> answer : clients.invokeAll(calls)) {
                answer.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static String payload(int i) {
        return "{\"order\":" + i + ",\"note\":\"line " + i + "\"}";
    }
}
