package io.qbc.tracing;

import java.util.List;
import java.util.Map;

/**
 * A span as a collector gets it.
 *
 * @param parentId empty at the beginning of a trace
 * @param node {@code service.instance.id}
 * @param links ids of spans
 */
public record ReceivedSpan(
        String traceId,
        String spanId,
        String parentId,
        String name,
        String kind,
        String node,
        long startNanos,
        long endNanos,
        Map<String, String> attributes,
        List<String> links,
        boolean failed) {
    public ReceivedSpan {
        attributes = Map.copyOf(attributes);
        links = List.copyOf(links);
    }

    /** What is said of it by a name, empty if nothing is. */
    public String attribute(String called) {
        return attributes.getOrDefault(called, "");
    }
}
