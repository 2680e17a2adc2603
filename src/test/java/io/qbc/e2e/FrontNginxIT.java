package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("nginx before two front ends before three nodes")
class FrontNginxIT {
    private static final int NODES = 3;
    private static final int FRONTS = 2;

    @TempDir
    Path home;

    @Test
    @DisplayName("pass on streams and sockets, and lose no call when a front end is killed and nodes are restarted")
    void serve() throws IOException, InterruptedException {
        Path program = Nginx.find();
        try (FrontCluster cluster = FrontCluster.open(home, NODES, FRONTS);
                Nginx nginx = Nginx.start(
                        program,
                        home.resolve("nginx"),
                        cluster.fronts().stream()
                                .map(front -> front.plan().port())
                                .toList())) {
            Client client = nginx.client();
            String id = client.post("/v1/chains/orders/transactions", "{\"data\":{\"amount\":1.10}}")
                    .expect(202)
                    .json()
                    .get("id")
                    .textValue();
            Await.asserted(
                    "the transaction is found",
                    () -> assertThat(client.get("/v1/chains/orders/transactions/" + id)
                                    .expect(200)
                                    .text())
                            .contains("1.10"));
            FrontCalls.eventsCome(client);
            FrontCalls.socketTells(client, client);
            try (InjectLoad load = new InjectLoad(nginx.url())) {
                load.awaitProgress();
                cluster.front(0).close();
                load.awaitProgress();
                cluster.front(0).restart();
                load.awaitProgress();
                for (NodeProcess node : cluster.nodes()) {
                    node.terminate();
                    load.awaitProgress();
                    node.restart();
                    load.awaitProgress();
                }
                load.endsWhole(cluster.node(0).client());
            }
        }
    }
}
