package io.qbc.protocol.effect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/** A task under way: says what it wants next, is told what came of it, and so on until it is over. */
public final class Run<R> {
    private final Deque<Function<Outcome<Object>, Task<Object>>> rest = new ArrayDeque<>();
    private Optional<Want<?>> want = Optional.empty();
    private Optional<Outcome<R>> outcome = Optional.empty();

    /** A run that waits to be begun by any outcome. */
    public Run(Task<R> task) {
        rest.push(begun -> erased(task));
    }

    /** What it waits for; nothing once it is over. */
    public Optional<Want<?>> want() {
        return want;
    }

    /** How it ended, if it has. */
    public Optional<Outcome<R>> outcome() {
        return outcome;
    }

    /** Goes on up to the next want, or to the end. */
    public void on(Outcome<?> came) {
        want = Optional.empty();
        Outcome<Object> last = erased(came);
        while (!rest.isEmpty()) {
            Task<Object> task = rest.pop().apply(last);
            while (task instanceof Task.Chain<?, ?> chain) {
                rest.push(next(chain));
                task = erased(chain.first());
            }
            if (task instanceof Task.Asking<Object> asking) {
                want = Optional.of(asking.want());
                return;
            }
            last = ((Task.Over<Object>) task).outcome();
        }
        outcome = Optional.of(own(last));
    }

    // A task's types fit each other by its construction; only here, where they stand on one pile, that is forgotten.

    @SuppressWarnings("unchecked")
    private static Task<Object> erased(Task<?> task) {
        return (Task<Object>) task;
    }

    @SuppressWarnings("unchecked")
    private static Outcome<Object> erased(Outcome<?> came) {
        return (Outcome<Object>) came;
    }

    @SuppressWarnings("unchecked")
    private static Function<Outcome<Object>, Task<Object>> next(Task.Chain<?, ?> chain) {
        return ((Task.Chain<Object, Object>) chain).next();
    }

    @SuppressWarnings("unchecked")
    private Outcome<R> own(Outcome<Object> last) {
        return (Outcome<R>) last;
    }
}
