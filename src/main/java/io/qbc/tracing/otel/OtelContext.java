package io.qbc.tracing.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.qbc.tracing.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** A trace context of OpenTelemetry. */
record OtelContext(SpanContext span) implements TraceContext {
    @Override
    public boolean isSampled() {
        return span.isSampled();
    }

    @Override
    public String traceId() {
        return span.getTraceId();
    }

    @Override
    public String spanId() {
        return span.getSpanId();
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> fields = new LinkedHashMap<>();
        W3CTraceContextPropagator.getInstance().inject(of(span), fields, (all, name, value) -> fields.put(name, value));
        return fields;
    }

    /** The same as the library hands it on. */
    static Context of(SpanContext span) {
        return Context.root().with(Span.wrap(span));
    }
}
