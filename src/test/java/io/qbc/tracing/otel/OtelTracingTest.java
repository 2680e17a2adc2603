package io.qbc.tracing.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.qbc.Samples;
import io.qbc.config.TracingConfig;
import io.qbc.model.Hash;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceSpan;
import io.qbc.tracing.TraceSpan.Kind;
import io.qbc.tracing.Tracing;
import io.qbc.tracing.otel.OtelTracing.Origin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port of tracing, with an exporter in memory. */
class OtelTracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";

    private final Memory memory = new Memory();
    private Tracing tracing = tracing(1, 100);

    /** Keeps what comes, or takes it and never says so. */
    private static final class Memory implements SpanExporter {
        private final List<SpanData> spans = new CopyOnWriteArrayList<>();
        private volatile boolean fails;
        private volatile boolean hangs;

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            if (hangs) {
                return new CompletableResultCode();
            }
            if (fails) {
                return CompletableResultCode.ofFailure();
            }
            spans.addAll(batch);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private Tracing tracing(double ratio, int queue) {
        TracingConfig config = new TracingConfig(
                true,
                "http://127.0.0.1:1",
                ratio,
                "shop",
                queue,
                Math.min(queue, 10),
                Duration.ofMillis(5),
                Duration.ofMillis(200),
                2,
                3);
        return OtelTracing.of(config, new Origin("a key", "1"), InstantSource.system(), memory);
    }

    private Tracing anew(double ratio, int queue) {
        tracing.close();
        tracing = tracing(ratio, queue);
        return tracing;
    }

    @AfterEach
    void end() {
        tracing.close();
    }

    private static Hash hash(int n) {
        return Samples.transaction(Samples.pow("main"), n).id();
    }

    @Test
    void aSpanJoinsItsParentAndSaysWhereItIsFrom() {
        TraceContext parent = tracing.extract(List.of(PARENT), List.of("a=1,b=2"));
        TraceSpan span = tracing.begin(Kind.SERVER, "inject", parent);
        span.set("qbc.chain", "x").set("http.response.status_code", 202).end();
        await().until(() -> memory.spans.size() == 1);
        SpanData sent = memory.spans.get(0);
        assertThat(sent.getTraceId()).isEqualTo(TRACE);
        assertThat(sent.getParentSpanId()).isEqualTo(CALLER);
        assertThat(sent.getParentSpanContext().isRemote()).isTrue();
        assertThat(sent.getResource().getAttributes().asMap().toString())
                .contains("service.name=shop", "service.instance.id=a key", "service.version=1");
        assertThat(span.context().headers())
                .isEqualTo(Map.of(
                        "traceparent", "00-" + TRACE + "-" + span.context().spanId() + "-01", "tracestate", "a=1,b=2"));
    }

    @Test
    void timesAreThoseThatWereSaid() {
        long since = tracing.now();
        tracing.begin(Kind.INTERNAL, "pool", TraceContext.NONE, since - 5_000).end(since);
        await().until(() -> memory.spans.size() == 1);
        assertThat(memory.spans.get(0).getStartEpochNanos()).isEqualTo(since - 5_000);
        assertThat(memory.spans.get(0).getEndEpochNanos()).isEqualTo(since);
        long apart = Math.abs(since / 1_000_000 - System.currentTimeMillis());
        assertThat(apart).isLessThan(60_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "nonsense",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b77-01"
            })
    void headersThatAreMalformedNameNoTrace(String parent) {
        assertThat(tracing.extract(List.of(parent), List.of())).isEqualTo(TraceContext.NONE);
    }

    @Test
    void twoParentsAreNoneAndABadStateIsLeftOut() {
        assertThat(tracing.extract(List.of(PARENT, PARENT), List.of())).isEqualTo(TraceContext.NONE);
        assertThat(tracing.extract(List.of(), List.of("a=1"))).isEqualTo(TraceContext.NONE);
        TraceContext stateless = tracing.extract(List.of(PARENT), List.of("=,=,"));
        assertThat(stateless.traceId()).isEqualTo(TRACE);
        assertThat(stateless.headers()).doesNotContainKey("tracestate");
        assertThat(tracing.extract(List.of(PARENT), List.of("a=1", "b=2")).headers())
                .containsEntry("tracestate", "a=1,b=2");
    }

    @Test
    void ofAFutureVersionWhatIsKnownIsRead() {
        String future = "cc" + PARENT.substring(2) + "-what-the-future-will-be";
        TraceContext later = tracing.extract(List.of(future), List.of());
        assertThat(later.traceId()).isEqualTo(TRACE);
    }

    @Test
    void theCallerDecidesAndOtherwiseTheRatio() {
        Tracing none = anew(0, 100);
        TraceSpan own = none.begin(Kind.SERVER, "inject", TraceContext.NONE);
        assertThat(own.isRecording()).isFalse();
        assertThat(own.context().isSampled()).isFalse();
        assertThat(none.begin(Kind.SERVER, "inject", none.extract(List.of(PARENT), List.of()))
                        .isRecording())
                .isTrue();
        Tracing all = anew(1, 100);
        TraceContext unsampled = all.extract(List.of(PARENT.substring(0, PARENT.length() - 1) + "0"), List.of());
        TraceSpan theirs = all.begin(Kind.SERVER, "inject", unsampled);
        assertThat(theirs.isRecording()).isFalse();
        assertThat(theirs.context().traceId()).isEqualTo(TRACE);
    }

    @Test
    void whatFindsNoRoomIsDroppedAndCounted() {
        memory.hangs = true;
        Tracing small = anew(1, 10);
        for (int i = 0; i < 25; i++) {
            small.begin(Kind.INTERNAL, "pool", TraceContext.NONE).end();
        }
        assertThat(small.counts().dropped().sum()).isEqualTo(15);
        assertThat(small.counts().exported().sum()).isZero();
    }

    @Test
    void whatTheCollectorRefusesIsCountedAndMakesRoomAgain() {
        memory.fails = true;
        Tracing small = anew(1, 10);
        for (int i = 0; i < 10; i++) {
            small.begin(Kind.INTERNAL, "pool", TraceContext.NONE).end();
        }
        await().until(() -> small.counts().failed().sum() == 10);
        memory.fails = false;
        small.begin(Kind.INTERNAL, "pool", TraceContext.NONE).end();
        await().until(() -> small.counts().exported().sum() == 1);
        assertThat(small.counts().dropped().sum()).isZero();
    }

    @Test
    void whatIsFollowedAndRememberedIsBounded() {
        assertThat(tracing.follow()).isTrue();
        assertThat(tracing.follow()).isTrue();
        assertThat(tracing.follow()).isFalse();
        assertThat(tracing.counts().unfollowed().sum()).isEqualTo(1);
        tracing.unfollow(1);
        assertThat(tracing.follow()).isTrue();
        TraceContext context =
                tracing.begin(Kind.INTERNAL, "leap", TraceContext.NONE).context();
        for (int i = 1; i <= 4; i++) {
            tracing.remember(hash(i), context);
        }
        assertThat(tracing.recall(hash(1))).isEqualTo(TraceContext.NONE);
        assertThat(tracing.recall(hash(2))).isEqualTo(context);
        assertThat(tracing.counts().forgotten().sum()).isEqualTo(1);
        tracing.remember(hash(5), TraceContext.NONE);
        assertThat(tracing.recall(hash(2))).isEqualTo(context);
    }

    @Test
    void closingSendsWhatIsRecorded() {
        tracing.begin(Kind.INTERNAL, "pool", TraceContext.NONE).end();
        tracing.close();
        assertThat(memory.spans).hasSize(1);
    }

    @Test
    void offNothingIsMade() {
        Tracing off = Tracing.off();
        TraceSpan span = off.begin(Kind.SERVER, "inject", off.extract(List.of(PARENT), List.of()));
        assertThat(span).isSameAs(TraceSpan.NONE);
        assertThat(span.set("a", "b").set("c", 1).link(TraceContext.NONE).fail("x"))
                .isSameAs(span);
        span.end();
        off.remember(hash(1), span.context());
        assertThat(off.recall(hash(1))).isEqualTo(TraceContext.NONE);
        assertThat(off.follow()).isFalse();
        assertThat(off.counts().unfollowed().sum()).isZero();
        assertThat(off.now()).isZero();
    }
}
