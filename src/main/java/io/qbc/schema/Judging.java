package io.qbc.schema;

import io.qbc.json.JsonValue;
import io.qbc.schema.regex.LinearPattern;
import java.util.ArrayList;
import java.util.List;

/** One judgement of one value, with its steps and what it has found to be wrong. */
final class Judging {
    /** In a list of failures; what comes after them is judged but not told. */
    private static final int FAILURES_MAX = 64;

    private static final int TEXT_CHARS_MAX = 300;
    /** Members and items that are taken over from a schema at the same value for one step. */
    private static final int MARKS_A_STEP = 64;

    private final Steps steps;
    private final LinearPattern.Scratch scratch = new LinearPattern.Scratch();
    private List<Failure> failures = new ArrayList<>();
    /** What names of dynamic anchors mean to the schema that is judging. */
    private DynamicAnchors scope = DynamicAnchors.NONE;

    Judging(Steps steps) {
        this.steps = steps;
    }

    /** What is wrong, and where. */
    record Failure(Place place, String text) {}

    /** The rules ask for the value of a number that is not bounded. */
    static final class Unjudgeable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unjudgeable() {
            super("a number is too long, or too large or small, for what rules ask of it", null, false, false);
        }
    }

    List<Failure> failures() {
        return failures;
    }

    /** Whether the whole of the data fits a schema. */
    boolean root(Schema schema, JsonValue value) {
        return judge(schema, value, Place.ROOT, Evaluated.NONE);
    }

    /** Whether a member of the present value fits a schema. */
    boolean member(Schema schema, JsonValue value, Place around, String name) {
        return trivial(schema) || judge(schema, value, around.member(name), Evaluated.NONE);
    }

    /** Whether an item of the present value fits a schema. */
    boolean item(Schema schema, JsonValue value, Place around, int index) {
        return trivial(schema) || judge(schema, value, around.item(index), Evaluated.NONE);
    }

    /** A schema that lets everything in needs no look at the value. */
    private boolean trivial(Schema schema) {
        if (schema.isTrivial()) {
            steps.spend(schema.steps());
            return true;
        }
        return false;
    }

    /** Whether the present value fits another schema too. */
    boolean also(Schema schema, JsonValue value, Place place, Evaluated evaluated) {
        steps.spend(count(value) / MARKS_A_STEP);
        return judge(schema, value, place, evaluated);
    }

    private boolean judge(Schema schema, JsonValue value, Place place, Evaluated outer) {
        steps.spend(schema.steps());
        if (schema.isFalse()) {
            return fail(place, "is not let in");
        }
        Evaluated own = outer.inner(schema.asksForEvaluated());
        DynamicAnchors around = scope;
        scope = around.enter(schema.anchors());
        boolean fits = true;
        for (Keyword keyword : schema.keywords()) {
            fits &= keyword.judge(this, value, place, own);
        }
        scope = around;
        if (fits) {
            outer.add(own);
        }
        return fits;
    }

    /** Whether the present value fits the schema that a dynamic anchor's name means here. */
    boolean dynamic(int name, Schema otherwise, JsonValue value, Place place, Evaluated evaluated) {
        return also(scope.named(name, otherwise), value, place, evaluated);
    }

    /** The same, without a word about what is wrong. */
    boolean silently(Schema schema, JsonValue value, Place place, Evaluated evaluated) {
        List<Failure> told = failures;
        failures = new ArrayList<>();
        boolean fits = also(schema, value, place, evaluated);
        failures = told;
        return fits;
    }

    /** How many of the schemas the value fits; what is wrong is told only if it fits none. */
    int any(List<Schema> schemas, JsonValue value, Place place, Evaluated evaluated) {
        List<Failure> told = failures;
        List<Failure> all = new ArrayList<>();
        int fitting = 0;
        for (Schema schema : schemas) {
            failures = new ArrayList<>();
            fitting += also(schema, value, place, evaluated) ? 1 : 0;
            all.addAll(failures.subList(0, Math.min(failures.size(), FAILURES_MAX - all.size())));
        }
        failures = told;
        if (fitting == 0) {
            all.forEach(failure -> fail(failure.place(), failure.text()));
        }
        return fitting;
    }

    /** Whether an item fits a schema, without a word if it does not. */
    boolean itemFits(Schema schema, JsonValue item, Place around, int index) {
        List<Failure> told = failures;
        failures = new ArrayList<>();
        boolean fits = item(schema, item, around, index);
        failures = told;
        return fits;
    }

    boolean matches(LinearPattern pattern, String text) {
        return pattern.find(text, scratch, steps::spend);
    }

    void spend(long count) {
        steps.spend(count);
    }

    /** Notes what is wrong; always false, so that a keyword can end with it. */
    boolean fail(Place place, String text) {
        if (failures.size() < FAILURES_MAX) {
            String brief = text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
            failures.add(new Failure(place, brief));
        }
        return false;
    }

    private static int count(JsonValue value) {
        if (value instanceof JsonValue.Items array) {
            return array.items().size();
        }
        return value instanceof JsonValue.Members object ? object.members().size() : 0;
    }
}
