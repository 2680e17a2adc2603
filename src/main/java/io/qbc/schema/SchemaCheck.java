package io.qbc.schema;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whether a JSON Schema can be a chain's rule: it must keep its own standard, and what it costs must be bounded. */
public final class SchemaCheck {
    static final String BASE = "https://json-schema.org/draft/2020-12/";

    private static final List<String> PARTS = List.of(
            "schema",
            "meta/core",
            "meta/applicator",
            "meta/validation",
            "meta/meta-data",
            "meta/format-annotation",
            "meta/content",
            "meta/unevaluated");

    private SchemaCheck() {}

    /** What is wrong, and where in the schema. */
    public record Fault(String pointer, String problem) {}

    /** Loaded when the first schema is read, which most nodes never do. */
    private static final class Standard {
        static final Validator VALIDATOR = load();

        private static Validator load() {
            SchemaRepository repository = SchemaRepository.create(options());
            PARTS.forEach(part -> repository.dereference(BASE + part, JsonSchema.of(new JsonObject(text(part)))));
            return repository.validator(BASE + "schema");
        }

        private static String text(String part) {
            String name = "json-schema.org/draft/2020-12/" + part;
            try (InputStream in = SchemaRepository.class.getClassLoader().getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("the jar lacks " + name);
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException("the jar's " + name + " cannot be read", e);
            }
        }
    }

    static JsonSchemaOptions options() {
        return new JsonSchemaOptions()
                .setBaseUri("qbc:/")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic);
    }

    /** The faults of a schema, given as JSON text; none if it can be a rule. */
    public static List<Fault> faults(String text) {
        if (text.equals("true") || text.equals("false")) {
            return List.of();
        }
        List<Fault> faults = standard(new JsonObject(text));
        return faults.isEmpty() ? SchemaTree.of(text).faults() : faults;
    }

    private static List<Fault> standard(JsonObject schema) {
        OutputUnit result;
        // One at a time: the library keeps what it has understood of a schema inside the schema.
        synchronized (Standard.VALIDATOR) {
            result = Standard.VALIDATOR.validate(schema);
        }
        return ValidationFailures.of(result).stream()
                .map(failing -> new Fault(failing.pointer(), "is not as JSON Schema 2020-12 has it: " + failing.text()))
                .toList();
    }
}
