package io.qbc.client;

import io.qbc.client.answer.AnswerReader;
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
import io.qbc.client.request.AuthorKey;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.ConsumeOptions;
import io.qbc.client.request.FollowStart;
import io.qbc.client.request.TraceFields;
import io.qbc.client.request.TransactionQuery;
import io.qbc.client.request.TransactionRequest;
import io.qbc.client.transport.ApiCaller;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.client.transport.Retrier;
import io.qbc.client.transport.TransactionText;
import io.qbc.client.transport.TransactionText.SignedChain;
import io.qbc.client.transport.Transport;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The client over whichever way there is to nodes. */
final class DefaultClient implements QbcClient {
    /** Refusals after which what is known of a chain may be of another one of the same name. */
    private static final Set<String> STALE = Set.of("transaction_chain", "schema_version", "chain_unknown");

    private final Transport transport;
    private final Retrier retrier;
    private final ApiCaller caller;
    private final Vertx vertx;
    private final BatchInjector injector;
    private final Set<EventPump> pumps;
    private final Map<String, SignedChain> signedChains;

    DefaultClient(Vertx vertx, ClientOptions options, Transport transport) {
        this.vertx = vertx;
        this.transport = transport;
        this.retrier = new Retrier(vertx, options, transport.nodes());
        this.caller = new ApiCaller(retrier, transport, options.traces());
        this.injector = new BatchInjector(this, retrier, transport.batches(), options.inFlightMax());
        this.pumps = ConcurrentHashMap.newKeySet();
        this.signedChains = new ConcurrentHashMap<>();
    }

    /** The same client, with calls in a trace. */
    private DefaultClient(DefaultClient client, TraceFields trace) {
        this.vertx = client.vertx;
        this.transport = client.transport;
        this.retrier = client.retrier;
        this.caller = client.caller.in(() -> Optional.of(trace));
        this.injector = client.injector;
        this.pumps = client.pumps;
        this.signedChains = client.signedChains;
    }

    @Override
    public QbcClient traced(TraceFields trace) {
        return new DefaultClient(this, trace);
    }

    @Override
    public Future<InjectResult> inject(String chain, TransactionRequest request) {
        return inject(chain, request, Duration.ZERO);
    }

    @Override
    public Future<InjectResult> inject(String chain, TransactionRequest request, Duration wait) {
        return inject(caller.begun(), chain, request, wait);
    }

    /** One of the requests of a call. */
    Future<InjectResult> inject(ApiCaller calls, String chain, TransactionRequest request, Duration wait) {
        return text(calls, chain, request)
                .compose(text -> calls.call(
                        ApiRequest.of(ApiVerb.INJECT, chain).with(text).waiting(wait), InjectResult::of))
                .onFailure(cause -> forgetStale(chain, cause));
    }

    @Override
    public Future<List<BatchResult>> injectAll(String chain, List<TransactionRequest> requests) {
        return injector.all(caller.begun(), chain, requests);
    }

    @Override
    public Future<Optional<FoundTransaction>> findTransaction(String chain, Hash id) {
        return findTransaction(chain, id, Duration.ZERO);
    }

    @Override
    public Future<Optional<FoundTransaction>> findTransaction(String chain, Hash id, Duration wait) {
        ApiRequest request = ApiRequest.of(ApiVerb.FIND_TRANSACTION, chain)
                .with("id", id.hex())
                .waiting(wait);
        return ApiCaller.known("transaction_unknown", call(request, FoundTransaction::of));
    }

    @Override
    public Future<TransactionPage> listTransactions(String chain, TransactionQuery query) {
        return call(QueryMembers.list(chain, query), TransactionPage::of);
    }

    @Override
    public Future<QuantInfo> head(String chain) {
        return quant(caller.begun(), chain, "head");
    }

    @Override
    public Future<Optional<QuantInfo>> findQuant(String chain, long height) {
        return ApiCaller.known("quant_unknown", quant(caller.begun(), chain, Long.toString(height)));
    }

    @Override
    public Future<Optional<QuantInfo>> findQuant(String chain, Hash hash) {
        return ApiCaller.known("quant_unknown", quant(caller.begun(), chain, hash.hex()));
    }

    private Future<QuantInfo> quant(ApiCaller calls, String chain, String name) {
        ApiRequest request = ApiRequest.of(ApiVerb.FIND_QUANT, chain).with("quant", name);
        return calls.call(request, Function.identity()).compose(answer -> {
            QuantInfo quant = QuantInfo.of(answer);
            OptionalLong next = answer.optionalNumber("next");
            // The rest of it is asked for by its hash, as the chain may have moved.
            return next.isEmpty() ? Future.succeededFuture(quant) : rest(calls, chain, quant, next.getAsLong());
        });
    }

    /** A quant whose transactions are too many for one message. */
    private Future<QuantInfo> rest(ApiCaller calls, String chain, QuantInfo quant, long offset) {
        ApiRequest request = ApiRequest.of(ApiVerb.FIND_QUANT, chain)
                .with("quant", quant.hash().hex())
                .with("offset", offset);
        return calls.call(request, Function.identity()).compose(answer -> {
            QuantInfo more = quant.with(QuantInfo.of(answer).transactions());
            OptionalLong next = answer.optionalNumber("next");
            return next.isEmpty() ? Future.succeededFuture(more) : rest(calls, chain, more, next.getAsLong());
        });
    }

