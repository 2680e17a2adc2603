package io.qbc.protocol.effect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/** A task under way: says what it wants next, is told what came of it, and so on until it is over. */
public final class FlowRunner<R> {
    private final Deque<Function<Outcome<Object>, Flow<Object>>> rest = new ArrayDeque<>();
    private Optional<Effect<?>> effect = Optional.empty();
    private Optional<Outcome<R>> outcome = Optional.empty();

    /** A run that waits to be begun by any outcome. */
    public FlowRunner(Flow<R> flow) {
        rest.push(begun -> erased(flow));
    }

    /** What it waits for; nothing once it is over. */
    public Optional<Effect<?>> effect() {
        return effect;
    }

    /** How it ended, if it has. */
    public Optional<Outcome<R>> outcome() {
        return outcome;
    }

    /** Goes on up to the next want, or to the end. */
    public void on(Outcome<?> came) {
        effect = Optional.empty();
        Outcome<Object> last = erased(came);
        while (!rest.isEmpty()) {
            Flow<Object> flow = rest.pop().apply(last);
            while (flow instanceof Flow.Chain<?, ?> chain) {
                rest.push(next(chain));
                flow = erased(chain.first());
            }
            if (flow instanceof Flow.Asking<Object> asking) {
                effect = Optional.of(asking.effect());
                return;
            }
            last = ((Flow.Over<Object>) flow).outcome();
        }
        outcome = Optional.of(own(last));
    }

    // A task's types fit each other by its construction; only here, where they stand on one pile, that is forgotten.

    @SuppressWarnings("unchecked")
    private static Flow<Object> erased(Flow<?> flow) {
        return (Flow<Object>) flow;
    }

    @SuppressWarnings("unchecked")
    private static Outcome<Object> erased(Outcome<?> came) {
        return (Outcome<Object>) came;
    }

    @SuppressWarnings("unchecked")
    private static Function<Outcome<Object>, Flow<Object>> next(Flow.Chain<?, ?> chain) {
        return ((Flow.Chain<Object, Object>) chain).next();
    }

    @SuppressWarnings("unchecked")
    private Outcome<R> own(Outcome<Object> last) {
        return (Outcome<R>) last;
    }
}
