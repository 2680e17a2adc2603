package io.qbc.tracing.otel;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The bound in front of the batches: counts the spans for which there is no room. The library bounds its queue too, but
 * tells how many it drops to nobody without its metrics.
 */
final class BoundedProcessor implements SpanProcessor {
    private final SpanProcessor next;
    private final int most;
    private final AtomicInteger waiting;
    private final LongAdder dropped;

    /** @param waiting spans that are on their way, which the exporter takes away */
    BoundedProcessor(SpanProcessor next, int most, AtomicInteger waiting, LongAdder dropped) {
        this.next = next;
        this.most = most;
        this.waiting = waiting;
        this.dropped = dropped;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // Only ends are sent.
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            dropped.increment();
        } else {
            next.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode shutdown() {
        return next.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return next.forceFlush();
    }
}
