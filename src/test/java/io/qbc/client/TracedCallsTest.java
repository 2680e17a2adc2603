package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.request.AuthorKey;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.ConsumeOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TraceFields;
import io.qbc.client.request.TransactionRequest;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which trace the requests of a client are, as a node gets them that first refuses each new path once. */
class TracedCallsTest {
    private static final String HASH = "ab".repeat(32);
    private static final JsonObject TAKEN =
            new JsonObject().put("id", HASH).put("chain", HASH).put("state", "pending");
    private static final JsonObject CHAIN = new JsonObject()
            .put("id", HASH)
            .put("name", "main")
            .put("spec", new JsonObject())
            .put("writable", true)
            .put("frozen", false)
            .put(
                    "head",
                    new JsonObject("{\"height\":0,\"treeSize\":0,\"timestamp\":0}")
                            .put("hash", HASH)
                            .put("root", HASH))
            .put("pool", new JsonObject().put("transactions", 0));
    private static final int BUSY = 503;
    private static final TraceFields TRACE = trace(0x99).of("a=1");

    private final Vertx vertx = Vertx.vertx();
    private final List<QbcClient> clients = new ArrayList<>();
    /** Of each request that came: its name, and the fields of its trace. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final AtomicInteger asked = new AtomicInteger();

    private record Trace(String parent) {
        TraceFields of(String state) {
            return TraceFields.of(parent, state);
        }

        TraceFields alone() {
            return TraceFields.of(parent);
        }
    }

    private static Trace trace(int span) {
        return new Trace("00-4bf92f3577b34da6a3ce929d0e0e4736-" + String.format("%016x", span) + "-01");
    }

    @AfterEach
    void end() {
        clients.forEach(client -> Patience.get(client.close()));
        Patience.get(vertx.close());
    }

    private static String fields(MultiMap fields) {
        return fields.getAll("traceparent") + " " + fields.getAll("tracestate");
    }

    private static String fields(TraceFields trace) {
        return List.of(trace.traceparent()) + " " + trace.tracestate().stream().toList();
    }

    /** Whether this name came for the first time, which it tells. */
    private boolean isFirst(String name, MultiMap fields) {
        boolean first = seen.stream().noneMatch(one -> one.startsWith(name + " "));
        seen.add(name + " " + fields(fields));
        return first;
    }

