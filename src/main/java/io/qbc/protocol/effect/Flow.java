package io.qbc.protocol.effect;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A computation in steps, as a value: each step is an effect whose outcome decides on the next. Nothing happens before
 * a {@link FlowRunner} takes it up, and however many steps it takes, neither the stack nor a chain of steps grows.
 */
public sealed interface Flow<R> {
    /** At its end. */
    record Ended<R>(Outcome<R> outcome) implements Flow<R> {}

    /** One effect. */
    record Await<R>(Effect<R> effect) implements Flow<R> {}

    /** A flow, and what follows from its outcome. */
    record Chain<S, R>(Flow<S> first, Function<Outcome<S>, Flow<R>> next) implements Flow<R> {}

    static <R> Flow<R> done(R value) {
        return new Ended<>(new Outcome.Succeeded<>(value));
    }

    static <R> Flow<R> failed(Fault fault) {
        return new Ended<>(new Outcome.Failed<>(fault));
    }

    static <R> Flow<R> of(Effect<R> effect) {
        return new Await<>(effect);
    }

    /** What the supplier says when its time has come. */
    static <R> Flow<R> lazy(Supplier<Flow<R>> flow) {
        return new Chain<>(done(Done.DONE), begun -> flow.get());
    }

    /** Goes on after a success; a fault ends it all. */
    default <S> Flow<S> then(Function<? super R, Flow<S>> next) {
        return after(outcome -> outcome.fold(next, Flow::failed));
    }

    default <S> Flow<S> map(Function<? super R, ? extends S> change) {
        return then(value -> done(change.apply(value)));
    }

    /** Goes on after a success and after a fault. */
    default <S> Flow<S> after(Function<Outcome<R>, Flow<S>> next) {
        return new Chain<>(this, next);
    }

    /** Ends with what follows from a success or a fault. */
    default <S> Flow<S> end(Function<Outcome<R>, S> last) {
        return after(outcome -> done(last.apply(outcome)));
    }

    /** Repeats a round as long as it gives true; fails as the round fails. */
    static Flow<Done> whileTrue(Supplier<Flow<Boolean>> round) {
        return lazy(round).then(again -> again ? whileTrue(round) : done(Done.DONE));
    }
}
