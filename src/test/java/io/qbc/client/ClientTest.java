package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Qbc;
import io.qbc.client.answer.BatchResult;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.ChainEvent.QuantCame;
import io.qbc.client.answer.ChainInfo;
import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.FoundTransaction;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.answer.LeapSummary;
import io.qbc.client.answer.QbcException;
import io.qbc.client.answer.QuantInfo;
import io.qbc.client.answer.StoredTransaction;
import io.qbc.client.answer.TransactionPage;
import io.qbc.client.answer.TransactionState;
import io.qbc.client.request.AuthorKey;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TransactionQuery;
import io.qbc.client.request.TransactionRequest;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client over both ways against a node with a store. */
class ClientTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static int chains;
    private static Qbc node;

    @TempDir
    static Path data;

    private final List<QbcClient> clients = new ArrayList<>();

    enum Way {
        REST,
        BUS
    }

    @BeforeAll
    static void start() {
        node = Patience.get(Qbc.on(VERTX)
                .config("data", data.resolve("node"))
                .config("port", 0)
                .config("http.instances", 1)
                .start());
    }

    @AfterAll
    static void stop() {
        Patience.get(node.close());
        Patience.get(VERTX.close());
    }

    @AfterEach
    void end() {
        clients.forEach(client -> Patience.get(client.close()));
    }

    private QbcClient client(Way way) {
        QbcClient client = way == Way.REST
                ? QbcClient.rest(VERTX, ClientOptions.of(node.url()))
                : QbcClient.eventBus(VERTX, ClientOptions.eventBus());
        clients.add(client);
        return client;
    }

    /** A new chain that this node alone seals. */
    private static String chain(QbcClient client) {
        String name = "chain" + chains++;
        ChainInfo made = Patience.get(client.bang("{\"name\":\"" + name + "\",\"consensus\":{\"engine\":\"dbc\"}}"));
        assertThat(made.name()).isEqualTo(name);
        return name;
    }

    private static Throwable failure(Future<?> future) {
        await().until(future::isComplete);
        return future.cause();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInjectedIsFoundAndSealed(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        TransactionRequest request = TransactionRequest.of(new JsonObject().put("n", 1))
                .withKey("order-1")
                .withType("order");
        InjectResult result = Patience.get(client.inject(chain, request));
        assertThat(result.state()).isEqualTo(TransactionState.PENDING);
        assertThat(Patience.get(client.inject(chain, request)).id()).isEqualTo(result.id());

        LeapSummary leap = Patience.get(client.leap(chain));
        assertThat(leap.count()).isEqualTo(1);
        FoundTransaction found =
                Patience.get(client.findTransaction(chain, result.id())).orElseThrow();
        assertThat(found.isCommitted()).isTrue();
        assertThat(found.quant()).contains(leap.hash());
        assertThat(found.transaction().data()).isEqualTo("{\"n\":1}");
        assertThat(found.transaction().type()).isEqualTo("order");

        QuantInfo head = Patience.get(client.head(chain));
        assertThat(head.hash()).isEqualTo(leap.hash());
        assertThat(head.transactions()).extracting(StoredTransaction::id).containsExactly(result.id());
        assertThat(Patience.get(client.findQuant(chain, head.hash()))).contains(head);
        assertThat(Patience.get(client.findQuant(chain, 0)).orElseThrow().hash())
                .isEqualTo(head.previous());
        assertThat(Patience.get(client.findChain(chain)).orElseThrow().head().hash())
                .isEqualTo(leap.hash());
        assertThat(Patience.get(client.listChains()))
                .extracting(ChainInfo::name)
                .contains("main", chain);
        assertThat(Patience.get(client.showNode()).getString("key")).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void transactionsAreListedByKeyTypeAuthorAndTime(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        TransactionRequest order =
                TransactionRequest.json("{\"n\":1}").withKey("o-1").withType("order");
        InjectResult first = Patience.get(client.inject(chain, order));
        assertThat(listed(client, chain, TransactionQuery.ofKey("o-1"))).containsExactly(first.id());
        assertThat(listed(client, chain, TransactionQuery.all())).isEmpty();
        Patience.get(client.leap(chain));
        AuthorKey author = AuthorKey.fresh();
        InjectResult second = Patience.get(client.inject(
                chain, TransactionRequest.json("{\"n\":2}").withKey("o-1").signedBy(author)));
        Patience.get(client.leap(chain));
        TransactionQuery all = TransactionQuery.all();
        assertThat(listed(client, chain, all)).containsExactly(first.id(), second.id());
        assertThat(listed(client, chain, all.newestFirst())).containsExactly(second.id(), first.id());
        assertThat(listed(client, chain, all.withType("order"))).containsExactly(first.id());
        Bytes key = author.key();
        assertThat(listed(client, chain, all.withAuthor(key))).containsExactly(second.id());
        assertThat(listed(client, chain, all.withAuthor(key).withKey("o-1"))).containsExactly(second.id());
        assertThat(listed(client, chain, all.withAuthor(key).withType("order"))).isEmpty();
        Instant now = Instant.now();
        assertThat(listed(client, chain, all.between(now.minusSeconds(3600), now.plusSeconds(3600))))
                .hasSize(2);
        assertThat(listed(client, chain, all.between(now.minusSeconds(7200), now.minusSeconds(3600))))
                .isEmpty();
        TransactionPage page = Patience.get(client.listTransactions(chain, all.withLimit(1)));
        assertThat(page.next()).isPresent();
        TransactionQuery rest = all.goingOn(page.next().orElseThrow());
        assertThat(listed(client, chain, rest)).containsExactly(second.id());
        assertThat(failure(client.listTransactions(chain, rest.newestFirst())))
                .isInstanceOfSatisfying(
                        QbcException.class,
                        refused -> assertThat(refused.code()).isEqualTo("cursor_invalid"));
        assertThat(failure(client.listTransactions(chain, all.goingOn("?"))))
                .isInstanceOfSatisfying(
                        QbcException.class,
                        refused -> assertThat(refused.code()).isEqualTo("cursor_invalid"));
    }

    private static List<Hash> listed(QbcClient client, String chain, TransactionQuery query) {
        return Patience.get(client.listTransactions(chain, query)).transactions().stream()
                .map(found -> found.transaction().id())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsIsToldWhenItIsInAQuant(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        Future<InjectResult> waiting = client.inject(chain, TransactionRequest.json("1"), Duration.ofSeconds(30));
        await().until(() -> Patience.get(client.leap(chain)).count() > 0 || waiting.isComplete());
        assertThat(Patience.get(waiting).isCommitted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsNoFailureAndARefusalHasItsCode(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        assertThat(Patience.get(client.findTransaction(chain, Hash.ZERO))).isEmpty();
        assertThat(Patience.get(client.findQuant(chain, 7))).isEmpty();
        assertThat(Patience.get(client.findChain("nowhere"))).isEmpty();

        Patience.get(client.inject(chain, TransactionRequest.json("1").withKey("same")));
        Throwable reused =
                failure(client.inject(chain, TransactionRequest.json("2").withKey("same")));
        assertThat(reused).isInstanceOfSatisfying(QbcException.class, refused -> {
            assertThat(refused.code()).isEqualTo("key_reused");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.retryable()).isFalse();
            assertThat(refused.title()).isNotEmpty();
        });
        Throwable broken = failure(client.inject(chain, TransactionRequest.json("1,\"key\":\"sneaked\"")));
        assertThat(((QbcException) broken).code()).isEqualTo("json_invalid");
        Throwable nowhere = failure(client.inject("nowhere", TransactionRequest.json("1")));
        assertThat(((QbcException) nowhere).code()).isEqualTo("chain_unknown");
    }

    @ParameterizedTest
    @EnumSource
    void anAuthorsSignatureIsMadeByTheCaller(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        AuthorKey author = AuthorKey.fresh();
        TransactionRequest request =
                TransactionRequest.json("{ \"exact\": 0.10 }").withKey("by me").signedBy(author);
        InjectResult result = Patience.get(client.inject(chain, request));
        FoundTransaction found =
                Patience.get(client.findTransaction(chain, result.id())).orElseThrow();
        assertThat(found.transaction().signer()).contains(author.key());
        // Another salt and time, the same author, key and data.
        assertThat(Patience.get(client.inject(chain, request)).id()).isEqualTo(result.id());
        Throwable other = failure(client.inject(
                chain, TransactionRequest.json("2").withKey("by me").signedBy(author)));
        assertThat(((QbcException) other).code()).isEqualTo("key_reused");
    }

    @Test
    void aSeedGivesTheKeyThatTheNodeKnows() {
        byte[] seed = new byte[32];
        seed[7] = 5;
        AuthorKey author = AuthorKey.ofSeed(seed);
        assertThat(author.key()).isEqualTo(Ed25519.signer(seed).key());
        byte[] message = {1, 2, 3};
        assertThat(Ed25519.VERIFIER.verify(author.key(), message, author.sign(message)))
                .isTrue();
        assertThat(author.toString()).doesNotContain("0000000000000005");
    }

    @Test
    void dataKeepsItsBytesOverRest() {
        QbcClient client = client(Way.REST);
        String chain = chain(client);
        String data = "{\"b\": 1.50, \"a\" : [ 1e3 , \"\\u00e4]}\" ] }";
        InjectResult result = Patience.get(client.inject(chain, TransactionRequest.json(data)));
        Patience.get(client.leap(chain));
        assertThat(Patience.get(client.findTransaction(chain, result.id()))
                        .orElseThrow()
                        .transaction()
                        .data())
                .isEqualTo(data);
        assertThat(Patience.get(client.listQuants(chain, 1, 10))
                        .quants()
                        .get(0)
                        .transactions()
                        .get(0)
                        .data())
                .isEqualTo(data);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchHasAResultForEach(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        List<TransactionRequest> requests = new ArrayList<>(IntStream.range(0, 1200)
                .mapToObj(n -> TransactionRequest.json("{\"n\":\n" + n + "}").withKey("line-" + n))
                .toList());
        requests.set(700, TransactionRequest.json("{").withKey("broken"));
        requests.set(701, TransactionRequest.json("\"other\"").withKey("line-1"));
        List<BatchResult> results = Patience.get(client.injectAll(chain, requests));
        assertThat(results).hasSize(1200);
        assertThat(code(results.get(700))).isEqualTo("json_invalid");
        assertThat(code(results.get(701))).isEqualTo("key_reused");
        assertThat(results.stream().filter(BatchResult.Taken.class::isInstance)).hasSize(1198);
        assertThat(Patience.get(client.leap(chain)).count()).isEqualTo(1198);
    }

    private static String code(BatchResult result) {
        return ((BatchResult.Refused) result).cause().code();
    }

    @ParameterizedTest
    @EnumSource
    void quantsAreReadInOrderAtTheReadersPace(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        for (int n = 0; n < 5; n++) {
            Patience.get(client.inject(chain, TransactionRequest.json("" + n)));
            Patience.get(client.leap(chain));
        }
        List<Long> heights = new ArrayList<>();
        long next = Patience.get(client.readQuants(chain, 1, quant -> {
            heights.add(quant.height());
            return Future.succeededFuture();
        }));
        assertThat(heights).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(next).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void eventsAreFollowedAndResumed(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        List<Long> seen = new CopyOnWriteArrayList<>();
        EventStream first = Patience.get(client.follow(chain, FollowStart.atHeight(0), event -> note(seen, event)));
        leaps(client, chain, 3);
        await().until(() -> seen.equals(List.of(0L, 1L, 2L, 3L)));
        Patience.get(first.close());
        String place = first.place().orElseThrow();
        leaps(client, chain, 2);
        EventStream second = Patience.get(client.follow(chain, FollowStart.after(place), event -> note(seen, event)));
        await().until(() -> seen.equals(List.of(0L, 1L, 2L, 3L, 4L, 5L)));
        EventStream late = Patience.get(client.follow(chain, FollowStart.now(), event -> note(seen, event)));
        Patience.get(second.close());
        leaps(client, chain, 1);
        await().until(() -> seen.equals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L)));
        Patience.get(late.close());
        Patience.get(late.ended());
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatFailsEndsTheStreamBeforeItsEvent(Way way) {
        QbcClient client = client(way);
        String chain = chain(client);
        leaps(client, chain, 2);
        EventStream stream = Patience.get(client.follow(chain, FollowStart.atHeight(0), event -> {
            long height = ((QuantCame) event).quant().height();
            return height == 2 ? Future.failedFuture("not this one") : Future.succeededFuture();
        }));
        assertThat(failure(stream.ended())).hasMessage("not this one");
        assertThat(stream.place().orElseThrow()).startsWith("1-");
    }

    @ParameterizedTest
    @EnumSource
    void aStreamOfNothingIsRefused(Way way) {
        Throwable refused =
                failure(client(way).follow("nowhere", FollowStart.now(), event -> Future.succeededFuture()));
        assertThat(((QbcException) refused).code()).isEqualTo("chain_unknown");
    }

    private static Future<?> note(List<Long> seen, ChainEvent event) {
        if (event instanceof QuantCame came) {
            seen.add(came.quant().height());
        }
        return Future.succeededFuture();
    }

    private static void leaps(QbcClient client, String chain, int count) {
        for (int n = 0; n < count; n++) {
            Patience.get(client.inject(chain, TransactionRequest.json("" + n)));
            Patience.get(client.leap(chain));
        }
    }

    @Test
    void theBlockingClientDoesTheSame() {
        try (BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of(node.url()))) {
            ChainInfo chain = client.bang("{\"name\":\"blocking\",\"consensus\":{\"engine\":\"dbc\"}}");
            InjectResult result = client.inject(chain.name(), TransactionRequest.json("{\"n\":1}"));
            List<Long> seen = new CopyOnWriteArrayList<>();
            EventStream stream = client.follow(chain.name(), FollowStart.atHeight(1), event -> note(seen, event));
            client.leap(chain.name());
            assertThat(client.findTransaction(chain.name(), result.id())
                            .orElseThrow()
                            .isCommitted())
                    .isTrue();
            await().until(() -> seen.equals(List.of(1L)));
            Patience.get(stream.close());
            assertThatThrownBy(() -> client.inject("nowhere", TransactionRequest.json("1")))
                    .isInstanceOf(QbcException.class)
                    .hasMessageContaining("chain_unknown");
        }
    }
}
