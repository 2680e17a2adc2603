package io.qbc.client.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a> that a call carries, so that what
 * nodes do for it is in the trace of its caller.
 *
 * <pre>{@code
 * TraceFields fields = TraceFields.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
 * client.traced(fields).inject("main", TransactionRequest.json("{\"n\":1}"));
 * }</pre>
 *
 * @param traceparent version, trace, span and flags, in the form of version 00
 * @param tracestate what vendors keep in it; of more than 512 characters members are left out as the standard says,
 *     first those of more than 128 characters and then the last ones
 */
public record TraceFields(String traceparent, Optional<String> tracestate) {
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final Pattern PARENT_FORM =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern KEY_FORM =
            Pattern.compile("[a-z][-_*/a-z0-9]{0,255}|[a-z0-9][-_*/a-z0-9]{0,240}@[a-z][-_*/a-z0-9]{0,13}");
    /** What may be printed but comma and equals sign, and spaces not at the end. */
    private static final Pattern VALUE_FORM = Pattern.compile("[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

    private static final int STATE_MEMBERS_MAX = 32;
    /** What everybody passes on. */
    private static final int STATE_CHARS_MAX = 512;

    private static final int MEMBER_CHARS_MAX = 128;

    public TraceFields {
        if (!PARENT_FORM.matcher(traceparent).matches()) {
            throw new IllegalArgumentException("a traceparent is 00-TRACE-SPAN-FLAGS, of 32, 16 and 2 small hexadecimal"
                    + " digits, the first two not all zeros: " + shown(traceparent));
        }
        tracestate = tracestate.map(TraceFields::members).filter(text -> !text.isEmpty());
    }

    /** The fields of a trace whose vendors keep nothing in it. */
    public static TraceFields of(String traceparent) {
        return new TraceFields(traceparent, Optional.empty());
    }

    /** The fields of a trace, with what vendors keep in it. */
    public static TraceFields of(String traceparent, String tracestate) {
        return new TraceFields(traceparent, Optional.of(tracestate));
    }

    /**
     * The fields among others as a propagator writes them, in whichever case; nothing without {@code traceparent}.
     * Others, as {@code baggage}, are passed over.
     *
     * <pre>{@code
     * Map<String, String> fields = new HashMap<>();
     * W3CTraceContextPropagator.getInstance().inject(Context.current(), fields, Map::put);
     * Optional<TraceFields> trace = TraceFields.among(fields);
     * }</pre>
     */
    public static Optional<TraceFields> among(Map<String, String> fields) {
        return named(PARENT, fields).map(parent -> new TraceFields(parent, named(STATE, fields)));
    }

    private static Optional<String> named(String name, Map<String, String> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The names and values as they travel: in the header of a request, and in the headers of a message. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(PARENT, traceparent);
        tracestate.ifPresent(state -> fields.put(STATE, state));
        return fields;
    }

    /** The members as they are sent, with nothing between them. */
    private static String members(String text) {
        List<String> members = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (String each : text.split(",", -1)) {
            String member = trimmed(each);
            if (member.isEmpty()) {
                continue;
            }
            int equals = member.indexOf('=');
            String key = member.substring(0, Math.max(0, equals));
            if (!KEY_FORM.matcher(key).matches()
                    || !VALUE_FORM.matcher(member.substring(equals + 1)).matches()) {
                throw new IllegalArgumentException("a member of a tracestate is KEY=VALUE: " + shown(member));
            }
            if (!keys.add(key)) {
                throw new IllegalArgumentException("the key is twice in the tracestate: " + shown(key));
            }
            members.add(member);
        }
        if (members.size() > STATE_MEMBERS_MAX) {
            throw new IllegalArgumentException("a tracestate has at most " + STATE_MEMBERS_MAX + " members");
        }
        return bounded(members);
    }

    private static String bounded(List<String> members) {
        String all = String.join(",", members);
        if (all.length() <= STATE_CHARS_MAX) {
            return all;
        }
        List<String> kept = new ArrayList<>(members);
        for (int i = kept.size() - 1; i >= 0 && length(kept) > STATE_CHARS_MAX; i--) {
            if (kept.get(i).length() > MEMBER_CHARS_MAX) {
                kept.remove(i);
            }
        }
        while (length(kept) > STATE_CHARS_MAX) {
            kept.remove(kept.size() - 1);
        }
        return String.join(",", kept);
    }

    private static int length(List<String> members) {
        return String.join(",", members).length();
    }

    /** Without the spaces and tabs around it, and nothing else. */
    private static String trimmed(String text) {
        return text.replaceAll("^[ \\t]+|[ \\t]+$", "");
    }

    /** A text that may be anything, as a message may have it. */
    private static String shown(String text) {
        String begin = text.length() > MEMBER_CHARS_MAX ? text.substring(0, MEMBER_CHARS_MAX) + "..." : text;
        return "\"" + begin.replaceAll("[^ -~]", "?") + "\"";
    }
}
