package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.answer.EventStream;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.FollowStart;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a stream has open when it is over. */
class StreamEndTest {
    private static final String EVENT = "id: 1-" + "0".repeat(64) + "\nevent: quant\ndata: {\"chain\":\""
            + "1".repeat(64) + "\",\"height\":1,\"hash\":\"" + "2".repeat(64)
            + "\",\"count\":0,\"treeSize\":0,\"timestamp\":1}\n\n";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger open = new AtomicInteger();

    @AfterEach
    void end() {
        Patience.get(vertx.close());
    }

    private void serve(HttpServerRequest request) {
        open.incrementAndGet();
        request.connection().closeHandler(gone -> open.decrementAndGet());
        request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("id: 0-" + "0".repeat(64) + "\n\n" + EVENT);
    }

    @Test
    void aHandlerThatFailsLeavesNoConnectionOpen() {
        HttpServer server = Patience.get(
                vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
        QbcClient client = QbcClient.rest(vertx, ClientOptions.of("http://127.0.0.1:" + server.actualPort()));
        EventStream stream =
                Patience.get(client.follow("main", FollowStart.now(), event -> Future.failedFuture("not this one")));
        await().until(() -> stream.ended().isComplete());
        assertThat(stream.ended().failed()).isTrue();
        await().until(() -> open.get() == 0);
    }
}
