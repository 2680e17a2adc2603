package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.config.ConfigReader;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTest {
    private final List<String> happened = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Node.vertx();

    @AfterEach
    void end() {
        settled(vertx.close());
    }

    @Test
    void stagesStartInOrderAndStopInReverse() {
        Node node = Node.of(vertx, List.of(stage("store"), stage("pool"), stage("http")));
        assertThat(settled(node.start()).succeeded()).isTrue();
        assertThat(settled(node.close()).succeeded()).isTrue();
        assertThat(happened).containsExactly("+store", "+pool", "+http", "-http", "-pool", "-store");
    }

    @Test
    @DisplayName("a stage that fails is named, those before it stop, those after it never start")
    void aFailedStart() {
        BindException inUse = new BindException("Address already in use");
        Node node = Node.of(vertx, List.of(stage("store"), failing("http", inUse), stage("late")));
        Future<Void> start = settled(node.start());
        assertThat(start.cause())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("http")
                .hasCause(inUse);
        assertThat(happened).containsExactly("+store", "-store");
    }

    @Test
    void aStageThatDoesNotStopCleanlyDoesNotKeepTheOthersFromStopping() {
        Stage stubborn = new Stage(
                "stubborn",
                () -> new Recorded("stubborn", Future.succeededFuture()) {
                    @Override
                    public Future<?> undeploy(Context context) {
                        return Future.failedFuture("will not");
                    }
                },
                new DeploymentOptions());
        Node node = Node.of(vertx, List.of(stage("store"), stubborn));
        settled(node.start());
        assertThat(settled(node.close()).succeeded()).isTrue();
        assertThat(happened).containsExactly("+store", "+stubborn", "-store");
    }

    @Test
    void aNodeThatIsClosedWhileItStartsStartsNoFurtherStage() {
        Promise<Void> gate = Promise.promise();
        Node node = Node.of(vertx, List.of(stage("store"), held("slow", gate.future()), stage("late")));
        Future<Void> start = node.start();
        await().until(() -> happened.contains("+slow"));
        Future<Void> close = node.close();
        assertThat(close.isComplete()).isFalse();
        gate.complete();
        assertThat(settled(start).failed()).isTrue();
        settled(close);
        assertThat(happened).containsExactly("+store", "+slow", "-slow", "-store");
    }

    @Test
    void closingTwiceStopsOnce() {
        Node node = Node.of(vertx, List.of(stage("store")));
        settled(node.start());
        assertThat(node.close()).isSameAs(node.close());
        settled(node.close());
        assertThat(happened).containsExactly("+store", "-store");
    }

    @Test
    void complaintsNameThePortTheHostAndTheWayOut() {
        var config = Samples.config(Path.of("data"), 5000);
        Throwable inUse = new StartFailure("http", new BindException("Address already in use"));
        assertThat(StartupError.of(inUse, config))
                .isEqualTo(new StartupError("port 5000 on 127.0.0.1 is in use; choose another with --port", 1));
        Throwable away = new StartFailure("http", new BindException("Cannot assign requested address"));
        assertThat(StartupError.of(away, config).text()).contains("--host");
        Throwable locked = new StartFailure("store", new IllegalStateException("another node uses data"));
        assertThat(StartupError.of(locked, config)).isEqualTo(new StartupError("another node uses data", 1));
        Throwable odd = new StartFailure("store", new NullPointerException());
        assertThat(StartupError.of(odd, config).text())
                .contains("NullPointerException")
                .doesNotContain("\n");
    }

    @Test
    void addressesForPeersAndPeople() {
        var config = Samples.config(Path.of("data"), 5000);
        assertThat(Addresses.advertised(config)).isEqualTo("http://127.0.0.1:5000");
        assertThat(Addresses.local(config)).isEqualTo("http://127.0.0.1:5000");
        assertThat(Addresses.withPort(config)).isSameAs(config);
        assertThat(Addresses.withPort(config.withPort(0)).port()).isBetween(1, 65_535);
    }

    @ParameterizedTest
    @CsvSource({
        "::1, http://[::1]:6018",
        "[::1], http://[::1]:6018",
        "0:0:0:0:0:0:0:1, http://[::1]:6018",
        "node_1, http://node_1:6018"
    })
    void anAddressIsToldAsUrlsHaveIt(String host, String told) {
        var config = ConfigReader.read(
                Path.of(""), Optional.empty(), Map.of("QBC_HOST", host, "QBC_PORT", "6018"), List.of());
        assertThat(Addresses.advertised(config)).isEqualTo(told);
        assertThat(Addresses.local(config)).isEqualTo(told);
    }

    private Stage stage(String name) {
        return held(name, Future.succeededFuture());
    }

    private Stage held(String name, Future<Void> gate) {
        Supplier<Deployable> verticle = () -> new Recorded(name, gate);
        return new Stage(name, verticle, new DeploymentOptions());
    }

    private static Stage failing(String name, Throwable cause) {
        Deployable verticle = context -> Future.failedFuture(cause);
        return new Stage(name, () -> verticle, new DeploymentOptions());
    }

    private static <T> Future<T> settled(Future<T> future) {
        await().until(future::isComplete);
        return future;
    }

    private class Recorded implements Deployable {
        private final String name;
        private final Future<Void> gate;

        Recorded(String name, Future<Void> gate) {
            this.name = name;
            this.gate = gate;
        }

        @Override
        public Future<?> deploy(Context context) {
            happened.add("+" + name);
            return gate;
        }

        @Override
        public Future<?> undeploy(Context context) {
            happened.add("-" + name);
            return Future.succeededFuture();
        }
    }
}
