package io.qbc.protocol.effect;

import java.util.function.Function;

/** The outcome of an effect or of a flow: a value, or the fault that prevented it. */
public sealed interface Outcome<R> {
    record Succeeded<R>(R value) implements Outcome<R> {}

    record Failed<R>(Fault fault) implements Outcome<R> {}

    default <S> S fold(Function<? super R, ? extends S> succeeded, Function<? super Fault, ? extends S> failed) {
        return this instanceof Succeeded<R> s ? succeeded.apply(s.value()) : failed.apply(((Failed<R>) this).fault());
    }
}
