package io.qbc.tracing;

/** A span of which nothing is recorded. */
final class NoSpan implements TraceSpan {
    @Override
    public TraceContext context() {
        return TraceContext.NONE;
    }

    @Override
    public boolean isRecording() {
        return false;
    }

    @Override
    public TraceSpan set(String name, String value) {
        return this;
    }

    @Override
    public TraceSpan set(String name, long value) {
        return this;
    }

    @Override
    public TraceSpan link(TraceContext other) {
        return this;
    }

    @Override
    public TraceSpan fail(String code) {
        return this;
    }

    @Override
    public void end() {
        // Nothing was begun.
    }

    @Override
    public void end(long nanos) {
        // Nothing was begun.
    }
}
