package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assertions;

/** Calls that are more than a question and its answer, made through whatever stands before the nodes. */
final class FrontCalls {
    private static final String SUBSCRIPTION = "/v1/chains/orders/subscriptions/";

    private FrontCalls() {}

    /** An event stream brings what is injected while it is open. */
    static void eventsCome(Client front) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                front.stream("/v1/chains/orders/events", "Accept", "text/event-stream")
                        .body(),
                StandardCharsets.UTF_8))) {
            front.post("/v1/chains/orders/transactions", "{\"data\":\"event\"}").expect(202);
            String line = lines.readLine();
            while (!line.startsWith("data:")) {
                line = lines.readLine();
            }
            assertThat(line).contains("\"height\"");
        }
    }

    /** The socket of a subscription gives its events, and one of a subscription that is not there says why not. */
    static void socketTells(Client making, Client front) {
        making.send(making.request(
                        "PUT",
                        SUBSCRIPTION + "socket",
                        BodyPublishers.ofString("{\"from\":\"oldest\",\"deliver\":{\"kind\":\"stream\"}}"),
                        "Content-Type",
                        "application/json"))
                .expect(201);
        Vertx vertx = Vertx.vertx();
        try {
            WebSocketClient client = vertx.createWebSocketClient();
            CompletableFuture<String> first = new CompletableFuture<>();
            Patience.get(client.connect(options(front, SUBSCRIPTION + "socket/socket"))
                    .onSuccess(socket -> socket.textMessageHandler(first::complete)));
            assertThat(Patience.get(Future.fromCompletionStage(first))).contains("\"index\"");
            UpgradeRejectedException refused = Assertions.assertInstanceOf(
                    UpgradeRejectedException.class,
                    Patience.get(client.connect(options(front, SUBSCRIPTION + "nobody/socket"))
                            .<Throwable>map(socket -> new AssertionError("a socket of nobody's subscription"))
                            .otherwise(cause -> cause)));
            assertThat(refused.getStatus()).isEqualTo(404);
            Buffer body = refused.getBody();
            assertThat(new JsonObject(body).getString("code")).isEqualTo("subscription_unknown");
        } finally {
            Patience.get(vertx.close());
        }
    }

    private static WebSocketConnectOptions options(Client front, String path) {
        URI base = front.base();
        return new WebSocketConnectOptions()
                .setHost(base.getHost())
                .setPort(base.getPort())
                .setURI(path);
    }
}
