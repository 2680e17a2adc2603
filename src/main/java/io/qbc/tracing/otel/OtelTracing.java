package io.qbc.tracing.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.qbc.config.TracingConfig;
import io.qbc.model.Hash;
import io.qbc.tracing.RecentContexts;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.Tracing;
import io.qbc.tracing.TracingCounts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Tracing by the OpenTelemetry SDK: spans go in batches, on a thread of their own, to a collector over OTLP/HTTP. */
public final class OtelTracing implements Tracing {
    private static final String SCOPE = "io.qbc";
    private static final String TRACES = "/v1/traces";
    private static final int ATTRIBUTE_CHARS_MAX = 1024;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final TracingConfig config;
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final TracingCounts counts = new TracingCounts();
    private final RecentContexts recent;
    /** What to add to the nanoseconds of this process for those since 1970. */
    private final long epochNanos;

    /**
     * What is said of all spans of a node.
     *
     * @param instance the node's public key
     */
    public record Origin(String instance, String version) {}

    private OtelTracing(TracingConfig config, Origin origin, InstantSource clock, SpanExporter exporter) {
        this.config = config;
        epochNanos = clock.millis() * NANOS_A_MILLI - System.nanoTime();
        recent = new RecentContexts(config.contexts(), counts.forgotten());
        AtomicInteger waiting = new AtomicInteger();
        BatchSpanProcessor batches = BatchSpanProcessor.builder(
                        new CountingExporter(exporter, config.endpoint(), waiting, counts))
                .setMaxQueueSize(config.queue())
                .setMaxExportBatchSize(config.batch())
                .setScheduleDelay(config.delay())
                .setExporterTimeout(config.timeout())
                .build();
        provider = SdkTracerProvider.builder()
                .addSpanProcessor(new BoundedProcessor(batches, config.queue(), waiting, counts.dropped()))
                .setResource(resource(config, origin))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(ATTRIBUTE_CHARS_MAX)
                        .build())
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sampleRatio())))
                .build();
        tracer = provider.get(SCOPE, origin.version());
    }

    /** Tracing to the configured collector; blocks while the library is loaded. */
    public static Tracing of(TracingConfig config, Origin origin, InstantSource clock) {
        return of(config, origin, clock, exporter(config));
    }

    /** Tracing to somebody else. */
    static Tracing of(TracingConfig config, Origin origin, InstantSource clock, SpanExporter exporter) {
        return new OtelTracing(config, origin, clock, exporter);
    }

    /** No span is worth a second try: the next batch comes soon. */
    private static SpanExporter exporter(TracingConfig config) {
        String base = config.endpoint();
        return OtlpHttpSpanExporter.builder()
                .setEndpoint((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + TRACES)
                .setTimeout(config.timeout())
                .setConnectTimeout(config.timeout())
                .setRetryPolicy(null)
                .build();
    }

    private static Resource resource(TracingConfig config, Origin origin) {
        return Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put("service.name", config.serviceName())
                        .put("service.version", origin.version())
                        .put("service.instance.id", origin.instance())
                        .build()));
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public long now() {
        return epochNanos + System.nanoTime();
    }

    @Override
    public TraceContext extract(List<String> parents, List<String> states) {
        if (parents.size() != 1) {
            return TraceContext.NONE;
        }
        Map<String, String> fields = states.isEmpty()
                ? Map.of(PARENT, parents.get(0))
                : Map.of(PARENT, parents.get(0), STATE, String.join(",", states));
        SpanContext span = Span.fromContext(
                        W3CTraceContextPropagator.getInstance().extract(Context.root(), fields, Fields.READER))
                .getSpanContext();
        return span.isValid() ? new OtelContext(span) : TraceContext.NONE;
    }

    /** Reads header fields from a map. */
    private enum Fields implements TextMapGetter<Map<String, String>> {
        READER;

        @Override
        public String get(Map<String, String> fields, String name) {
            return fields == null ? null : fields.get(name);
        }
    }

    @Override
    public TraceSpan begin(TraceSpan.Kind kind, String name, TraceContext parent, long since) {
        SpanBuilder builder = tracer.spanBuilder(name)
                .setSpanKind(kind(kind))
                .setStartTimestamp(since, TimeUnit.NANOSECONDS)
                .setParent(parent instanceof OtelContext known ? OtelContext.of(known.span()) : Context.root());
        return new OtelSpan(builder.startSpan());
    }

    private static SpanKind kind(TraceSpan.Kind kind) {
        return switch (kind) {
            case INTERNAL -> SpanKind.INTERNAL;
            case SERVER -> SpanKind.SERVER;
            case CLIENT -> SpanKind.CLIENT;
        };
    }

    @Override
    public void remember(Hash hash, TraceContext context) {
        if (context.isSampled()) {
            recent.put(hash, context);
        }
    }

    @Override
    public TraceContext recall(Hash hash) {
        return recent.get(hash);
    }

    @Override
    public boolean follow() {
        if (counts.following().incrementAndGet() <= config.transactions()) {
            return true;
        }
        counts.following().decrementAndGet();
        counts.unfollowed().increment();
        return false;
    }

    @Override
    public void unfollow(int count) {
        counts.following().addAndGet(-count);
    }

    @Override
    public TracingCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        Duration most = config.timeout();
        provider.shutdown().join(most.toMillis(), TimeUnit.MILLISECONDS);
    }
}
