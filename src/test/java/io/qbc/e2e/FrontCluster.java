package io.qbc.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Nodes in a cluster, and front ends before them. */
final class FrontCluster implements AutoCloseable {
    static final String CHAIN = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";

    private final Path home;
    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<FrontProcess> fronts = new ArrayList<>();

    /** @param members how many nodes and front ends there may be */
    FrontCluster(Path home, int members) {
        this.home = home;
        this.ports = IntStream.range(0, members).mapToObj(any -> Ports.free()).toList();
    }

    /** Started; every node has the chain {@code orders}. */
    static FrontCluster open(Path home, int nodes, int fronts) {
        FrontCluster cluster = new FrontCluster(home, nodes + fronts);
        try {
            for (int i = 0; i < nodes; i++) {
                cluster.node(plan -> plan.environment("QBC_ACCESS_MODE", "open"));
            }
            for (int i = 0; i < fronts; i++) {
                cluster.front(plan -> plan.environment("QBC_ACCESS_MODE", "open"));
            }
            cluster.node(0).client().post("/v1/chains", CHAIN).expect(201);
            cluster.awaitChain();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    void awaitChain() {
        Await.until(
                "every node has the chain",
                () -> nodes.stream()
                        .allMatch(node -> node.client().get("/v1/chains/orders").status() == 200));
    }

    NodeProcess node(UnaryOperator<Plan> change) {
        Plan plan = plan("node" + nodes.size());
        nodes.add(NodeProcess.start(change.apply(nodes.isEmpty() ? plan : plan.peer(node(0).url()))));
        return nodes.get(nodes.size() - 1);
    }

    FrontProcess front(UnaryOperator<Plan> change) {
        fronts.add(FrontProcess.start(change.apply(plan("front" + fronts.size()))));
        return fronts.get(fronts.size() - 1);
    }

    private Plan plan(String name) {
        String members =
                String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
        return Plan.in(home.resolve(name))
                .environment("QBC_CLUSTER_ENABLED", "true")
                .environment("QBC_CLUSTER_NAME", "it")
                .environment(
                        "QBC_CLUSTER_PORT",
                        ports.get(nodes.size() + fronts.size()).toString())
                .environment("QBC_CLUSTER_MEMBERS", members)
                .environment("QBC_HTTP_PROXIES", "127.0.0.0/8")
                .environment("QBC_BUDGETS_PROXIES", "127.0.0.0/8")
                .environment("QBC_LEAP_AGE", "200ms");
    }

    NodeProcess node(int index) {
        return nodes.get(index);
    }

    FrontProcess front(int index) {
        return fronts.get(index);
    }

    List<NodeProcess> nodes() {
        return List.copyOf(nodes);
    }

    List<FrontProcess> fronts() {
        return List.copyOf(fronts);
    }

    String[] frontUrls() {
        return fronts.stream().map(FrontProcess::url).toArray(String[]::new);
    }

    @Override
    public void close() {
        fronts.forEach(FrontProcess::close);
        nodes.forEach(NodeProcess::close);
    }
}
