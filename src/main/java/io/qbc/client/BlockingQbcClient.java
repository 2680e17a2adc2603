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
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.ConsumeOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TraceFields;
import io.qbc.client.request.TransactionQuery;
import io.qbc.client.request.TransactionRequest;
import io.qbc.model.Hash;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * A client whose calls block, for programs without Vert.x. Each failure is a {@link QbcException}.
 *
 * <pre>{@code
 * try (BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of("http://127.0.0.1:6018"))) {
 *     InjectResult result = client.inject("main", TransactionRequest.json("{\"n\":1}").withKey("order-4711"));
 * }
 * }</pre>
 */
public final class BlockingQbcClient implements AutoCloseable {
    private final QbcClient client;
    private final Vertx vertx;
    private final boolean own;

    private BlockingQbcClient(QbcClient client, Vertx vertx, boolean own) {
        this.client = client;
        this.vertx = vertx;
        this.own = own;
    }

    /** A client of these nodes, which ends all that it began when it is closed. */
    public static BlockingQbcClient connect(ClientOptions options) {
        Vertx vertx = Vertx.vertx();
        return new BlockingQbcClient(QbcClient.rest(vertx, options), vertx, true);
    }

    /** The same calls of a client that is there; closing this closes that, and leaves its Vertx. */
    public static BlockingQbcClient of(QbcClient client, Vertx vertx) {
        return new BlockingQbcClient(client, vertx, false);
    }

    /** This client, with its calls in a trace; closing it closes this one. */
    public BlockingQbcClient traced(TraceFields trace) {
        return new BlockingQbcClient(client.traced(trace), vertx, own);
    }

    /** Has a transaction taken in; returns when it is durable. */
    public InjectResult inject(String chain, TransactionRequest request) {
        return await(client.inject(chain, request));
    }

    /** The same, and waits until it is in a quant; the result tells whether it is after that time. */
    public InjectResult inject(String chain, TransactionRequest request, Duration wait) {
        return await(client.inject(chain, request, wait));
    }

    /** Has many transactions taken in; each succeeds or is refused alone, and has its result at its place. */
    public List<BatchResult> injectAll(String chain, List<TransactionRequest> requests) {
        return await(client.injectAll(chain, requests));
    }

    /** A transaction and where it is; nothing if the node does not have it. */
    public Optional<FoundTransaction> findTransaction(String chain, Hash id) {
        return await(client.findTransaction(chain, id));
    }

    /** The same as soon as it is in a quant, or superseded, or the time is over. */
    public Optional<FoundTransaction> findTransaction(String chain, Hash id, Duration wait) {
        return await(client.findTransaction(chain, id, wait));
    }

    /** A page of a chain's transactions by key, type, author and time. */
    public TransactionPage listTransactions(String chain, TransactionQuery query) {
        return await(client.listTransactions(chain, query));
    }

    /** The last quant of a chain. */
    public QuantInfo head(String chain) {
        return await(client.head(chain));
    }

    /** The quant at a height; nothing if the chain is not so high. */
    public Optional<QuantInfo> findQuant(String chain, long height) {
        return await(client.findQuant(chain, height));
    }

    /** The quant with a hash; nothing if the node does not have it. */
    public Optional<QuantInfo> findQuant(String chain, Hash hash) {
        return await(client.findQuant(chain, hash));
    }

    /** A page of quants from a height on. */
    public QuantPage listQuants(String chain, long from, int limit) {
        return await(client.listQuants(chain, from, limit));
    }

    /** Reads quants one after the other up to the head; gives the height to go on at another time. */
    public long readQuants(String chain, long from, Consumer<QuantInfo> reader) {
        return await(client.readQuants(chain, from, quant -> apart(() -> reader.accept(quant))));
    }

    /**
     * Follows what comes to a chain and what leaves it; the handler runs on another thread, one event at a time, and
     * may block.
     */
    public EventStream follow(String chain, FollowStart start, Consumer<ChainEvent> handler) {
        return await(client.follow(chain, start, event -> apart(() -> handler.accept(event))));
    }

    /** The durable followers of a chain. */
    public BlockingSubscriptionClient subscriptions(String chain) {
        return new BlockingSubscriptionClient(client.subscriptions(chain));
    }

    /** The chains that nodes keep as tables. */
    public BlockingProjectionClient projections() {
        return new BlockingProjectionClient(client.projections());
    }

    /**
     * Consumes a subscription; the handler runs on another thread, one event at a time, and may block. What it has
     * returned from is acknowledged.
     */
    public EventConsumer consume(
            String chain, String subscription, ConsumeOptions how, Consumer<SubscriptionEvent> handler) {
        return await(client.consume(chain, subscription, how, event -> apart(() -> handler.accept(event))));
    }

    /** All chains that the caller may read, ordered by name. */
    public List<ChainInfo> listChains() {
        return await(client.listChains());
    }

    /** One chain; nothing if the node does not have it. */
    public Optional<ChainInfo> findChain(String chain) {
        return await(client.findChain(chain));
    }

    /** Makes the chain of a spec in JSON, or finds it if it is there. */
    public ChainInfo bang(String spec) {
        return await(client.bang(spec));
    }

    /** Seals all that waits in a chain. */
    public LeapSummary leap(String chain) {
        return await(client.leap(chain));
    }

    /** The node that answers, in JSON. */
    public String showNode() {
        return await(client.showNode()).encode();
    }

    @Override
    public void close() {
        Future<Void> closed = client.close();
        await(own ? closed.transform(any -> vertx.close()) : closed);
    }

    private Future<Void> apart(Runnable work) {
        return vertx.executeBlocking(
                () -> {
                    work.run();
                    return null;
                },
                false);
    }

    static <T> T await(Future<T> future) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a call that blocks would stop the event loop; use QbcClient there");
        }
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw QbcException.own(
                    QbcException.TIMED_OUT, "It took too long", "the thread was interrupted before the answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                known.addSuppressed(new IllegalStateException("the call came from here"));
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
