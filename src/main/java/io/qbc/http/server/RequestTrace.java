package io.qbc.http.server;

import io.qbc.api.audit.Act.Outcome;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.Tracing;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** The spans of requests, in the traces that their header fields name. */
public final class RequestTrace {
    private static final int FAULT = 500;

    private RequestTrace() {}

    /** The trace that a request names; none while tracing is off. */
    public static TraceContext parent(Tracing tracing, Exchange exchange) {
        if (!tracing.isOn()) {
            return TraceContext.NONE;
        }
        return tracing.extract(exchange.request().headers()::getAll);
    }

    /**
     * Begins the span of a request, which ends with it.
     *
     * @param route the template of its path
     */
    public static TraceSpan begin(Tracing tracing, Exchange exchange, String name, String route) {
        if (!tracing.isOn()) {
            return TraceSpan.NONE;
        }
        TraceSpan span = tracing.begin(TraceSpan.Kind.SERVER, name, parent(tracing, exchange));
        if (span.isRecording()) {
            HttpServerRequest request = exchange.request();
            span.set("http.request.method", request.method().name())
                    .set("http.route", route)
                    .set("url.scheme", exchange.isSecure() ? "https" : "http")
                    .set("url.path", String.valueOf(request.path()))
                    .set("network.protocol.version", exchange.isMultiplexed() ? "2" : version(request));
        }
        exchange.whenOver(() -> end(span, exchange));
        return span;
    }

    private static String version(HttpServerRequest request) {
        return request.version()
                .name()
                .toLowerCase(Locale.ROOT)
                .replace("http_", "")
                .replace('_', '.');
    }

    private static void end(TraceSpan span, Exchange exchange) {
        if (!exchange.response().headWritten()) {
            span.set(TraceNames.OUTCOME, "caller left");
        } else {
            int status = exchange.response().getStatusCode();
            span.set("http.response.status_code", status);
            if (!exchange.code().equals(Outcome.OK)) {
                span.set(TraceNames.PROBLEM, exchange.code());
            }
            if (status >= FAULT) {
                span.fail(exchange.code());
            }
        }
        span.end();
    }
}
