package io.qbc.schema;

import java.util.List;

/** Whether a JSON Schema can be a chain's rule: it must keep its own standard, and what it costs must be bounded. */
public final class SchemaCheck {
    static final String BASE = "https://json-schema.org/draft/2020-12/";

    private SchemaCheck() {}

    /** What is wrong, and where in the schema. */
    public record Fault(String pointer, String problem) {}

    /** The faults of a schema, given as JSON text whose numbers are bounded; none if it can be a rule. */
    public static List<Fault> faults(String text) {
        return SchemaTree.of(text).faults();
    }
}
