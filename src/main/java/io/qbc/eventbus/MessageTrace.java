package io.qbc.eventbus;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.function.Function;

/** The spans of messages, in the traces that their headers name. */
final class MessageTrace {
    private static final int FAULT = 500;

    private MessageTrace() {}

    /** Does the work of a message in its span, which ends with it. */
    static Future<Answer> around(
            Tracing tracing, Message<?> message, String name, Function<TraceSpan, Future<Answer>> work) {
        if (!tracing.isOn()) {
            return work.apply(TraceSpan.NONE);
        }
        TraceContext parent = tracing.extract(message.headers()::getAll);
        TraceSpan span = tracing.begin(TraceSpan.Kind.SERVER, name, parent)
                .set("messaging.system", "vertx")
                .set("messaging.operation.type", "process")
                .set("messaging.destination.name", message.address());
        Future<Answer> answer;
        try {
            answer = work.apply(span);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        return answer.onFailure(cause -> refused(span, Failure.of(cause).reason()))
                .onComplete(done -> span.end());
    }

    private static void refused(TraceSpan span, Reason reason) {
        span.set(TraceNames.PROBLEM, reason.code());
        if (Problems.status(reason) >= FAULT) {
            span.fail(reason.code());
        }
    }
}
