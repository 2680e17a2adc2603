package io.qbc.tracing;

import io.qbc.model.Hash;
import java.util.List;

/** Tracing that is off: nothing is recorded, remembered or allocated. */
final class NoTracing implements Tracing {
    static final Tracing OFF = new NoTracing();

    private final TracingCounts counts = new TracingCounts();

    private NoTracing() {}

    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public long now() {
        return 0;
    }

    @Override
    public TraceContext extract(List<String> parents, List<String> states) {
        return TraceContext.NONE;
    }

    @Override
    public TraceSpan begin(TraceSpan.Kind kind, String name, TraceContext parent, long since) {
        return TraceSpan.NONE;
    }

    @Override
    public void remember(Hash hash, TraceContext context) {
        // Nobody asks.
    }

    @Override
    public TraceContext recall(Hash hash) {
        return TraceContext.NONE;
    }

    @Override
    public boolean follow() {
        return false;
    }

    @Override
    public void unfollow(int count) {
        // Nothing is followed.
    }

    @Override
    public TracingCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
