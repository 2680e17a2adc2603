package io.qbc.tracing.otel;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.qbc.tracing.TracingCounts;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exporter that counts what the collector takes and what it does not, and says the latter now and then. */
final class CountingExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(CountingExporter.class);
    private static final long SILENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private final SpanExporter next;
    private final String endpoint;
    private final AtomicInteger waiting;
    private final TracingCounts counts;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    /** @param endpoint for messages */
    CountingExporter(SpanExporter next, String endpoint, AtomicInteger waiting, TracingCounts counts) {
        this.next = next;
        this.endpoint = endpoint;
        this.waiting = waiting;
        this.counts = counts;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = next.export(spans);
        result.whenComplete(() -> {
            waiting.addAndGet(-count);
            if (result.isSuccess()) {
                counts.exported().add(count);
            } else {
                counts.failed().add(count);
                complain(result.getFailureThrowable());
            }
        });
        return result;
    }

    private void complain(Throwable cause) {
        long now = System.nanoTime();
        long until = quietUntil.get();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + SILENCE_NANOS)) {
            LOG.warn(
                    "the collector at {} takes no spans: {}; {} were lost so far, and the node does without",
                    endpoint,
                    reason(cause),
                    counts.failed().sum());
        }
    }

    private static String reason(Throwable cause) {
        if (cause == null) {
            return "no answer in time";
        }
        return String.valueOf(cause.getCause() == null ? cause.getMessage() : cause.getCause());
    }

    @Override
    public CompletableResultCode flush() {
        return next.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return next.shutdown();
    }
}
