package io.qbc.client.transport;

import io.qbc.client.answer.AnswerReader;
import io.qbc.client.answer.QbcException;
import io.qbc.client.request.TraceFields;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The calls of a client, with all their tries, and what becomes of their answers. */
public final class ApiCaller {
    private final Retrier retrier;
    private final Transport transport;
    private final Supplier<Optional<TraceFields>> traces;

    /**
     * The calls of a client.
     *
     * @param traces the trace that a call is in, asked for when it is made
     */
    public ApiCaller(Retrier retrier, Transport transport, Supplier<Optional<TraceFields>> traces) {
        this.retrier = retrier;
        this.transport = transport;
        this.traces = traces;
    }

    /** The same in other traces. */
    public ApiCaller in(Supplier<Optional<TraceFields>> others) {
        return new ApiCaller(retrier, transport, others);
    }

    /** For a call that takes several requests: all of them in the trace of this moment. */
    public ApiCaller begun() {
        Optional<TraceFields> now = traces.get();
        return in(() -> now);
    }

    /** A request in the trace that it would be sent in. */
    public ApiRequest traced(ApiRequest request) {
        return request.in(traces.get());
    }

    /** The answer to a request in a form. */
    public <T> Future<T> call(ApiRequest request, Function<AnswerReader, T> form) {
        return answer(request)
                .map(text -> form.apply(AnswerReader.of(text)))
                .recover(cause -> Future.failedFuture(TryFailure.of(cause).failure()));
    }

    /** The text of the answer to a request. */
    public Future<Bytes> answer(ApiRequest request) {
        ApiRequest sent = traced(request);
        return retrier.run(
                sent.verb().isRepeatable(), sent.waitTime(), (node, millis) -> transport.call(node, sent, millis));
    }

    /** The same where what is missing is no failure. */
    public <T> Future<Optional<T>> find(String missing, ApiRequest request, Function<AnswerReader, T> form) {
        return known(missing, call(request, form));
    }

    /** Nothing, where a call failed by this code. */
    public static <T> Future<Optional<T>> known(String missing, Future<T> asked) {
        return asked.map(Optional::of)
                .recover(cause ->
                        cause instanceof QbcException refused && refused.code().equals(missing)
                                ? Future.succeededFuture(Optional.empty())
                                : Future.failedFuture(cause));
    }
}
