package io.qbc.tracing;

import io.qbc.model.Hash;
import java.util.List;
import java.util.function.Function;

/**
 * The port of tracing, which all stages of a node share: spans that tell where a transaction spends its time, from the
 * request that brings it to the quant that holds it. Any thread may call.
 *
 * <p>Contexts go with what they are about: with a submission through this node, and beyond by the hashes of
 * transactions and quants.
 */
public interface Tracing extends AutoCloseable {
    /** The header field that names the trace and the span of a caller. */
    String PARENT = "traceparent";

    /** The header field with what others add to it. */
    String STATE = "tracestate";

    /** Tracing that is off, at no cost. */
    static Tracing off() {
        return NoTracing.OFF;
    }

    /** Whether anything is recorded. */
    boolean isOn();

    /** The time as spans have it: nanoseconds since 1970. */
    long now();

    /**
     * The trace that a caller names in its header fields; none if they are not as W3C Trace Context demands, since a
     * bad trace is no reason to refuse a call.
     *
     * @param fields gives all values of a header field
     */
    default TraceContext extract(Function<String, List<String>> fields) {
        return extract(fields.apply(PARENT), fields.apply(STATE));
    }

    /**
     * The same of the values.
     *
     * @param parents all of {@link #PARENT}
     * @param states all of {@link #STATE}
     */
    TraceContext extract(List<String> parents, List<String> states);

    /**
     * Begins a span.
     *
     * @param parent whose trace it joins; with none it begins a trace, of which a part alone is recorded
     * @param since when it began, as {@link #now}
     */
    TraceSpan begin(TraceSpan.Kind kind, String name, TraceContext parent, long since);

    /** Begins a span now. */
    default TraceSpan begin(TraceSpan.Kind kind, String name, TraceContext parent) {
        return begin(kind, name, parent, now());
    }

    /** Remembers the trace of a transaction or a quant for calls to peers; the oldest gives way. */
    void remember(Hash hash, TraceContext context);

    /** The trace of a transaction or a quant, if it is remembered. */
    TraceContext recall(Hash hash);

    /** Takes a place for a traced transaction that waits; where there is none, that is counted. */
    boolean follow();

    /** Gives so many places back. */
    void unfollow(int count);

    TracingCounts counts();

    /** Sends what is recorded, within a bounded time. Blocks. */
    @Override
    void close();
}
