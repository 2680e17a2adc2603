package io.qbc.tracing;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A collector for tests: takes spans over OTLP/HTTP in protobuf, or does not answer. */
public final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<String> raw = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch stall;

    private OtlpReceiver(boolean stalls) {
        stall = new CountDownLatch(stalls ? 1 : 0);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.setExecutor(threads);
        server.start();
    }

    public static OtlpReceiver start() {
        return new OtlpReceiver(false);
    }

    /** One that takes connections and never answers. */
    public static OtlpReceiver stalled() {
        return new OtlpReceiver(true);
    }

    /** For {@code tracing.endpoint}. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** All spans that came. */
    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** How often it was called. */
    public int calls() {
        return calls.get();
    }

    /** All that came, as text: what must not be in it is looked for here. */
    public String text() {
        return String.join("\n", raw);
    }

    /** The spans of a trace of this name. */
    public List<ReceivedSpan> of(String traceId, String name) {
        return spans.stream()
                .filter(span -> span.traceId().equals(traceId) && span.name().equals(name))
                .toList();
    }

    /** The first span of a trace of this name, as soon as it came. */
    public ReceivedSpan awaitSpan(String traceId, String name) {
        await("span " + name + " of trace " + traceId + " among " + names())
                .until(() -> !of(traceId, name).isEmpty());
        return of(traceId, name).get(0);
    }

    /** The first span of this name at a node; a peer that has a quant tells whom it has it from of it, too. */
    public ReceivedSpan awaitSpan(String traceId, String name, String node) {
        await("span " + name + " of trace " + traceId + " at " + node)
                .until(() ->
                        of(traceId, name).stream().anyMatch(span -> span.node().equals(node)));
        return of(traceId, name).stream()
                .filter(span -> span.node().equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a span is below another one, by any number of steps. */
    public boolean isBelow(ReceivedSpan span, ReceivedSpan above) {
        Optional<ReceivedSpan> at = Optional.of(span);
        while (at.isPresent()) {
            if (at.get().parentId().equals(above.spanId())) {
                return true;
            }
            at = parent(at.get());
        }
        return false;
    }

    private Optional<ReceivedSpan> parent(ReceivedSpan span) {
        return spans.stream()
                .filter(other -> other.spanId().equals(span.parentId()))
                .findFirst();
    }

    private List<String> names() {
        return spans.stream().map(ReceivedSpan::name).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            stall.await();
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            raw.add(request.toString());
            request.getResourceSpansList().forEach(this::keep);
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(ResourceSpans resource) {
        String node = attributes(resource.getResource().getAttributesList()).getOrDefault("service.instance.id", "");
        List<ReceivedSpan> came = new ArrayList<>();
        resource.getScopeSpansList().forEach(scope -> scope.getSpansList().forEach(span -> came.add(span(node, span))));
        spans.addAll(came);
    }

    private static ReceivedSpan span(String node, Span span) {
        return new ReceivedSpan(
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                span.getName(),
                span.getKind().name(),
                node,
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                attributes(span.getAttributesList()),
                span.getLinksList().stream().map(link -> hex(link.getSpanId())).toList(),
                span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR);
    }

    private static Map<String, String> attributes(List<KeyValue> values) {
        return values.stream().collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue())));
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }

    private static String hex(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray()).hex();
    }

    @Override
    public void close() {
        stall.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
