package io.qbc.protocol.effect;

import java.util.function.Function;

/** What came of a want or of a task: a value, or the fault that prevented it. */
public sealed interface Outcome<R> {
    record Came<R>(R value) implements Outcome<R> {}

    record Failed<R>(Fault fault) implements Outcome<R> {}

    default <S> S fold(Function<? super R, ? extends S> came, Function<? super Fault, ? extends S> failed) {
        return this instanceof Came<R> c ? came.apply(c.value()) : failed.apply(((Failed<R>) this).fault());
    }
}
