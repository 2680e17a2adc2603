package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Patience;
import io.qbc.client.QbcClient;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;

/** Injects into the chain {@code orders} without end, by a client that asks again as it does for everybody. */
final class InjectLoad implements AutoCloseable {
    private static final int IN_FLIGHT = 8;

    private final Vertx vertx = Vertx.vertx();
    private final QbcClient client;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> injected = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore idle = new Semaphore(0);

    InjectLoad(String... urls) {
        client = QbcClient.rest(vertx, ClientOptions.of(urls));
        for (int lane = 0; lane < IN_FLIGHT; lane++) {
            inject(lane, 0);
        }
    }

    private void inject(int lane, int number) {
        if (over.get()) {
            idle.release();
            return;
        }
        client.inject(
                        "orders",
                        TransactionRequest.json("{\"lane\":" + lane + ",\"n\":" + number + "}")
                                .withKey(lane + "-" + number))
                .onSuccess(result -> injected.add(lane + "-" + number))
                .onFailure(failures::add)
                .onComplete(any -> inject(lane, number + 1));
    }

    /** Until each that may have begun before is answered, and more. */
    void awaitProgress() {
        int before = injected.size();
        Awaitility.await().atMost(Patience.CONDITION).until(() -> injected.size() > before + 2 * IN_FLIGHT);
    }

    /**
     * Ends; no call failed, and what each injected is once in the chain of a node. Its id may be another one, where a
     * node was lost with its answer and a second one took the same in.
     */
    void endsWhole(Client node) throws InterruptedException {
        over.set(true);
        idle.acquire(IN_FLIGHT);
        assertThat(failures).isEmpty();
        ChainClient chain = new ChainClient(node, "orders");
        Await.asserted("all is in the chain, once", () -> {
            List<String> inChain = new ArrayList<>();
            chain.quants(quant -> quant.get("transactions").forEach(transaction -> {
                JsonNode data = transaction.get("data");
                if (data != null && data.has("lane")) {
                    inChain.add(data.get("lane") + "-" + data.get("n"));
                }
            }));
            assertThat(inChain).doesNotHaveDuplicates();
            Set<String> missing = new TreeSet<>(injected);
            inChain.forEach(missing::remove);
            assertThat(missing).isEmpty();
        });
    }

    @Override
    public void close() {
        over.set(true);
        Patience.get(client.close());
        Patience.get(vertx.close());
    }
}
