package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.client.answer.EventBatch;
import io.qbc.client.answer.SubscriptionEvent;
import io.qbc.client.answer.SubscriptionEvent.Reverted;
import io.qbc.client.request.ConsumeOptions;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop of a consumer whose acknowledgements the test holds up. */
class EventPumpTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final Promise<Void> committing = Promise.promise();
    private final Promise<Object> committed = Promise.promise();

    @AfterEach
    void end() {
        Patience.get(vertx.close());
    }

    private SubscriptionClient node(EventBatch batch) {
        return (SubscriptionClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SubscriptionClient.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "fetch" -> Future.succeededFuture(batch);
                        case "commit" -> {
                            committing.tryComplete();
                            yield committed.future();
                        }
                        default -> Future.succeededFuture();
                    };
                });
    }

    @Test
    void oneThatIsClosedWhileItAcknowledgesInTheMiddleOfABatchHandlesNoMore() {
        SubscriptionEvent first = new Reverted("reverted-0", 3, 3, 1, Hash.ZERO);
        SubscriptionEvent second = new Reverted("reverted-1", 4, 4, 1, Hash.ZERO);
        List<String> handled = new CopyOnWriteArrayList<>();
        EventPump pump = new EventPump(
                vertx,
                node(new EventBatch(List.of(first, second), 4, 0, false)),
                "shop",
                ConsumeOptions.existing(),
                event -> {
                    handled.add(event.id());
                    return Future.succeededFuture();
                });
        Patience.get(pump.begin());
        // What was undone is acknowledged before the next event is handled.
        Patience.get(committing.future());
        Future<Void> closed = pump.close();
        Promise<Void> after = Promise.promise();
        vertx.runOnContext(any -> after.complete());
        Patience.get(after.future());
        committed.complete();
        Patience.get(closed);
        assertThat(handled).containsExactly("reverted-0");
        assertThat(pump.offset()).hasValue(3);
        assertThat(calls).containsExactly("fetch", "commit", "release");
    }
}
