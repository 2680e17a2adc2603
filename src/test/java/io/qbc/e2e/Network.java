package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several node processes that know each other, each in a directory of its own. */
final class Network implements AutoCloseable {
    private final List<NodeProcess> nodes = new ArrayList<>();

    private Network() {}

    /** Starts so many nodes, the first of which all others are told of, and waits until all know each other. */
    static Network start(Path home, int count, UnaryOperator<Plan> change) {
        Network network = new Network();
        try {
            for (int i = 0; i < count; i++) {
                Plan plan = change.apply(Plan.in(home.resolve("node" + i)));
                network.nodes.add(NodeProcess.launch(
                        i == 0 ? plan : plan.peer(network.nodes.get(0).url())));
            }
            network.nodes.forEach(NodeProcess::awaitReady);
            network.awaitAcquainted();
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    NodeProcess node(int node) {
        return nodes.get(node);
    }

    Client client(int node) {
        return nodes.get(node).client();
    }

    ChainClient chain(int node, String name) {
        return new ChainClient(client(node), name);
    }

    /** One chain at every node. */
    List<ChainClient> chains(String name) {
        return nodes.stream().map(node -> new ChainClient(node.client(), name)).toList();
    }

    String key(int node) {
        return client(node).get("/v1/node").expect(200).json().get("key").textValue();
    }

    /** All nodes' keys as members of a JSON array. */
    String keys() {
        return IntStream.range(0, nodes.size())
                .mapToObj(node -> '"' + key(node) + '"')
                .collect(Collectors.joining(","));
    }

    /** Makes a chain at the first node and waits until all others follow it. */
    void make(String name, String consensus) {
        client(0)
                .post("/v1/chains", "{\"name\":\"" + name + "\",\"consensus\":" + consensus + "}")
                .expect(201);
        awaitHere(name);
    }

    void awaitAcquainted() {
        Await.asserted(
                "all know each other",
                () -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(
                                        node.client().get("/discover").json())
                                .hasSize(nodes.size() - 1)));
    }

    void awaitHere(String name) {
        Await.until(
                "the chain " + name + " is at every node",
                () -> chains(name).stream().allMatch(ChainClient::isHere));
    }

    /** Waits until nothing waits anywhere and all nodes have one head. */
    void awaitQuiet(String name) {
        Await.asserted("nothing waits for the chain " + name + ", and it has one head", () -> {
            String head = chain(0, name).headHash();
            assertThat(chains(name)).allSatisfy(chain -> {
                assertThat(chain.waiting()).isZero();
                assertThat(chain.headHash()).isEqualTo(head);
            });
        });
    }

    /** Ends all nodes. */
    void stop() {
        nodes.forEach(node -> assertThat(node.terminate()).isZero());
    }

    /** Starts these of the nodes, the first included and the last not, again. */
    void restart(int first, int last) {
        nodes.subList(first, last).forEach(NodeProcess::relaunch);
        nodes.subList(first, last).forEach(NodeProcess::awaitReady);
    }

    /** Ends all nodes and has each one's directory verified, in which so many chains are. */
    void verify(int... chains) {
        stop();
        for (int i = 0; i < nodes.size(); i++) {
            Chains.verifySound(nodes.get(i).plan(), chains[i]);
        }
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
