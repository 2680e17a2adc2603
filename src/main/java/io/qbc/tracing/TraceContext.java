package io.qbc.tracing;

import java.util.Map;

/** What others need to join the trace of a span (W3C Trace Context). */
public interface TraceContext {
    /** No trace. */
    TraceContext NONE = new TraceContext() {
        @Override
        public boolean isSampled() {
            return false;
        }

        @Override
        public String traceId() {
            return "";
        }

        @Override
        public String spanId() {
            return "";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    };

    /** Whether spans of the trace are recorded. */
    boolean isSampled();

    /** 32 hexadecimal digits, empty without a trace. */
    String traceId();

    /** 16 hexadecimal digits, empty without a trace. */
    String spanId();

    /** The header fields by which another process joins: {@code traceparent}, and {@code tracestate} if it is set. */
    Map<String, String> headers();
}
