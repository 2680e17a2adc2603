package io.qbc.tracing;

/** A span: a named piece of work with a beginning and an end, in a trace. */
public interface TraceSpan {
    /** A span of which nothing is recorded. */
    TraceSpan NONE = new NoSpan();

    /** What a span is to those beside this node. */
    enum Kind {
        /** Work inside this node. */
        INTERNAL,
        /** Work for somebody who waits for the answer. */
        SERVER,
        /** A call of somebody else. */
        CLIENT
    }

    /** By which others join. */
    TraceContext context();

    /** Whether anything of it is recorded; what is costly to say need not be said otherwise. */
    boolean isRecording();

    /** Says something of it; the names are in {@link TraceNames}. */
    TraceSpan set(String name, String value);

    /** The same with a number. */
    TraceSpan set(String name, long value);

    /** Points at a span of another trace that it has to do with. */
    TraceSpan link(TraceContext other);

    /** It failed; the code tells why. */
    TraceSpan fail(String code);

    /** It ends now. */
    void end();

    /** It ended at a time of {@link Tracing#now}. */
    void end(long nanos);
}