    private QbcClient rest(Supplier<Optional<TraceFields>> traces) {
        HttpServer server = Patience.get(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body.toString())))
                .listen(0, "127.0.0.1"));
        return kept(QbcClient.rest(
                vertx,
                ClientOptions.of("http://127.0.0.1:" + server.actualPort()).withTraces(traces)));
    }

    private void answer(HttpServerRequest request, String body) {
        if (isFirst(request.method() + " " + request.path(), request.headers())) {
            request.response().setStatusCode(BUSY).putHeader("Retry-After", "0").end("{\"code\":\"busy\"}");
        } else if (request.path().endsWith("/transactions")) {
            long lines = body.lines().count();
            request.response().setStatusCode(202).end((TAKEN.encode() + "\n").repeat((int) lines));
        } else {
            request.response().end(CHAIN.encode());
        }
    }

    private QbcClient bus(Supplier<Optional<TraceFields>> traces) {
        serve("transactions.inject", TAKEN);
        serve("chains.find", CHAIN);
        return kept(QbcClient.eventBus(vertx, ClientOptions.eventBus().withTraces(traces)));
    }

    private void serve(String name, JsonObject answer) {
        vertx.eventBus().<JsonObject>consumer("qbc.v1." + name, message -> {
            if (isFirst(name, message.headers())) {
                message.fail(BUSY, "{\"code\":\"busy\"}");
            } else {
                message.reply(answer);
            }
        });
    }

    private QbcClient kept(QbcClient client) {
        clients.add(client);
        return client;
    }

    /** Another one each time, of the thread that asks. */
    private Optional<TraceFields> next() {
        assertThat(Thread.currentThread().getName()).doesNotContain("vert.x");
        return Optional.of(trace(asked.incrementAndGet()).alone());
    }

    private static TransactionRequest one() {
        return TransactionRequest.json("1");
    }

    private List<QbcClient> both(Supplier<Optional<TraceFields>> traces) {
        return List.of(rest(traces), bus(traces));
    }

    @Test
    void allTriesOfACallAreInTheTraceThatIsHandedOver() {
        for (QbcClient client : both(Optional::empty)) {
            seen.clear();
            Patience.get(client.traced(TRACE).inject("main", one()));
            Patience.get(client.inject("main", one()));
            assertThat(seen).hasSize(3);
            assertThat(seen.subList(0, 2)).allMatch(one -> one.endsWith(fields(TRACE)));
            assertThat(seen.get(2)).endsWith("[] []");
        }
    }

    @Test
    void eachCallIsInTheTraceOfItsMoment() {
        for (QbcClient client : both(this::next)) {
            seen.clear();
            asked.set(0);
            Patience.get(client.inject("main", one()));
            Patience.get(client.inject("main", one()));
            Patience.get(client.traced(TRACE).inject("main", one()));
            assertThat(asked).hasValue(2);
            assertThat(seen)
                    .extracting(one -> one.substring(one.indexOf('[')))
                    .containsExactly(
                            fields(trace(1).alone()),
                            fields(trace(1).alone()),
                            fields(trace(2).alone()),
                            fields(TRACE));
        }
    }

    @Test
    void allRequestsOfACallAreInOne() {
        AuthorKey author = AuthorKey.fresh();
        for (QbcClient client : both(this::next)) {
            seen.clear();
            asked.set(0);
            Patience.get(client.inject("main", one().signedBy(author)));
            assertThat(asked).hasValue(1);
            assertThat(seen).hasSize(4).allMatch(one -> one.endsWith(fields(trace(1).alone())));
        }
    }

    @Test
    void aBatchOfSeveralPartsIsInOne() {
        List<TransactionRequest> many =
                IntStream.range(0, 600).mapToObj(n -> one()).toList();
        for (QbcClient client : both(this::next)) {
            seen.clear();
            asked.set(0);
            assertThat(Patience.get(client.injectAll("main", many))).hasSize(600);
            assertThat(asked).hasValue(1);
            assertThat(seen).hasSizeGreaterThan(2).allMatch(one -> one.endsWith(fields(trace(1).alone())));
        }
    }

    @Test
    void verbsOfSubscriptionsAndTablesAreInTheTraceOfTheirClient() {
        QbcClient client = rest(this::next);
        client.subscriptions("main").list();
        client.traced(TRACE).subscriptions("main").list();
        client.traced(TRACE).projections().list();
        await().until(() -> seen.size() >= 3);
        assertThat(asked).hasValue(1);
        assertThat(seen.stream().filter(one -> one.endsWith(fields(TRACE))).count())
                .isGreaterThanOrEqualTo(2);
        assertThat(seen).allMatch(one -> one.endsWith(fields(TRACE)) || one.endsWith(fields(trace(1).alone())));
    }

    @Test
    void streamsAndConsumersAreInNone() {
        QbcClient client = rest(this::next).traced(TRACE);
        client.follow("main", FollowStart.atHeight(0), event -> Future.succeededFuture());
        client.consume("main", "shop", ConsumeOptions.existing(), event -> Future.succeededFuture());
        await().until(() -> seen.stream().anyMatch(one -> one.contains("events"))
                && seen.stream().anyMatch(one -> one.contains("fetch")));
        assertThat(asked).hasValue(0);
        assertThat(seen).allMatch(one -> one.endsWith("[] []"));
    }

    @Test
    void aCallThrowsWhatTheSupplierDoesAndSendsNothing() {
        for (QbcClient client : both(() -> Optional.of(TraceFields.of("00-0-0-0")))) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.inject("main", one()));
            assertThatIllegalArgumentException().isThrownBy(() -> client.listChains());
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void whoBlocksHandsItOverToo() {
        BlockingQbcClient client = BlockingQbcClient.of(rest(this::next), vertx);
        client.traced(TRACE).inject("main", one());
        client.inject("main", one());
        assertThat(seen)
                .extracting(one -> one.substring(one.indexOf('[')))
                .containsExactly(fields(TRACE), fields(TRACE), fields(trace(1).alone()));
    }
}
