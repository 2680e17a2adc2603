package io.qbc.tracing.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceSpan;
import java.util.concurrent.TimeUnit;

/** A span of OpenTelemetry. */
final class OtelSpan implements TraceSpan {
    private static final String ERROR = "error.type";

    private final Span span;
    private final OtelContext context;

    OtelSpan(Span span) {
        this.span = span;
        this.context = new OtelContext(span.getSpanContext());
    }

    @Override
    public TraceContext context() {
        return context;
    }

    @Override
    public boolean isRecording() {
        return span.isRecording();
    }

    @Override
    public TraceSpan set(String name, String value) {
        span.setAttribute(name, value);
        return this;
    }

    @Override
    public TraceSpan set(String name, long value) {
        span.setAttribute(name, value);
        return this;
    }

    @Override
    public TraceSpan link(TraceContext other) {
        if (other instanceof OtelContext linked) {
            span.addLink(linked.span());
        }
        return this;
    }

    @Override
    public TraceSpan fail(String code) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(ERROR, code);
        return this;
    }

    @Override
    public void end() {
        span.end();
    }

    @Override
    public void end(long nanos) {
        span.end(nanos, TimeUnit.NANOSECONDS);
    }
}
