package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.client.QbcClient;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.qbc.config.ClusterConfig;
import io.qbc.eventbus.cluster.BusOptions;
import io.qbc.eventbus.cluster.ClusterMember;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three node processes in one cluster of event buses, asked by a process that is none of them. */
class ClusterIT {
    private static final String CHAIN = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";
    private static final int NODES = 3;
    private static final int IN_FLIGHT = 8;

    @TempDir
    Path home;

    private final List<Integer> ports =
            IntStream.range(0, NODES + 1).mapToObj(any -> Ports.free()).toList();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Vertx> members = new ArrayList<>();

    @AfterEach
    void end() {
        members.forEach(member -> Patience.get(member.close()));
        nodes.forEach(NodeProcess::close);
    }

    private Plan plan(int number, String cluster) {
        Plan plan = Plan.in(home.resolve("node" + number))
                .environment("QBC_CLUSTER_ENABLED", "true")
                .environment("QBC_CLUSTER_NAME", cluster)
                .environment("QBC_CLUSTER_PORT", ports.get(number).toString())
                .environment("QBC_CLUSTER_MEMBERS", String.join(",", addresses()))
                .environment("QBC_ACCESS_MODE", "open")
                .environment("QBC_LEAP_AGE", "200ms");
        return number == 0 ? plan : plan.peer(nodes.get(0).url());
    }

    private List<String> addresses() {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** A member without a ledger. */
    private Vertx member() {
        ClusterConfig cluster = new ClusterConfig(
                true, "it", "127.0.0.1", ports.get(NODES), 0, addresses(), "", ClusterConfig.Tls.NONE);
        Vertx vertx = Patience.get(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(BusOptions.of(cluster)))
                .withClusterManager(ClusterMember.of(cluster))
                .buildClustered());
        members.add(vertx);
        return vertx;
    }

    private static JsonObject ask(Vertx vertx, String address, JsonObject question) {
        return Patience.get(
                vertx.eventBus().<JsonObject>request(address, question).map(message -> message.body()));
    }

    private static JsonObject ask(Vertx vertx, String address, JsonObject question, String token) {
        DeliveryOptions options = new DeliveryOptions().addHeader("authorization", "Bearer " + token);
        return Patience.get(
                vertx.eventBus().<JsonObject>request(address, question, options).map(message -> message.body()));
    }

    private String key(int node) {
        return nodes.get(node)
                .client()
                .get("/v1/node")
                .expect(200)
                .json()
                .get("key")
                .textValue();
    }

    @Test
    void noCallFailsWhileThreeNodesAreRestartedOneAfterTheOther() throws InterruptedException {
        for (int i = 0; i < NODES; i++) {
            nodes.add(NodeProcess.start(plan(i, "it")));
        }
        Vertx vertx = member();
        ClientOptions options = ClientOptions.eventBus();
        QbcClient client = QbcClient.eventBus(vertx, options);
        Patience.get(client.bang(CHAIN));
        Await.until(
                "every node has the chain",
                () -> nodes.stream()
                        .allMatch(node -> node.client().get("/v1/chains/orders").status() == 200));

        Set<String> answered = new HashSet<>();
        Awaitility.await().until(() -> {
            answered.add(ask(vertx, "qbc.v1.node.show", new JsonObject()).getString("key"));
            return answered.size() == NODES;
        });
        for (int i = 0; i < NODES; i++) {
            assertThat(ask(vertx, "qbc.v1@" + key(i) + ".node.show", new JsonObject())
                            .getString("key"))
                    .isEqualTo(key(i));
        }

        AtomicBoolean over = new AtomicBoolean();
        ConcurrentLinkedQueue<InjectResult> injected = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Semaphore idle = new Semaphore(0);
        for (int i = 0; i < IN_FLIGHT; i++) {
            inject(client, i, 0, over, injected, failures, idle);
        }
        for (NodeProcess node : nodes) {
            int before = injected.size();
            assertThat(node.terminate()).isZero();
            Awaitility.await().atMost(Patience.CONDITION).until(() -> injected.size() > before + IN_FLIGHT);
            node.restart();
            int after = injected.size();
            Awaitility.await().atMost(Patience.CONDITION).until(() -> injected.size() > after + IN_FLIGHT);
        }
        over.set(true);
        idle.acquire(IN_FLIGHT);
        assertThat(failures).isEmpty();
        assertThat(injected.stream().map(InjectResult::id)).doesNotHaveDuplicates();
        for (InjectResult result : injected) {
            // Nodes may be a moment apart.
            if (!isThere(client, result)) {
                Awaitility.await().atMost(Patience.CONDITION).until(() -> isThere(client, result));
            }
        }
        Patience.get(client.close());
    }

