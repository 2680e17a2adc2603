package io.qbc.protocol.effect;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something to be done in steps, as a value: each step is a want whose outcome decides on the next. Nothing happens
 * before a {@link Run} takes it up, and however many steps it takes, neither the stack nor a chain of steps grows.
 */
public sealed interface Task<R> {
    /** At its end. */
    record Over<R>(Outcome<R> outcome) implements Task<R> {}

    /** One want. */
    record Asking<R>(Want<R> want) implements Task<R> {}

    /** A task, and what follows from its outcome. */
    record Chain<S, R>(Task<S> first, Function<Outcome<S>, Task<R>> next) implements Task<R> {}

    static <R> Task<R> done(R value) {
        return new Over<>(new Outcome.Came<>(value));
    }

    static <R> Task<R> failed(Fault fault) {
        return new Over<>(new Outcome.Failed<>(fault));
    }

    static <R> Task<R> of(Want<R> want) {
        return new Asking<>(want);
    }

    /** What the supplier says when its time has come. */
    static <R> Task<R> lazy(Supplier<Task<R>> task) {
        return new Chain<>(done(Done.DONE), begun -> task.get());
    }

    /** Goes on after a success; a fault ends it all. */
    default <S> Task<S> then(Function<? super R, Task<S>> next) {
        return after(outcome -> outcome.fold(next, Task::failed));
    }

    default <S> Task<S> map(Function<? super R, ? extends S> change) {
        return then(value -> done(change.apply(value)));
    }

    /** Goes on after a success and after a fault. */
    default <S> Task<S> after(Function<Outcome<R>, Task<S>> next) {
        return new Chain<>(this, next);
    }

    /** Ends with what follows from a success or a fault. */
    default <S> Task<S> end(Function<Outcome<R>, S> last) {
        return after(outcome -> done(last.apply(outcome)));
    }

    /** Repeats a round as long as it gives true; fails as the round fails. */
    static Task<Done> whileTrue(Supplier<Task<Boolean>> round) {
        return lazy(round).then(again -> again ? whileTrue(round) : done(Done.DONE));
    }
}
