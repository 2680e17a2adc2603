package io.qbc.client.transport;

import io.qbc.client.answer.AnswerReader;
import io.qbc.client.answer.QbcException;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/** The calls of a client, with all their tries, and what becomes of their answers. */
public final class ApiCaller {
    private final Retrier retrier;
    private final Transport transport;

    public ApiCaller(Retrier retrier, Transport transport) {
        this.retrier = retrier;
        this.transport = transport;
    }

    /** The answer to a request in a form. */
    public <T> Future<T> call(ApiRequest request, Function<AnswerReader, T> form) {
        return answer(request)
                .map(text -> form.apply(AnswerReader.of(text)))
                .recover(cause -> Future.failedFuture(TryFailure.of(cause).failure()));
    }

    /** The text of the answer to a request. */
    public Future<Bytes> answer(ApiRequest request) {
        return retrier.run(
                request.verb().isRepeatable(),
                request.waitTime(),
                (node, millis) -> transport.call(node, request, millis));
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