    private static boolean isThere(QbcClient client, InjectResult result) {
        return Patience.get(client.findTransaction("orders", result.id())).isPresent();
    }

    private static void inject(
            QbcClient client,
            int lane,
            int number,
            AtomicBoolean over,
            ConcurrentLinkedQueue<InjectResult> injected,
            ConcurrentLinkedQueue<Throwable> failures,
            Semaphore idle) {
        if (over.get()) {
            idle.release();
            return;
        }
        Future<InjectResult> result = client.inject(
                "orders",
                TransactionRequest.json("{\"lane\":" + lane + ",\"n\":" + number + "}")
                        .withKey(lane + "-" + number));
        result.onSuccess(injected::add)
                .onFailure(failures::add)
                .onComplete(any -> inject(client, lane, number + 1, over, injected, failures, idle));
    }

    /** A whole file of Hazelcast's own, where name, port and members are nowhere else. */
    private Path hazelcast(int number) throws IOException {
        String members = addresses().stream()
                .map(member -> "          - " + member + "\n")
                .collect(Collectors.joining());
        String text = "hazelcast:\n"
                + "  cluster-name: it\n"
                + "  network:\n"
                + "    port:\n"
                + "      port: " + ports.get(number) + "\n"
                + "      auto-increment: false\n"
                + "    join:\n"
                + "      auto-detection:\n"
                + "        enabled: false\n"
                + "      tcp-ip:\n"
                + "        enabled: true\n"
                + "        member-list:\n"
                + members;
        return Files.writeString(home.resolve("hazelcast" + number + ".yaml"), text);
    }

    @Test
    void nodesWithAHazelcastFileAnswerToAKeyThatEachOfThemHas() throws IOException {
        Path first = plan(0, "unused").data();
        String name = "QBC_CLUSTER_HAZELCAST";
        Jar.Finished made = Jar.run(
                plan(0, "unused"), "access", "add", "--name", "it", "--role", "admin", "--data", first.toString());
        assertThat(made.code()).isZero();
        Matcher token = Pattern.compile("qbc_\\w+").matcher(made.output());
        assertThat(token.find()).isTrue();
        for (int i = 0; i < 2; i++) {
            Path data = Files.createDirectories(home.resolve("node" + i).resolve("data"));
            if (i > 0) {
                Files.copy(
                        first.resolve("access.json"), data.resolve("access.json"), StandardCopyOption.COPY_ATTRIBUTES);
            }
            nodes.add(NodeProcess.start(plan(i, "unused")
                    .environment(name, hazelcast(i).toString())
                    .environment("QBC_ACCESS_MODE", "required")));
        }
        Vertx vertx = member();
        QbcClient client = QbcClient.eventBus(vertx, ClientOptions.eventBus().withCredential(token.group()));
        Set<String> answered = new HashSet<>();
        Awaitility.await().atMost(Patience.CONDITION).until(() -> {
            answered.add(ask(vertx, "qbc.v1.node.show", new JsonObject(), token.group())
                    .getString("key"));
            return answered.size() == 2;
        });
        Patience.get(client.bang(CHAIN));
        InjectResult result = Patience.get(client.inject("orders", TransactionRequest.json("{\"n\":1}")));
        Awaitility.await().atMost(Patience.CONDITION).until(() -> isThere(client, result));

        Future<?> stranger = vertx.eventBus().request("qbc.v1.chains.list", new JsonObject());
        Awaitility.await().atMost(Patience.CONDITION).until(stranger::isComplete);
        assertThat(stranger.cause())
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        refused -> assertThat(refused.failureCode()).isEqualTo(401));
        Patience.get(client.close());
    }

    @Test
    void whoIsAloneByAnotherNameIsTold() {
        nodes.add(NodeProcess.start(plan(0, "it")));
        nodes.add(NodeProcess.start(plan(1, "other")));
        Await.until(
                "the second node says that it is alone",
                () -> nodes.get(1).output().contains("is the only member of the cluster other, though one of"));
        assertThat(nodes.get(0).output()).contains("this node is the only member of the cluster it so far");
    }

    @Test
    void aNodeThatTrustsItsOwnMachineJoinsNoCluster() {
        Plan plan = plan(0, "it").environment("QBC_ACCESS_MODE", "loopback");
        Jar.Finished finished =
                Jar.run(plan, "run", "--port", "0", "--data", plan.data().toString());
        assertThat(finished.code()).isEqualTo(2);
        assertThat(finished.output()).contains("cluster.enabled").contains("access.mode");
    }
}
