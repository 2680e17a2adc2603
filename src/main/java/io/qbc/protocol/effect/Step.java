package io.qbc.protocol.effect;

import java.util.ArrayList;
import java.util.List;

/** What a machine has decided to do: tasks to be begun beside each other, each ending in the machine's next step. */
public record Step(List<Task<Step>> tasks) {
    /** Nothing is to be done. */
    public static final Step NONE = new Step(List.of());

    public Step {
        tasks = List.copyOf(tasks);
    }

    public static Step of(Task<Step> task) {
        return new Step(List.of(task));
    }

    /** All of these. */
    public static Step all(List<Step> steps) {
        List<Task<Step>> tasks = new ArrayList<>();
        steps.forEach(step -> tasks.addAll(step.tasks()));
        return tasks.isEmpty() ? NONE : new Step(tasks);
    }

    public Step and(Step other) {
        return all(List.of(this, other));
    }
}
