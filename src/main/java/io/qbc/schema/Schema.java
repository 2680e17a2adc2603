package io.qbc.schema;

import java.util.ArrayList;
import java.util.List;

/** A schema inside a schema. It is made before its keywords, as they may refer to it, and never changes afterwards. */
final class Schema {
    private final List<Keyword> keywords = new ArrayList<>();
    private boolean never;
    private int steps = 1;
    private boolean asks;
    private DynamicAnchors anchors = DynamicAnchors.NONE;

    private Schema() {}

    static Schema open() {
        return new Schema();
    }

    /** Lets everything in, or nothing. */
    void decide(boolean verdict) {
        never = !verdict;
    }

    /** @param count how many keywords of the text are judged, for each of which judging takes a step */
    void fill(List<Keyword> made, int count, boolean asksForEvaluated) {
        keywords.addAll(made);
        steps += count;
        asks = asksForEvaluated;
    }

    /** Makes it part of a resource, which has these dynamic anchors. */
    void join(DynamicAnchors ofResource) {
        anchors = ofResource;
    }

    /** The dynamic anchors of the resource that it is part of. */
    DynamicAnchors anchors() {
        return anchors;
    }

    List<Keyword> keywords() {
        return keywords;
    }

    /** Whether it lets everything in and has looked at nothing. */
    boolean isTrivial() {
        return !never && keywords.isEmpty();
    }

    boolean isFalse() {
        return never;
    }

    /** What it takes to apply it, beside what its keywords look at. */
    int steps() {
        return steps;
    }

    /** Whether it asks what all that is applied to the same value has looked at. */
    boolean asksForEvaluated() {
        return asks;
    }
}
