package io.qbc.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentRosterTest {
    private static final ServingNode NODE = new ServingNode("1", "aa", URI.create("http://127.0.0.1:5000"));

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Future<List<ServingNode>>> told =
            new AtomicReference<>(Future.succeededFuture(List.of(NODE)));
    private Vertx vertx;
    private Context context;
    private RecentRoster roster;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        roster = new RecentRoster(
                new NodeRoster() {
                    @Override
                    public Future<List<ServingNode>> all() {
                        asked.incrementAndGet();
                        return told.get();
                    }

                    @Override
                    public Future<List<ServingNode>> keeping(String chain) {
                        return all();
                    }
                },
                context);
    }

    @AfterEach
    void end() {
        Patience.get(vertx.close());
    }

    private List<ServingNode> keeping(String chain) {
        Promise<List<ServingNode>> answer = Promise.promise();
        context.runOnContext(turn -> roster.keeping(chain).onComplete(answer::handle));
        return Patience.get(answer.future());
    }

    @Test
    void aQuestionIsAskedOnceForAMoment() {
        for (int i = 0; i < 3; i++) {
            assertThat(keeping("orders")).containsExactly(NODE);
        }
        // A machine may stand still for longer than that between two of them.
        assertThat(asked.get()).isBetween(1, 2);
        int before = asked.get();
        keeping("others");
        assertThat(asked.get()).isGreaterThan(before);
        told.set(Future.succeededFuture(List.of()));
        Awaitility.await().until(() -> keeping("orders").isEmpty());
    }

    @Test
    void thatThereIsNoneIsNotKept() {
        told.set(Future.succeededFuture(List.of()));
        assertThat(keeping("orders")).isEmpty();
        told.set(Future.failedFuture("no cluster"));
        Promise<Throwable> failed = Promise.promise();
        context.runOnContext(turn -> roster.keeping("orders").onFailure(failed::complete));
        assertThat(Patience.get(failed.future())).hasMessage("no cluster");
        told.set(Future.succeededFuture(List.of(NODE)));
        assertThat(keeping("orders")).containsExactly(NODE);
    }
}
