package io.qbc.schema;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonValue;
import io.qbc.model.Bytes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One schema, ready to judge data; for any thread. */
final class PreparedSchema {
    private static final int GLANCE_BYTES = 4096;
    private static final long GLANCE_STEPS = 4096;

    private final Schema root;

    private PreparedSchema(Schema root) {
        this.root = root;
    }

    /** A place in the data as a JSON pointer, and what is wrong there. */
    record Failing(String pointer, String text) {}

    /** Prepares a schema that {@link SchemaCheck} has passed. */
    static PreparedSchema of(String text) {
        return new PreparedSchema(SchemaTree.of(text).root());
    }

    /**
     * Where well-formed JSON fails the schema, by pointer; empty if nowhere.
     *
     * @param abandoned tells that the answer is not wanted any more
     */
    List<Failing> failings(Bytes payload, BooleanSupplier abandoned) {
        try {
            return failings(payload, Steps.of(Steps.budget(payload.size()), abandoned));
        } catch (Steps.Exhausted e) {
            return List.of(new Failing("", String.valueOf(e.getMessage())));
        }
    }

    /** The same in about a millisecond at most; nothing if that is not enough. */
    Optional<List<Failing>> glance(Bytes payload) {
        if (payload.size() > GLANCE_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(failings(payload, Steps.of(GLANCE_STEPS, () -> false)));
        } catch (Steps.Exhausted e) {
            return Optional.empty();
        }
    }

    /** How many steps it takes to judge so; more than the budget if it takes too many. */
    long steps(Bytes payload) {
        long budget = Steps.budget(payload.size());
        Steps steps = Steps.of(budget, () -> false);
        try {
            failings(payload, steps);
        } catch (Steps.Exhausted e) {
            return budget + 1;
        }
        return budget - steps.left();
    }

    private List<Failing> failings(Bytes payload, Steps steps) {
        JsonValue data = JsonValue.read(payload);
        if (payload.size() > JsonNumber.CHARS_MAX && hasLongNumber(data)) {
            return List.of(new Failing("", "it has a number that is too long for rules"));
        }
        Judging run = new Judging(steps);
        try {
            if (run.root(root, data)) {
                return List.of();
            }
        } catch (Judging.Unjudgeable e) {
            return List.of(new Failing("", String.valueOf(e.getMessage())));
        }
        return run.failures().stream()
                .map(failure -> new Failing(failure.place().pointer(), failure.text()))
                .sorted(Comparator.comparing(Failing::pointer))
                .distinct()
                .toList();
    }

    private static boolean hasLongNumber(JsonValue value) {
        if (value instanceof JsonValue.Items array) {
            return array.items().stream().anyMatch(PreparedSchema::hasLongNumber);
        }
        if (value instanceof JsonValue.Members object) {
            return object.members().stream().anyMatch(member -> hasLongNumber(member.value()));
        }
        return value instanceof JsonValue.Numeral number && number.spelling().length() > JsonNumber.CHARS_MAX;
    }
}
