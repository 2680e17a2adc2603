package io.qbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.client.QbcClient;
import io.qbc.client.answer.ChainInfo;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.qbc.config.ConfigException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes inside another program, on its Vertx. */
class QbcTest {
    private static final String SPEC = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final List<Qbc> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(node -> Patience.get(node.close()));
        Patience.get(vertx.close());
    }

    private Qbc.Setup setup(String name) {
        return Qbc.on(vertx).config(Map.of("data", data.resolve(name), "port", 0, "http.instances", 1));
    }

    private Qbc start(Qbc.Setup setup) {
        Qbc node = Patience.get(setup.start());
        nodes.add(node);
        return node;
    }

    private void stop(Qbc node) {
        nodes.remove(node);
        Patience.get(node.close());
    }

    private static Throwable failure(Future<?> future) {
        Awaitility.await().until(future::isComplete);
        return future.cause();
    }

    @Test
    void aNodeServesItsClientAndRestAndKeepsItsDataWhenItIsStartedAgain() {
        Qbc first = start(setup("a"));
        Patience.get(first.client().bang(SPEC));
        InjectResult result = Patience.get(first.client().inject("orders", TransactionRequest.json("1")));
        QbcClient rest = QbcClient.rest(vertx, ClientOptions.of(first.url()));
        assertThat(Patience.get(rest.findTransaction("orders", result.id()))).isPresent();
        Patience.get(rest.close());
        String key = first.key();
        stop(first);

        Qbc again = start(setup("a"));
        assertThat(again.key()).isEqualTo(key);
        assertThat(Patience.get(again.client().findTransaction("orders", result.id())))
                .isPresent();
    }

    @Test
    void nodesOnOneVertxKnowNothingOfEachOther() {
        Qbc one = start(setup("a").eventBus("one.v1"));
        Qbc other = start(setup("b").eventBus("other.v1"));
        Patience.get(one.client().bang(SPEC));
        assertThat(Patience.get(one.client().listChains()))
                .extracting(ChainInfo::name)
                .containsExactly("main", "orders");
        assertThat(Patience.get(other.client().listChains()))
                .extracting(ChainInfo::name)
                .containsExactly("main");
        assertThat(other.key()).isNotEqualTo(one.key());
        stop(one);
        assertThat(Patience.get(other.client().leap("main")).height()).isEqualTo(1);
    }

    @Test
    void theAddressesOfAnotherNodeAreRefusedAndFreeAgainWhenItEnds() {
        Qbc one = start(setup("a"));
        assertThat(failure(setup("b").start()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("qbc.v1");
        assertThat(data.resolve("b")).doesNotExist();
        stop(one);
        start(setup("b"));
    }

    @Test
    void whatIsWrongIsSaidAndLeavesNothing() {
        assertThat(failure(setup("a").config("nonsense", 1).start())).hasMessageContaining("unknown key nonsense");
        assertThat(failure(setup("a").config("host", "0.0.0.0").start())).hasMessageContaining("access.mode");
        start(setup("a"));
        assertThat(failure(setup("a").eventBus("again.v1").start())).isNotNull();
        // What the failed one had begun did not take the directory from the one that runs.
        assertThat(Patience.get(nodes.get(0).client().leap("main")).height()).isEqualTo(1);
    }

    @Test
    void aFileIsReadAndSingleSettingsGoBeforeIt() throws Exception {
        Path yaml = data.resolve("node.yaml");
        Files.writeString(yaml, "port: 0\nhttp:\n  instances: 1\ndata: nowhere\n");
        Qbc node = start(Qbc.on(vertx).configFile(yaml).config("data", data.resolve("c")));
        assertThat(data.resolve("c").resolve("identity.key")).exists();
        assertThat(node.url()).startsWith("http://127.0.0.1:");
    }

    @Test
    void theTimeIsTheCallers() {
        Instant then = Instant.parse("2031-05-06T07:08:09Z");
        Qbc node = start(setup("a").clock(() -> then));
        InjectResult result = Patience.get(node.client().inject("main", TransactionRequest.json("1")));
        assertThat(Patience.get(node.client().findTransaction("main", result.id()))
                        .orElseThrow()
                        .transaction()
                        .timestamp())
                .isEqualTo(then.toEpochMilli());
    }
}
