package io.qbc.schema;

import io.qbc.model.Bytes;
import io.qbc.schema.ValidationFailures.Failing;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaException;
import io.vertx.json.schema.Validator;
import java.util.List;
import java.util.Optional;

/** One schema, ready to judge data; for any thread. */
final class PreparedSchema {
    private static final int GLANCE_BYTES = 4096;
    private static final long GLANCE_STEPS = 4096;

    private final Validator validator;
    private final boolean namePatterns;

    private PreparedSchema(Validator validator, boolean namePatterns) {
        this.validator = validator;
        this.namePatterns = namePatterns;
    }

    /** Prepares a schema that {@link SchemaCheck} has passed. */
    static PreparedSchema of(String text) {
        SchemaTree tree = SchemaTree.of(text);
        return new PreparedSchema(
                Validator.create(tree.root(), SchemaCheck.options(), SchemaSteps.HOOK), tree.namePatterns());
    }

    /** Where well-formed JSON fails the schema, by pointer; empty if nowhere. */
    List<Failing> failings(Bytes payload) {
        try {
            return failings(payload, SchemaSteps.budget(payload.size()));
        } catch (SchemaSteps.Exhausted e) {
            return List.of(new Failing("", String.valueOf(e.getMessage())));
        }
    }

    /** The same in about a millisecond at most; nothing if that is not enough. */
    Optional<List<Failing>> glance(Bytes payload) {
        if (payload.size() > GLANCE_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(failings(payload, GLANCE_STEPS));
        } catch (SchemaSteps.Exhausted e) {
            return Optional.empty();
        }
    }

    private List<Failing> failings(Bytes payload, long budget) {
        try {
            Object data = Json.decodeValue(Buffer.buffer(payload.toArray()));
            if (namePatterns && longName(data)) {
                return List.of(new Failing("", "a name has more than " + NamePattern.NAME_CHARS_MAX + " characters"));
            }
            return SchemaSteps.within(budget, () -> ValidationFailures.of(validator.validate(data)));
        } catch (SchemaException | ClassCastException | IllegalArgumentException e) {
            // The library trusts the types of some keywords; all nodes fail alike, so that none parts from the others.
            return List.of(new Failing("", "the schema cannot judge it"));
        } catch (DecodeException e) {
            return List.of(new Failing("", "it has a number, a text or a name that is too long for rules"));
        }
    }

    private static boolean longName(Object value) {
        if (value instanceof JsonArray items) {
            return items.stream().anyMatch(PreparedSchema::longName);
        }
        return value instanceof JsonObject object
                && object.stream()
                        .anyMatch(member ->
                                member.getKey().length() > NamePattern.NAME_CHARS_MAX || longName(member.getValue()));
    }
}
