package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Qbc;
import io.qbc.TrialTls;
import io.qbc.cli.AccessCommand;
import io.qbc.client.answer.ChainEvent.QuantCame;
import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.QbcException;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.ClientTls;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TransactionRequest;
import io.qbc.node.CallerKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client with nodes that want to know who calls, over connections that nobody reads. */
class ClientAccessTest {
    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<QbcClient> clients = new ArrayList<>();
    private Qbc node;

    @AfterEach
    void end() {
        clients.forEach(client -> Patience.get(client.close()));
        Patience.get(node.close());
        Patience.get(vertx.close());
    }

    private Qbc.Setup setup() {
        return Qbc.on(vertx)
                .config("data", directory.resolve("node"))
                .config("port", 0)
                .config("http.instances", 1);
    }

    private <T extends QbcClient> T closed(T client) {
        clients.add(client);
        return client;
    }

    private String key(String name, String role) {
        AccessCommand.Wanted wanted = new AccessCommand.Wanted(name, List.of(role), Optional.empty(), Optional.empty());
        return new CallerKeys(InstantSource.system()).add(directory.resolve("node"), wanted);
    }

    private static String code(Future<?> future) {
        await().until(future::isComplete);
        return future.failed() ? ((QbcException) future.cause()).code() : "";
    }

    @Test
    void whoCallsIsShownByBothWays() {
        node = Patience.get(setup().start());
        Patience.get(node.close());
        String admin = key("admin", "admin");
        String reader = key("reader", "reader");
        node = Patience.get(
                setup().config("access.mode", "required").credential(admin).start());
        Patience.get(node.client().bang("{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}"));
        for (QbcClient nobody : List.of(
                closed(QbcClient.rest(vertx, ClientOptions.of(node.url()))),
                closed(QbcClient.eventBus(vertx, ClientOptions.eventBus())))) {
            assertThat(code(nobody.head("orders"))).isEqualTo("credential_required");
        }
        AtomicReference<String> token = new AtomicReference<>(reader);
        for (QbcClient caller : List.of(
                closed(QbcClient.rest(
                        vertx, ClientOptions.of(node.url()).withCredentials(() -> Optional.of(token.get())))),
                closed(QbcClient.eventBus(
                        vertx, ClientOptions.eventBus().withCredentials(() -> Optional.of(token.get())))))) {
            token.set(reader);
            List<Long> seen = new CopyOnWriteArrayList<>();
            long height = Patience.get(caller.head("orders")).height();
            EventStream stream = Patience.get(caller.follow("orders", FollowStart.now(), event -> {
                seen.add(((QuantCame) event).quant().height());
                return Future.succeededFuture();
            }));
            assertThat(code(caller.inject("orders", TransactionRequest.json("1"))))
                    .isEqualTo("role_missing");
            token.set(admin);
            Patience.get(caller.inject("orders", TransactionRequest.json("1")));
            Patience.get(caller.leap("orders"));
            await().until(() -> seen.equals(List.of(height + 1)));
            Patience.get(stream.close());
        }
    }

    @Test
    void overTlsTheNodeIsKnownByItsCertificate() throws IOException {
        TrialTls tls = new TrialTls(directory);
        tls.put(TrialTls.made(3, "127.0.0.1", "localhost"));
        node = Patience.get(setup().config("http.tls.certificate", tls.certificate())
                .config("http.tls.key", tls.key())
                .start());
        assertThat(node.url()).startsWith("https://");
        ClientOptions options = ClientOptions.of(node.url()).withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1));
        QbcClient stranger = closed(QbcClient.rest(vertx, options));
        // On a slow machine the time is over before the certificate was looked at.
        assertThat(code(stranger.head("main"))).isIn(QbcException.UNREACHABLE, QbcException.TIMED_OUT);
        QbcClient client = closed(QbcClient.rest(
                vertx,
                options.withTimeouts(Patience.ANSWER, Patience.ANSWER).withTls(ClientTls.trusting(tls.certificate()))));
        assertThat(Patience.get(client.head("main")).height()).isZero();
        Patience.get(client.follow("main", FollowStart.atHeight(0), event -> Future.succeededFuture()));
    }
}
