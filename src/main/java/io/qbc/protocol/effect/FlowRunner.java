package io.qbc.protocol.effect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/** A runner of one flow: names the next effect, is resumed with its outcome, and so on until the flow has ended. */
public final class FlowRunner<R> {
    private final Deque<Function<Outcome<Object>, Flow<Object>>> rest = new ArrayDeque<>();
    private Optional<Effect<?>> effect = Optional.empty();
    private Optional<Outcome<R>> outcome = Optional.empty();

    /** A runner that waits to be started by any outcome. */
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

    /** Goes on up to the next effect, or to the end. */
    public void on(Outcome<?> came) {
        effect = Optional.empty();
        Outcome<Object> last = erased(came);
        while (!rest.isEmpty()) {
            Flow<Object> flow = rest.pop().apply(last);
            while (flow instanceof Flow.Chain<?, ?> chain) {
                rest.push(next(chain));
                flow = erased(chain.first());
            }
            if (flow instanceof Flow.Await<Object> asking) {
                effect = Optional.of(asking.effect());
                return;
            }
            last = ((Flow.Ended<Object>) flow).outcome();
        }
        outcome = Optional.of(own(last));
    }

    // A flow's types fit each other by its construction; only here, where they stand on one stack, they are erased.

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
