package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A network that is split")
class SplitIT {
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<TcpProxy> proxies = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path home) {
        for (int i = 0; i < 3; i++) {
            Plan plan = Plan.in(home.resolve("n" + i)).environment("QBC_LEAP_AGE", "0s");
            TcpProxy proxy = new TcpProxy(plan.port());
            proxies.add(proxy);
            plan = plan.flags("--advertise", proxy.url());
            nodes.add(NodeProcess.start(i == 0 ? plan : plan.peer(proxies.get(0).url())));
        }
        Await.asserted(
                "all know each other",
                () -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(
                                        node.client().get("/discover").json())
                                .hasSize(2)));
    }

    @AfterEach
    void stop() {
        nodes.forEach(NodeProcess::close);
        proxies.forEach(TcpProxy::close);
    }

    @Test
    @DisplayName("has one head after it is healed, and every transaction once")
    void heals() {
        List<String> ids = new ArrayList<>();
        ids.add(inject(0, "before"));
        Await.asserted(
                "it is everywhere",
                () -> assertThat(nodes)
                        .allSatisfy(node ->
                                assertThat(Chains.waiting(node.client())).isEqualTo(1)));
        nodes.get(0).client().leap().expect(201);
        awaitOneHead();

        split();
        for (int i = 0; i < 5; i++) {
            ids.add(inject(0, "left" + i));
            ids.add(inject(1, "right" + i));
            ids.add(inject(2, "right too" + i));
        }
        leap(0, 2);
        leap(1, 3);
        ids.add(inject(0, "left at last"));
        ids.add(inject(2, "right at last"));
        assertThat(head(0)).isNotEqualTo(head(1));

        proxies.forEach(TcpProxy::heal);
        awaitOneHead();
        Await.asserted(
                "every transaction is in the chain or waits, at every node",
                () -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(Chains.ids(node.client()).size() + Chains.waiting(node.client()))
                                .isEqualTo(ids.size())));
        nodes.get(2).client().leap().expect(201);
        awaitOneHead();
        for (NodeProcess node : nodes) {
            List<String> inChain = Chains.ids(node.client());
            assertThat(new HashSet<>(inChain)).hasSameSizeAs(inChain);
            assertThat(inChain).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    /** Node 0 on one side, nodes 1 and 2 on the other. */
    private void split() {
        proxies.get(0).cut();
        Sources left = new Sources(nodes.get(0).pid());
        proxies.get(1).cutFrom(left::owns);
        proxies.get(2).cutFrom(left::owns);
    }

    private void awaitOneHead() {
        Await.asserted("one head", () -> assertThat(List.of(head(1), head(2))).containsOnly(head(0)));
    }

    private String head(int node) {
        return nodes.get(node).client().headHash();
    }

    private String inject(int node, String text) {
        return nodes.get(node)
                .client()
                .inject("\"" + text + "\"")
                .expect(202)
                .json()
                .get("id")
                .textValue();
    }

    private void leap(int node, int times) {
        for (int i = 0; i < times; i++) {
            nodes.get(node).client().leap().expect(201);
        }
    }
}