    @Override
    public Future<QuantPage> listQuants(String chain, long from, int limit) {
        return call(
                ApiRequest.of(ApiVerb.LIST_QUANTS, chain).with("from", from).with("limit", (long) limit),
                QuantPage::of);
    }

    @Override
    public Future<Long> readQuants(String chain, long from, Function<QuantInfo, Future<?>> reader) {
        Promise<Long> done = Promise.promise();
        readOn(caller.begun(), chain, from, reader, done);
        return done.future();
    }

    private void readOn(
            ApiCaller calls, String chain, long from, Function<QuantInfo, Future<?>> reader, Promise<Long> done) {
        calls.call(ApiRequest.of(ApiVerb.LIST_QUANTS, chain).with("from", from), QuantPage::of)
                .compose(page -> Sequence.of(page.quants().iterator(), reader).map(read -> page))
                .onSuccess(page -> {
                    if (page.next().isPresent()) {
                        readOn(calls, chain, page.next().getAsLong(), reader, done);
                    } else {
                        done.complete(from + page.quants().size());
                    }
                })
                .onFailure(done::fail);
    }

    @Override
    public Future<EventStream> follow(String chain, FollowStart start, Function<ChainEvent, Future<?>> handler) {
        return transport.follow(retrier, new Transport.Followed(chain, start, handler));
    }

    @Override
    public SubscriptionClient subscriptions(String chain) {
        return new DefaultSubscriptionClient(caller, chain);
    }

    @Override
    public ProjectionClient projections() {
        return new DefaultProjectionClient(caller);
    }

    @Override
    public Future<EventConsumer> consume(
            String chain, String subscription, ConsumeOptions how, Function<SubscriptionEvent, Future<?>> handler) {
        // It asks as long as it lives: that is in the trace of no call.
        SubscriptionClient untraced = new DefaultSubscriptionClient(caller.in(Optional::empty), chain);
        EventPump pump = new EventPump(vertx, untraced, subscription, how, handler);
        pumps.add(pump);
        pump.ended().onComplete(over -> pumps.remove(pump));
        return pump.begin();
    }

    @Override
    public Future<List<ChainInfo>> listChains() {
        return chains(caller.begun(), Optional.empty(), new ArrayList<>());
    }

    private Future<List<ChainInfo>> chains(ApiCaller calls, Optional<String> after, List<ChainInfo> before) {
        ApiRequest first = ApiRequest.of(ApiVerb.LIST_CHAINS);
        return calls.call(after.map(name -> first.with("after", name)).orElse(first), Function.identity())
                .compose(answer -> {
                    answer.objects("chains").stream().map(ChainInfo::of).forEach(before::add);
                    Optional<String> next = answer.optionalText("next");
                    return next.isPresent() ? chains(calls, next, before) : Future.succeededFuture(List.copyOf(before));
                });
    }

    @Override
    public Future<Optional<ChainInfo>> findChain(String chain) {
        return ApiCaller.known("chain_unknown", call(ApiRequest.of(ApiVerb.FIND_CHAIN, chain), ChainInfo::of));
    }

    @Override
    public Future<ChainInfo> bang(String spec) {
        return call(ApiRequest.of(ApiVerb.BANG).with(Bytes.utf8(spec)), ChainInfo::of);
    }

    @Override
    public Future<LeapSummary> leap(String chain) {
        return call(ApiRequest.of(ApiVerb.LEAP, chain), LeapSummary::of);
    }

    @Override
    public Future<JsonObject> showNode() {
        return caller.answer(ApiRequest.of(ApiVerb.SHOW_NODE))
                .map(text -> new JsonObject(Buffer.buffer(text.toArray())));
    }

    @Override
    public Future<Void> close() {
        List<Future<Void>> ends =
                List.copyOf(pumps).stream().map(EventPump::close).toList();
        return Future.join(ends).transform(over -> {
            retrier.close();
            return transport.close();
        });
    }

    private <T> Future<T> call(ApiRequest request, Function<AnswerReader, T> form) {
        return caller.call(request, form);
    }

    /** The JSON text of a transaction as it is to be sent, signed if it has an author. */
    Future<Bytes> text(ApiCaller calls, String chain, TransactionRequest request) {
        try {
            TransactionRequest sent = transport.isRewriting() ? TransactionText.rewritten(request) : request;
            return sent.author()
                    .map(author -> signedChain(calls, chain).map(known -> signed(sent, author, known)))
                    .orElseGet(() -> Future.succeededFuture(TransactionText.plain(sent)));
        } catch (QbcException e) {
            return Future.failedFuture(e);
        }
    }

    private static Bytes signed(TransactionRequest request, AuthorKey key, SignedChain chain) {
        TransactionText.Author author = new TransactionText.Author(key.key(), key::sign);
        return TransactionText.signed(request, author, chain, System.currentTimeMillis());
    }

    private Future<SignedChain> signedChain(ApiCaller calls, String chain) {
        SignedChain known = signedChains.get(chain);
        return known != null
                ? Future.succeededFuture(known)
                : calls.call(ApiRequest.of(ApiVerb.FIND_CHAIN, chain), ChainInfo::of)
                        .map(found -> new SignedChain(found.id(), found.rulesVersion()))
                        .onSuccess(found -> signedChains.put(chain, found));
    }

    private void forgetStale(String chain, Throwable cause) {
        if (cause instanceof QbcException refused && STALE.contains(refused.code())) {
            signedChains.remove(chain);
        }
    }
}
