package io.qbc.client;

import io.qbc.client.answer.BatchResult;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.request.TransactionRequest;
import io.qbc.client.transport.ApiCaller;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.client.transport.Retrier;
import io.qbc.client.transport.TransactionText;
import io.qbc.client.transport.Transport;
import io.qbc.client.transport.TryFailure;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The sending of many transactions: in batches where there is a way for them, and else one by one. */
final class BatchInjector {
    private static final int BATCH_LINES = 500;
    private static final int BATCH_BYTES = 1 << 20;

    private final DefaultClient client;
    private final Retrier retrier;
    private final Optional<Transport.Batches> batches;
    private final int inFlightMax;

    BatchInjector(DefaultClient client, Retrier retrier, Optional<Transport.Batches> batches, int inFlightMax) {
        this.client = client;
        this.retrier = retrier;
        this.batches = batches;
        this.inFlightMax = inFlightMax;
    }

    /** Each has its result at its place. */
    Future<List<BatchResult>> all(ApiCaller calls, String chain, List<TransactionRequest> requests) {
        List<BatchResult> results = new ArrayList<>(requests.size());
        List<List<TransactionRequest>> parts = parts(requests);
        return Sequence.of(
                        parts.iterator(), part -> injectPart(calls, chain, part).onSuccess(results::addAll))
                .map(done -> List.copyOf(results));
    }

    private List<List<TransactionRequest>> parts(List<TransactionRequest> requests) {
        int most = batches.isPresent() ? BATCH_LINES : inFlightMax;
        List<List<TransactionRequest>> parts = new ArrayList<>();
        List<TransactionRequest> part = new ArrayList<>();
        long bytes = 0;
        for (TransactionRequest request : requests) {
            if (part.size() == most || (bytes > 0 && bytes + request.data().length() > BATCH_BYTES)) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(request);
            bytes += request.data().length();
        }
        parts.add(part);
        return parts;
    }

    private Future<List<BatchResult>> injectPart(ApiCaller calls, String chain, List<TransactionRequest> part) {
        if (part.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        if (batches.isEmpty()) {
            return each(
                    part,
                    request -> client.inject(calls, chain, request, Duration.ZERO)
                            .map(BatchInjector::taken)
                            .otherwise(BatchInjector::refused));
        }
        return each(
                        part,
                        request -> client.text(calls, chain, TransactionText.onOneLine(request))
                                .<Object>map(text -> text)
                                .otherwise(BatchInjector::refused))
                .compose(texts -> sendLines(batches.get(), calls.traced(ApiRequest.of(ApiVerb.INJECT, chain)), texts));
    }

    /** Sends what could be made a line; the rest has its result already. */
    private Future<List<BatchResult>> sendLines(Transport.Batches batches, ApiRequest inject, List<Object> texts) {
        List<Bytes> lines = texts.stream()
                .filter(Bytes.class::isInstance)
                .map(Bytes.class::cast)
                .toList();
        BatchCall batch = new BatchCall(batches, inject, lines);
        Future<List<BatchResult>> sent = lines.isEmpty()
                ? Future.succeededFuture(List.of())
                : retrier.run(true, Duration.ZERO, batch::send)
                        .map(done -> batch.results())
                        .otherwise(cause -> batch.results(TryFailure.of(cause).failure()));
        return sent.map(results -> {
            var each = results.iterator();
            return texts.stream()
                    .map(text -> text instanceof BatchResult known ? known : each.next())
                    .toList();
        });
    }

    private static BatchResult taken(InjectResult result) {
        return new BatchResult.Taken(result);
    }

    private static BatchResult refused(Throwable cause) {
        return new BatchResult.Refused(TryFailure.of(cause).failure());
    }

    private static <A, B> Future<List<B>> each(List<A> items, Function<A, Future<B>> work) {
        List<Future<B>> all = items.stream().map(work).toList();
        return Future.join(all).map(done -> all.stream().map(Future::result).toList());
    }
}
