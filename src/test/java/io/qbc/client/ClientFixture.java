package io.qbc.client;

import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Qbc;
import io.qbc.client.answer.QbcException;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A node and a client over each way to it. */
final class ClientFixture implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<QbcClient> clients;
    private final Qbc node;
    private int chains;

    enum Way {
        REST,
        BUS
    }

    ClientFixture(Path data) {
        node = Patience.get(setup(data).start());
        clients = List.of(
                QbcClient.rest(vertx, ClientOptions.of(node.url())),
                QbcClient.eventBus(vertx, ClientOptions.eventBus()));
    }

    private Qbc.Setup setup(Path data) {
        return Qbc.on(vertx).config("data", data).config("port", 0).config("http.instances", 1);
    }

    QbcClient client(Way way) {
        return clients.get(way == Way.REST ? 0 : 1);
    }

    Vertx vertx() {
        return vertx;
    }

    /** A new chain that the node alone seals. */
    String chain() {
        String name = "chain" + chains++;
        Patience.get(client(Way.REST).bang("{\"name\":\"" + name + "\",\"consensus\":{\"engine\":\"dbc\"}}"));
        return name;
    }

    /** Puts these numbers into the chain, each in a quant of its own. */
    void seal(String chain, int from, int to) {
        for (int n = from; n < to; n++) {
            Patience.get(client(Way.REST)
                    .inject(
                            chain,
                            TransactionRequest.json("{\"n\":" + n + ",\"exact\":1.50}")
                                    .withType("order.placed")));
            Patience.get(client(Way.REST).leap(chain));
        }
    }

    static String code(Future<?> future) {
        await().until(future::isComplete);
        return Optional.ofNullable(future.cause())
                .map(cause -> ((QbcException) cause).code())
                .orElse("");
    }

    @Override
    public void close() {
        clients.forEach(client -> Patience.get(client.close()));
        Patience.get(node.close());
        Patience.get(vertx.close());
    }
}
