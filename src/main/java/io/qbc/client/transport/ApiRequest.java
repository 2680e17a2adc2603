package io.qbc.client.transport;

import io.qbc.client.request.TraceFields;
import io.qbc.model.Bytes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One request, for either way to a node.
 *
 * @param members what stands in the path and the query by REST, and in the message over the event bus
 * @param body the JSON text of a body
 * @param waitTime how long the node may wait before it answers; zero for not at all
 * @param trace the trace that it is in
 */
public record ApiRequest(
        ApiVerb verb,
        Map<String, Object> members,
        Optional<Bytes> body,
        Duration waitTime,
        Optional<TraceFields> trace) {
    public static final String COLUMNS = "equal";
    private static final String WAIT = "wait";

    public static ApiRequest of(ApiVerb verb) {
        return new ApiRequest(verb, Map.of(), Optional.empty(), Duration.ZERO, Optional.empty());
    }

    public static ApiRequest of(ApiVerb verb, String chain) {
        return of(verb).with("chain", chain);
    }

    public ApiRequest with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new ApiRequest(verb, more, body, waitTime, trace);
    }

    public ApiRequest with(Bytes text) {
        return new ApiRequest(verb, members, Optional.of(text), waitTime, trace);
    }

    public ApiRequest waiting(Duration time) {
        return new ApiRequest(verb, members, body, time, trace);
    }

    public ApiRequest in(Optional<TraceFields> other) {
        return new ApiRequest(verb, members, body, waitTime, other);
    }

    /** What names the trace, in the header of a request or in the headers of a message. */
    public Map<String, String> traceFields() {
        return trace.map(TraceFields::fields).orElse(Map.of());
    }

    /** The same with a member if there is one. */
    public ApiRequest with(String name, Optional<?> value) {
        return value.map(text -> with(name, (Object) text)).orElse(this);
    }

    /** The same with columns and what they must be, which by REST stand in the query as they are. */
    public ApiRequest withColumns(Map<String, String> columns) {
        return columns.isEmpty() ? this : with(COLUMNS, (Object) Map.copyOf(columns));
    }

    /** Whether a write waits, which by REST a header field says. */
    public boolean isWaitingWrite() {
        return verb == ApiVerb.INJECT && isWaiting();
    }

    public boolean isWaiting() {
        return waitTime.compareTo(Duration.ZERO) > 0;
    }

    /** Whether to wait is said beside the body, and not in it. */
    public boolean isWaitTold() {
        return isWaiting() && verb != ApiVerb.FETCH_EVENTS;
    }

    /** The time to wait in whole seconds, at least one. */
    public long waitSeconds() {
        return Math.max(1, (waitTime.toMillis() + 999) / 1000);
    }

    /** The path with the query. */
    public String uri() {
        Map<String, String> rest = new LinkedHashMap<>();
        String path = verb.path();
        for (Map.Entry<String, Object> member : members.entrySet()) {
            String name = "{" + member.getKey() + "}";
            String value = member.getValue().toString();
            if (member.getValue() instanceof Map<?, ?> columns) {
                columns.forEach((column, wanted) -> rest.put(encoded(column.toString()), encoded(wanted.toString())));
            } else if (path.contains(name)) {
                path = path.replace(name, encoded(value));
            } else {
                rest.put(member.getKey(), encoded(value));
            }
        }
        if (isWaitTold() && !isWaitingWrite()) {
            rest.put(WAIT, waitTime.toMillis() + "ms");
        }
        StringBuilder uri = new StringBuilder(path);
        rest.forEach((name, value) -> uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return uri.toString();
    }

    /** A text as a segment of a path, or as a value of a query. */
    public static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@");
    }
}
