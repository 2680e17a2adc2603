package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.client.ClientOptions;
import io.qbc.client.QbcClient;
import io.qbc.client.TransactionRequest;
import io.qbc.client.answer.InjectResult;
import io.vertx.core.Vertx;
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
    private final ConcurrentLinkedQueue<InjectResult> injected = new ConcurrentLinkedQueue<>();
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
                .onSuccess(injected::add)
                .onFailure(failures::add)
                .onComplete(any -> inject(lane, number + 1));
    }

    /** Until each that may have begun before is answered, and more. */
    void awaitProgress() {
        int before = injected.size();
        Awaitility.await().atMost(Patience.CONDITION).until(() -> injected.size() > before + 2 * IN_FLIGHT);
    }

    /** Ends; no call failed, and each is once in the chain of a node. */
    void endsWhole(Client node) throws InterruptedException {
        over.set(true);
        idle.acquire(IN_FLIGHT);
        assertThat(failures).isEmpty();
        assertThat(injected.stream().map(InjectResult::id)).doesNotHaveDuplicates();
        ChainClient chain = new ChainClient(node, "orders");
        Await.asserted(
                "all is in the chain, once",
                () -> assertThat(chain.ids())
                        .doesNotHaveDuplicates()
                        .containsAll(
                                injected.stream().map(each -> each.id().hex()).toList()));
    }

    @Override
    public void close() {
        over.set(true);
        Patience.get(client.close());
        Patience.get(vertx.close());
    }
}
