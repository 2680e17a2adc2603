package io.qbc.client;

import io.qbc.client.answer.BatchResult;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.ChainInfo;
import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.FoundTransaction;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.answer.LeapSummary;
import io.qbc.client.answer.QbcException;
import io.qbc.client.answer.QuantInfo;
import io.qbc.client.answer.QuantPage;
import io.qbc.client.answer.SubscriptionEvent;
import io.qbc.client.answer.TransactionPage;
import io.qbc.client.bus.EventBusTransport;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.ConsumeOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TraceFields;
import io.qbc.client.request.TransactionQuery;
import io.qbc.client.request.TransactionRequest;
import io.qbc.client.rest.RestTransport;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A client of one node, or of several that have the same chains, over REST or over the event bus.
 *
 * <p>A call is tried again, at the next node if there is one, where a node does not answer or says that it cannot do
 * it at present, until its time is over; never sooner than the node asks for, and never so that something is done
 * twice. A refusal for good fails at once. Each failure is a {@link QbcException}. Chains are named by name or id. All
 * methods may be called by any thread.
 *
 * <pre>{@code
 * QbcClient client = QbcClient.rest(vertx, ClientOptions.of("http://127.0.0.1:6018"));
 * client.inject("main", TransactionRequest.of(new JsonObject().put("n", 1)).withKey("order-4711"))
 *         .onSuccess(result -> log.info("durable: {}", result.id()));
 * }</pre>
 */
public interface QbcClient {
    /** A client of the REST API of the nodes in the options. */
    static QbcClient rest(Vertx vertx, ClientOptions options) {
        return new DefaultClient(vertx, options, new RestTransport(vertx, options));
    }

    /** A client of the nodes on this event bus, clustered or not. */
    static QbcClient eventBus(Vertx vertx, ClientOptions options) {
        return eventBus(vertx, options, EventBusTransport.BASE);
    }

    /**
     * The same of nodes at other addresses than the usual.
     *
     * @param base with what the addresses begin, usually {@code qbc.v1}
     */
    static QbcClient eventBus(Vertx vertx, ClientOptions options, String base) {
        return new DefaultClient(vertx, options, new EventBusTransport(vertx, options, base));
    }

    /**
     * This client, with its calls in a trace instead of those of {@link ClientOptions#traces}. It has the same
     * connections and limits, costs nothing to make, and is closed with this one; closing it closes this one. What a
     * stream or a consumer asks for of its own is in no trace.
     *
     * <pre>{@code
     * client.traced(TraceFields.of(request.getHeader("traceparent"))).inject("main", transaction);
     * }</pre>
     */
    QbcClient traced(TraceFields trace);

    /** Has a transaction taken in; complete when it is durable. */
    Future<InjectResult> inject(String chain, TransactionRequest request);

    /**
     * The same, and waits until it is in a quant; the result tells whether it is after that time.
     *
     * <pre>{@code
     * client.inject("main", request, Duration.ofSeconds(10)).onSuccess(result -> assert result.isCommitted());
     * }</pre>
     */
    Future<InjectResult> inject(String chain, TransactionRequest request, Duration wait);

    /**
     * Has many transactions taken in, in their order; each succeeds or is refused alone, and has its result at its
     * place.
     *
     * <pre>{@code
     * client.injectAll("main", requests).onSuccess(results -> results.forEach(result -> {
     *     if (result instanceof BatchResult.Refused refused) {
     *         log.warn("refused", refused.cause());
     *     }
     * }));
     * }</pre>
     */
    Future<List<BatchResult>> injectAll(String chain, List<TransactionRequest> requests);

    /** A transaction and where it is; nothing if the node does not have it. */
    Future<Optional<FoundTransaction>> findTransaction(String chain, Hash id);

    /** The same as soon as it is in a quant, or superseded, or the time is over. */
    Future<Optional<FoundTransaction>> findTransaction(String chain, Hash id, Duration wait);

