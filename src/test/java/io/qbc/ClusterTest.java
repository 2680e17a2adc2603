package io.qbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.bus.Ask;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Topic;
import io.qbc.client.QbcClient;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.ChainEvent.QuantCame;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TransactionRequest;
import io.qbc.config.ClusterConfig;
import io.qbc.config.ConfigException;
import io.qbc.e2e.Ports;
import io.qbc.eventbus.cluster.BusOptions;
import io.qbc.eventbus.cluster.ClusterMember;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in a cluster of event buses, asked from another member of it. */
class ClusterTest {
    private static final String SPEC = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";

    @TempDir
    Path data;

    private final List<Vertx> members = new ArrayList<>();
    private final List<Qbc> nodes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private Vertx here;
    private Vertx there;

    @BeforeEach
    void begin() {
        here = member(ClusterConfig.Tls.NONE);
        there = member(ClusterConfig.Tls.NONE);
    }

    @AfterEach
    void end() {
        nodes.forEach(node -> Patience.get(node.close()));
        members.forEach(member -> Patience.get(member.close()));
    }

    private Vertx member(ClusterConfig.Tls tls) {
        int port = Ports.free();
        List<String> others = ports.stream().map(other -> "127.0.0.1:" + other).toList();
        ClusterConfig cluster =
                new ClusterConfig(true, "test-" + data.getFileName(), "127.0.0.1", port, 0, others, "", tls);
        ports.add(port);
        Vertx vertx = Patience.get(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(BusOptions.of(cluster)))
                .withClusterManager(ClusterMember.of(cluster))
                .buildClustered());
        members.add(vertx);
        return vertx;
    }

    private Qbc start(Vertx vertx, String name, Map<String, ?> settings) {
        Qbc node = Patience.get(Qbc.on(vertx)
                .config(Map.of("data", data.resolve(name), "port", 0, "http.instances", 1, "leap.age", "200ms"))
                .config(settings)
                .start());
        nodes.add(node);
        return node;
    }

    private static Map<String, Object> clustered() {
        return Map.of("cluster.enabled", true, "access.mode", "open");
    }

    private static JsonObject ask(Vertx vertx, String address, JsonObject question) {
        Future<JsonObject> answer =
                vertx.eventBus().<JsonObject>request(address, question).map(message -> message.body());
        return Patience.get(answer);
    }

    private static ReplyException failure(Vertx vertx, String address, JsonObject question) {
        Future<?> answer = vertx.eventBus().request(address, question, new DeliveryOptions().setSendTimeout(5_000));
        Awaitility.await().atMost(Patience.CONDITION).until(answer::isComplete);
        return answer.cause() instanceof ReplyException reply
                ? reply
                : new ReplyException(ReplyFailure.ERROR, String.valueOf(answer.cause()));
    }

    @Test
    void aMemberWithoutALedgerHasTheSameContractAsTheNodesOwnProcess() {
        Qbc node = start(here, "a", clustered());
        QbcClient client = QbcClient.eventBus(there, ClientOptions.eventBus());
        Patience.get(client.bang(SPEC));
        InjectResult result = Patience.get(client.inject("orders", TransactionRequest.json("{\"n\":1.50}")));
        assertThat(Patience.get(client.findTransaction("orders", result.id()))).isPresent();

        Queue<Long> heights = new ConcurrentLinkedQueue<>();
        var stream = Patience.get(client.follow("orders", FollowStart.atHeight(0), (ChainEvent event) -> {
            if (event instanceof QuantCame came) {
                heights.add(came.quant().height());
            }
            return Future.succeededFuture();
        }));
        Awaitility.await().until(() -> heights.contains(1L));
        Patience.get(stream.close());

        for (String address : List.of("qbc.v1.chains.find", "qbc.v1.orders.chains.find")) {
            assertThat(ask(there, address, new JsonObject().put("chain", "orders"))
                            .getString("name"))
                    .isEqualTo("orders");
        }
        assertThat(ask(there, "qbc.v1.orders.chains.find", new JsonObject()).getString("name"))
                .isEqualTo("orders");
        assertThat(ask(there, "qbc.v1@" + node.key() + ".node.show", new JsonObject())
                        .getString("key"))
                .isEqualTo(node.key());
        JsonObject problem =
                new JsonObject(failure(there, "qbc.v1.orders.chains.find", new JsonObject().put("chain", "other"))
                        .getMessage());
        assertThat(problem.getString("code")).isEqualTo("request_invalid");
        ReplyException unknown = failure(there, "qbc.v1.chains.find", new JsonObject().put("chain", "nothing"));
        assertThat(unknown.failureCode()).isEqualTo(404);
        assertThat(new JsonObject(unknown.getMessage()).getString("code")).isEqualTo("chain_unknown");
        Patience.get(client.close());
    }

    /** Chains are known by their addresses as they come and go. */
    @Test
    void theAddressesOfAChainGoWithIt() {
        start(here, "a", clustered());
        ask(there, "qbc.v1.chains.create", new JsonObject(SPEC));
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> ask(there, "qbc.v1.orders.chains.find", new JsonObject()) != null);
        ask(
                there,
                "qbc.v1.chains.remove",
                new JsonObject().put("chain", "orders").put("confirm", "orders"));
        Awaitility.await()
                .until(() -> failure(there, "qbc.v1.orders.chains.find", new JsonObject())
                                .failureType()
                        == ReplyFailure.NO_HANDLERS);
    }

    @Test
    void numbersOfAnySizeComeOverTheClusterAsTheyAre() {
        start(here, "a", clustered());
        ask(there, "qbc.v1.chains.create", new JsonObject(SPEC));
        BigInteger large = new BigInteger("123456789012345678901234567890");
        JsonObject sent = new JsonObject()
                .put("large", large)
                .put("long", 9_007_199_254_740_993L)
                .put("text", "\u00e4\ud83d\ude00")
                .put("items", new JsonArray().add(1).addNull().add(2.5));
        JsonObject injected = ask(
                there,
                "qbc.v1.transactions.inject",
                new JsonObject().put("chain", "orders").put("data", sent));
        JsonObject found = ask(
                there,
                "qbc.v1.transactions.find",
                new JsonObject().put("chain", "orders").put("id", injected.getString("id")));
        assertThat(found.getJsonObject("data")).isEqualTo(sent);
        assertThat(new BigDecimal(found.getJsonObject("data").getValue("large").toString()))
                .isEqualTo(new BigDecimal(large));
    }

    @Test
    void internalMessagesNeverLeaveTheNode() throws IllegalAccessException {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        List<String> addresses = internal();
        assertThat(addresses).contains("mining.inject", "persistence.head.moved");
        for (String address : addresses) {
            for (String scope : List.of("", "qbc.v1/")) {
                Patience.get(there.eventBus()
                        .consumer(scope + address, message -> heard.add(message.address()))
                        .completion());
            }
        }
        Qbc node = start(here, "a", clustered());
        Patience.get(node.client().bang(SPEC));
        InjectResult result = Patience.get(node.client().inject("orders", TransactionRequest.json("1")));
        JsonObject question =
                new JsonObject().put("chain", "orders").put("id", result.id().hex());
        Awaitility.await()
                .until(() -> ask(there, "qbc.v1.transactions.find", question)
                        .getString("state")
                        .equals("committed"));
        assertThat(Patience.get(node.client().findTransaction("orders", result.id())))
                .isPresent();
        assertThat(heard).isEmpty();
    }

    @Test
    void noMemberReachesAnInternalAddress() throws IllegalAccessException {
        start(here, "a", clustered());
        for (String address : internal()) {
            assertThat(failure(there, "qbc.v1/" + address, new JsonObject()).failureType())
                    .isEqualTo(ReplyFailure.NO_HANDLERS);
        }
    }

    /** Such a node takes whoever asks for somebody on its own machine. */
    @Test
    void aNodeInAClusterOfItsCallersIsReachedFromItsOwnProcessAloneUnlessItIsToldOtherwise() {
        Qbc node = start(here, "a", Map.of());
        Queue<Object> heard = new ConcurrentLinkedQueue<>();
        Patience.get(there.eventBus()
                .consumer("qbc.v1.events", message -> heard.add(message.body()))
                .completion());
        Patience.get(node.client().bang(SPEC));
        assertThat(ask(here, "qbc.v1.chains.find", new JsonObject().put("chain", "orders"))
                        .getString("name"))
                .isEqualTo("orders");
        assertThat(failure(there, "qbc.v1.chains.find", new JsonObject().put("chain", "orders"))
                        .failureType())
                .isEqualTo(ReplyFailure.NO_HANDLERS);
        assertThat(heard).isEmpty();
    }

    @Test
    void aClusterIsRefusedWhereNobodyShowsWhoHeIs() {
        Future<Qbc> refused = Qbc.on(here)
                .config(Map.of("data", data.resolve("a"), "port", 0, "cluster.enabled", true))
                .start();
        assertThatThrownBy(() -> Patience.outcome(refused))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConfigException.class)
                .hasMessageContaining("access.mode");
        Vertx alone = Vertx.vertx();
        members.add(alone);
        Future<Qbc> lonely = Qbc.on(alone)
                .config(Map.of("data", data.resolve("a"), "port", 0))
                .config(clustered())
                .start();
        assertThatThrownBy(() -> Patience.outcome(lonely)).hasMessageContaining("clustered Vertx");
    }

    @Test
    void whoShowsNoKeyIsNobody() {
        start(here, "a", Map.of("cluster.enabled", true, "access.mode", "required"));
        ReplyException refused = failure(there, "qbc.v1.chains.list", new JsonObject());
        assertThat(refused.failureCode()).isEqualTo(401);
        assertThat(new JsonObject(refused.getMessage()).getString("code")).isEqualTo("credential_required");
    }

    @Test
    void overTlsAMemberProvesItselfByItsCertificate() throws IOException {
        TrialTls files = new TrialTls(data);
        files.put(TrialTls.made(1, "127.0.0.1"));
        ClusterConfig.Tls tls = new ClusterConfig.Tls(files.certificate(), files.key(), files.certificate());
        start(member(tls), "a", clustered());
        assertThat(ask(member(tls), "qbc.v1.node.show", new JsonObject()).getString("key"))
                .isNotEmpty();
        assertThat(failure(there, "qbc.v1.node.show", new JsonObject()).failureType())
                .isNotEqualTo(ReplyFailure.RECIPIENT_FAILURE);
    }

    private static List<String> internal() throws IllegalAccessException {
        List<String> addresses = new ArrayList<>();
        for (Field field : Catalogue.class.getFields()) {
            Object value = field.get(null);
            if (value instanceof Ask<?, ?> ask) {
                addresses.add(ask.address());
            } else if (value instanceof Topic<?> topic) {
                addresses.add(topic.address());
            }
        }
        return addresses;
    }
}
