package io.qbc.cli.call;

import io.qbc.cli.NodeUrl;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A node's answer as a tree, of which commands show some members; what is not there is empty, 0 or false. */
public record AnswerTree(Object value) {
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 1000);
    private static final String NONE = "";

    /** The tree of an answer of the node that {@code --url} names; fails if it is none of a node. */
    public static AnswerTree of(String text) {
        return of(text, NodeUrl.FLAG);
    }

    /** The same of a node that another flag names. */
    public static AnswerTree of(String text, String flag) {
        Bytes bytes = Bytes.utf8(text);
        if (StrictJson.check(bytes, LIMITS).isPresent()) {
            throw new CallFailure(ExitCode.FAILED, "what answers is no QBC node; name one with " + flag);
        }
        return new AnswerTree(JsonTree.read(bytes));
    }

    /** A member as a tree of its own; an empty one if there is none. */
    public AnswerTree member(String name) {
        Object found = value instanceof Map<?, ?> members && members.get(name) != null ? members.get(name) : NONE;
        return new AnswerTree(found);
    }

    public String text(String name) {
        Object found = member(name).value;
        return found instanceof Optional<?> ? NONE : found.toString();
    }

    public long number(String name) {
        Object found = member(name).value;
        if (found instanceof Long number) {
            return number;
        }
        return found instanceof BigDecimal number ? number.longValue() : 0;
    }

    /** Whether a member is true. */
    public boolean flag(String name) {
        return member(name).value.equals(true);
    }

    /** The items of a list; of anything else, none. */
    public List<AnswerTree> items(String name) {
        return member(name).value instanceof List<?> items
                ? items.stream().map(AnswerTree::new).toList()
                : List.of();
    }

    /** The items of a list of words, with commas between them. */
    public String words(String name) {
        return items(name).stream().map(item -> String.valueOf(item.value)).collect(Collectors.joining(","));
    }

    /** A member that is a time, as people write it in UTC. */
    public String time(String name) {
        return Instant.ofEpochMilli(number(name)).toString();
    }

    /** JSON on one line. */
    public String json() {
        return JsonTree.write(value);
    }
}