    /**
     * A page of a chain's transactions by key, type, author and time.
     *
     * <pre>{@code
     * client.listTransactions("main", TransactionQuery.ofKey("order-4711"))
     *         .onSuccess(page -> check(page.transactions()));
     * }</pre>
     */
    Future<TransactionPage> listTransactions(String chain, TransactionQuery query);

    /** The last quant of a chain. */
    Future<QuantInfo> head(String chain);

    /** The quant at a height; nothing if the chain is not so high. */
    Future<Optional<QuantInfo>> findQuant(String chain, long height);

    /** The quant with a hash; nothing if the node does not have it. */
    Future<Optional<QuantInfo>> findQuant(String chain, Hash hash);

    /**
     * A page of quants.
     *
     * @param from the height to begin at
     * @param limit how many at most; the node may give fewer
     */
    Future<QuantPage> listQuants(String chain, long from, int limit);

    /**
     * Reads quants one after the other up to the head, a page at a time, at the reader's pace.
     *
     * <pre>{@code
     * client.readQuants("main", 0, quant -> database.save(quant)).onSuccess(next -> remember(next));
     * }</pre>
     *
     * @return the height to go on at another time
     */
    Future<Long> readQuants(String chain, long from, Function<QuantInfo, Future<?>> reader);

    /**
     * Follows what comes to a chain and what leaves it, none skipped and each after the one before was handled. A
     * handler that fails ends the stream.
     *
     * <pre>{@code
     * client.follow("main", FollowStart.atHeight(0), event -> {
     *     if (event instanceof ChainEvent.QuantCame came) {
     *         return handle(came.quant());
     *     }
     *     return Future.succeededFuture();
     * }).onSuccess(stream -> stream.ended().onFailure(cause -> log.error("over", cause)));
     * }</pre>
     */
    Future<EventStream> follow(String chain, FollowStart start, Function<ChainEvent, Future<?>> handler);

    /**
     * The durable followers of a chain: to make, change, move and remove them, and to fetch from them by hand.
     *
     * <pre>{@code
     * client.subscriptions("orders").put("shop", "{\"filter\":{\"types\":[\"order.*\"]}}");
     * }</pre>
     */
    SubscriptionClient subscriptions(String chain);

    /**
     * The chains that nodes keep as tables: to make, change and remove such tables, to compare them with the chain,
     * and to read them.
     *
     * <pre>{@code
     * client.projections().rows("shop", "customer", RowQuery.all().where("country", "CH"));
     * }</pre>
     */
    ProjectionClient projections();

    /**
     * Consumes a subscription: hands its events to the handler in order, each after the one before was handled, and
     * acknowledges what was handled. It begins where the subscription stands, also after a restart; lost connections,
     * restarts of nodes and other consumers of the same subscription are waited for. A handler that fails ends it, and
     * the event comes again to the next consumer.
     *
     * <pre>{@code
     * client.consume("orders", "shop", ConsumeOptions.made("{\"data\":true}"), event -> warehouse.take(event))
     *         .onSuccess(consumer -> consumer.ended().onFailure(cause -> log.error("over", cause)));
     * }</pre>
     */
    Future<EventConsumer> consume(
            String chain, String subscription, ConsumeOptions how, Function<SubscriptionEvent, Future<?>> handler);

    /** All chains that the caller may read, ordered by name. */
    Future<List<ChainInfo>> listChains();

    /** One chain; nothing if the node does not have it. */
    Future<Optional<ChainInfo>> findChain(String chain);

    /**
     * Makes the chain of a spec, or finds it if it is there.
     *
     * <pre>{@code
     * client.bang("{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
     * }</pre>
     *
     * @param spec its JSON text
     */
    Future<ChainInfo> bang(String spec);

    /** Seals all that waits in a chain. */
    Future<LeapSummary> leap(String chain);

    /** The node that answers: its version, its key, its warnings. */
    Future<JsonObject> showNode();

    /** Ends the client: calls in flight fail, streams end, connections are closed. The Vertx is not. */
    Future<Void> close();
}
